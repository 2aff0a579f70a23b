"""Find and compile modules, in Pyodide's own Python, while the book is built.

The build asks one sample of every request (`book.engine.sample_requests`).  The modules
that are loaded then, and those that they import later, go to the reader's browser. Each
is compiled without what nobody reads there: docstrings, the types of a function's
arguments, and what a traceback would name, lines and classes; assertions stay.
"""

import ast
import io
import marshal
import sys
import zipfile
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.util import MAGIC_NUMBER, resolve_name, source_hash, spec_from_loader
from types import CodeType
from zipimport import zipimporter

LEFT_OUT = tuple(
    f"sympy.{room}"
    for room in (
        *("categories", "codegen", "physics", "plotting", "testing", "vector"),
        *("combinatorics.coset_table", "combinatorics.fp_groups"),
        *("combinatorics.galois", "combinatorics.homomorphisms"),
        *("combinatorics.testutil", "polys.distributedmodules"),
        *("polys.domains.quotientring", "polys.numberfields.resolvent_lookup"),
        *("integrals.heurisch", "integrals.manualintegrate", "integrals.risch"),
        *("polys.numberfields.galois_resolvents", "printing.c", "printing.cxx"),
        *("printing.fortran", "printing.rust", "printing.pytorch"),
        *("printing.tensorflow", "tensor.array.expressions", "polys.agca"),
        *("polys.domains.old_fractionfield", "polys.domains.old_polynomialring"),
        *("polys.matrices._dfm", "logic.algorithms.z3_wrapper"),
    )
)
"""Rooms of SymPy where no formula leads: they give only what is loaded anyway."""
ALWAYS = ("encodings.ascii", "encodings.latin_1", "book.engine.snapshot")
"""What Python's library imports by a name that it puts together, and what no request
imports."""
ONLY_DOCUMENTS = {"mpmath.function_docs"}
"""Modules of docstrings, which are written as assignments."""
QUOTED = ("array_functions", "with_numpy", "with_torch", "with_jax")
TEXTS = (
    *(f"derivations/loss/source/{name}.py" for name in QUOTED),
    "derivations/text/notation/formula.lark",
)
"""Read as text while the engine runs: what the source quotes, and the grammar."""
IMPORTER, FIRST = "book.engine.importing", "sitecustomize"
"""What imports the rest, and the name by which Python runs it first."""
LATER = {"sympy": "sympy.zip", "derivations": "own.zip", "book": "own.zip"}
"""The zips of the packages that come after Python's library. Lark and mpmath come with
it, and are imported while SymPy is on its way."""
DATE = (1980, 1, 1, 0, 0, 0)


def sources(archive):
    """The modules in a zip or a wheel: {name: (path, source)}, without their tests."""
    modules = {}
    with zipfile.ZipFile(archive) as opened:
        for path in opened.namelist():
            if path.endswith(".py") and "/tests/" not in path:
                name = path.removesuffix(".py").replace("/", ".")
                modules[name.removesuffix(".__init__")] = path, opened.read(path)
    return modules


def compiled(name, path, source, tree=None):
    """A module as a .pyc without docstrings, which is never compared with its source.

    `tree` is its syntax tree, if it has been parsed; it is changed.  Two runs give the
    same bytes: marshal writes shared objects as references, and code that was read back
    once shares its objects in the same way in every process.
    """
    tree = without_docstrings(ast.parse(source) if tree is None else tree)
    tree = without_types(tree)
    if name in ONLY_DOCUMENTS:
        tree = without_words(tree)
    code = without_places(compile(tree, path, "exec", dont_inherit=True))
    body = marshal.dumps(marshal.loads(marshal.dumps(code)))
    flags = (1).to_bytes(4, "little")
    return MAGIC_NUMBER + flags + source_hash(source) + body


def without_docstrings(tree):
    """A module's syntax tree without docstrings; an empty body becomes `pass`.

    >>> ast.unparse(without_docstrings(ast.parse("def f():\\n    'Returns 2.'")))
    'def f():\\n    pass'
    """
    holders = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if (
            isinstance(node, holders)
            and ast.get_docstring(node, clean=False) is not None
        ):
            words = node.body.pop(0)
            if not node.body and not isinstance(node, ast.Module):
                node.body.append(ast.copy_location(ast.Pass(), words))
    return tree


def without_types(tree):
    """A module's syntax tree without the types of arguments and of what is returned.

    A function with a decorator keeps them, for `singledispatch` reads them.

    >>> ast.unparse(without_types(ast.parse("def f(x: int, *y: str) -> str: pass")))
    'def f(x, *y):\\n    pass'
    >>> ast.unparse(without_types(ast.parse("@g.register\\ndef f(x: int): pass")))
    '@g.register\\ndef f(x: int):\\n    pass'
    """
    for node in ast.walk(tree):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and not node.decorator_list:
            node.returns = None
            for part in ast.walk(node.args):
                if isinstance(part, ast.arg):
                    part.annotation = None
    return tree


def without_places(code):
    """Code without line numbers and without the class names of functions."""
    inner = (
        without_places(x) if isinstance(x, CodeType) else x for x in code.co_consts
    )
    return code.replace(
        co_linetable=b"", co_qualname=code.co_name, co_consts=tuple(inner)
    )


def without_words(tree):
    """A syntax tree with every text in it empty."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return tree


class Loader(MetaPathFinder, InspectLoader):
    """Imports modules from their sources, compiled as the book will carry them.

    `texts` is the archive in which packages have what they read.
    """

    def __init__(self, modules, texts=None):
        self.modules, self.texts = modules, texts
        self.made, self.imports = {}, {}

    def pyc(self, name):
        """A module, compiled."""
        self.imports_of(name)
        return self.made[name]

    def imports_of(self, name):
        """The names of what a module may import."""
        if name not in self.made:
            path, source = self.modules[name]
            tree = ast.parse(source)
            self.imports[name] = set(imported(name, path, tree))
            self.made[name] = compiled(name, path, source, tree)
        return self.imports[name]

    def find_spec(self, name, path=None, target=None):
        return spec_from_loader(name, self) if name in self.modules else None

    def is_package(self, name):
        return self.modules[name][0].endswith("__init__.py")

    def get_source(self, name):
        return None

    def get_resource_reader(self, name):
        above = name.rpartition(".")[0].replace(".", "/")
        return zipimporter(f"{self.texts}/{above}").get_resource_reader(name)

    def get_code(self, name):
        return marshal.loads(self.pyc(name)[16:])


def imported(name, path, tree):
    """Every module that a module may import, anywhere in it; some are no modules."""
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def reached(names, loader):
    """The modules of these names, and all of SymPy and mpmath that they may import.

    Imports inside of functions count too, and so do the packages around each module.
    """
    reachable, waiting = set(), [x for x in names if x in loader.modules]
    while waiting:
        name = waiting.pop()
        if name in reachable:
            continue
        reachable.add(name)
        others = {x for x in loader.imports_of(name) if _may_follow(x)}
        packages = [name.rsplit(".", x)[0] for x in range(name.count(".") + 1)]
        waiting += [x for x in {*others, *packages} if x in loader.modules]
    return reachable


def _may_follow(name):
    is_left_out = f"{name}.".startswith(tuple(f"{room}." for room in LEFT_OUT))
    return name.split(".")[0] in {"sympy", "mpmath"} and not is_left_out


def packed(files):
    """{path: bytes} as the bytes of a zip: sorted, all of one date, none packed.

    They are packed together later, which makes a quarter less than each alone.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as opened:
        for path in sorted(files):
            opened.writestr(zipfile.ZipInfo(path, DATE), files[path])
    return buffer.getvalue()


def zip_of(path):
    """The zip in which a module travels.

    >>> zip_of("sympy/core/add.pyc"), zip_of("lark/lark.pyc")
    ('sympy.zip', 'library.zip')
    """
    return LATER.get(path.partition("/")[0], "library.zip")


def build(own, others, library, rehearse):
    """The engine as zips, {name: bytes}.

    `own`, `others` and `library` are zips of sources: this project's, those of SymPy,
    mpmath and Lark, and Python's own. `rehearse` is called when they can be imported,
    and asks for everything once.
    """
    modules = {}
    for archive in (own, *others):
        modules |= sources(archive)
    loader = Loader(modules, own)
    sys.meta_path.insert(0, loader)
    try:
        rehearse()
    finally:
        sys.meta_path.remove(loader)
    used = {*sys.modules, *ALWAYS}
    standard = Loader(sources(library))
    with zipfile.ZipFile(own) as opened:
        texts = {path: opened.read(path) for path in TEXTS}
    first = {f"{FIRST}.pyc": compiled(FIRST, f"{FIRST}.py", modules[IMPORTER][1])}
    files = _files(used & set(standard.modules), standard) | first | texts
    files |= _files(reached(used, loader), loader)
    zips = {}
    for path, content in files.items():
        zips.setdefault(zip_of(path), {})[path] = content
    return {name: packed(found) for name, found in zips.items()}


def _files(names, loader):
    """Modules as files of a zip."""
    return {f"{loader.modules[x][0]}c": loader.pyc(x) for x in names}
