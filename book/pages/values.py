"""Values of Python that a cell shows, written as numbers: `array([0.5])` is (0.5)."""

import ast
import re

NUMBER = r"-?\d+(?:\.\d*)?(?:e[+-]\d+)?"


def as_numbers(text):
    """A value as lines of numbers and words; what is no value stays as it is.

    >>> print(as_numbers("array([[ 0.25, -1.  ], [-0.  ,  2.  ]])"))
    (0.25, −1)
    (0, 2)
    >>> print(as_numbers("{'float64': [745.1, 36.7], 'both': np.float64(nan)}"))
    float64: (745.1, 36.7)
    both: nan
    >>> as_numbers("(3,)"), as_numbers("array([3])")
    ('(3,)', '(3)')
    >>> as_numbers("agrees: relative difference < 1e-12")
    'agrees: relative difference < 1e-12'
    """
    try:
        value = ast.parse(text.strip(), mode="eval").body
        return "\n".join(_lines(value, text.strip()))
    except (SyntaxError, ValueError):
        return text


def _lines(value, text):
    """The lines of a value: of a tuple or a dict its entries, of a matrix its rows."""
    match value:
        case ast.Dict(keys, values):
            names = [_entry(x, text) for x in keys]
            pairs = zip(names, (_lines(x, text) for x in values), strict=True)
            return [f"{name}: {'; '.join(lines)}" for name, lines in pairs]
        case ast.Call(args=[ast.List(rows), *_]) if _holds_rows(rows):
            return [_entry(row, text) for row in rows]
        case ast.Tuple(several) if any(
            isinstance(x, ast.Call | ast.Dict) for x in several
        ):
            return [line for x in several for line in _lines(x, text)]
    return [_entry(value, text)]


def _holds_rows(rows):
    return bool(rows) and all(isinstance(x, ast.List) for x in rows)


def _entry(value, text):
    """A value on one line."""
    match value:
        case ast.Call(ast.Name("array") | ast.Attribute(), [inner, *_]):
            return _entry(inner, text)
        case ast.List(several) | ast.Tuple(several):
            is_shape = isinstance(value, ast.Tuple) and len(several) == 1
            within = ", ".join(_entry(x, text) for x in several)
            return f"({within},)" if is_shape else f"({within})"
        case ast.Constant(str(words)):
            return words
        case ast.Constant() | ast.UnaryOp(ast.USub(), ast.Constant()) | ast.Name():
            return _number(ast.get_source_segment(text, value))
    raise ValueError(f"expected numbers and words, got {ast.unparse(value)}")


def _number(typed):
    """A number with the minus sign of mathematics, and no point that ends it."""
    if not re.fullmatch(rf"{NUMBER}|-?(?:nan|inf)|True|False", typed):
        raise ValueError(f"expected a number, got {typed}")
    short = re.sub(r"\.0*(?=e|$)", "", typed)
    return "0" if short == "-0" else short.replace("-", "−")
