"""Derivations that are pasted whole: their rows, reasons, definitions, and errors."""

import pytest

from derivations.request.context import UnreadablePartError, context
from derivations.request.copying import FORMATS
from derivations.request.lettering import notes_data
from derivations.request.losses import own_loss
from derivations.request.pasted import begun_in_rows
from derivations.request.rows import in_rows, taken_apart
from derivations.text.unicode import unicode
from derivations.theorems import catalogue
from tests.test_answers import BEGUN, OWN, SLOPE, answer

GRADIENT = r"\frac{\partial L}{\partial o_j}"
LINES = (
    GRADIENT + r" &= -\sum_k y_k \frac{1}{p_k} \frac{\partial p_k}{\partial o_j}",
    r"&= -\sum_k y_k (\delta_{kj} - p_j)",
    r"&= p_j - y_j",
)
SIDES = ["−Σ_k (y_k/a_k) ∂a_k/∂z_j", "−Σ_k y_k (δ_jk − a_j)", "a_j − y_j"]


def align(*rows, name="align"):
    return rf"\begin{{{name}}}" + " \\\\\n".join(rows) + rf" \end{{{name}}}"


def sides(source):
    return list(map(unicode, begun_in_rows(source).read.sides))


def plain(*rows):
    return "\n".join(rows).replace("&", "")


def test_a_pasted_derivation_is_copied_in_the_letters_it_was_read_by():
    source = align(*(x.replace("p_", r"\hat{y}_") for x in LINES))
    begun = answer(BEGUN, text=source)
    lines = [
        {key: x[key] for key in ("text", "reason", "using")} for x in begun["lines"]
    ]
    holds = {x: begun[x] for x in ("where", "case")} | {"start": begun["start"]["text"]}
    asked = {"ask": "copy", "context": holds, "lines": lines, "format": "text"}
    copied = answer(asked, letters=begun["letters"])["copied"]
    assert "∂L/∂o_j" in copied and "ŷ_j − y_j" in copied and "a_j" not in copied
    for hostile in ([["a", "}$"]], [["a"]], "a", [["a", "p"]] * 13):
        assert "letters" in answer(asked, letters=hostile)["refused"]


@pytest.mark.parametrize(
    "source",
    [
        align(*LINES),
        align(*LINES, name="aligned*"),
        f"$$ {align(*LINES, name='split')} $$ and so on",
        rf"\[ {align(*LINES, name='aligned')} \]",
        align(LINES[0], f"{GRADIENT} {LINES[1]}", LINES[2] + r"\nonumber"),
        align(
            LINES[0], r"&= -\sum_k y_k (\delta_{kj}", r"&\quad - p_j),", LINES[2] + "."
        ),
        align(*(x.replace("&=", r"&\overset{?}{=}") for x in LINES)),
        "\\\\[4pt]\n".join(LINES),
        plain(*LINES),
        plain(GRADIENT, *(x.removeprefix(GRADIENT) for x in LINES)),
        LINES[0].replace("y_k", r"\underbrace{y_k}_{\text{label } k}")
        + r"\\"
        + align(*LINES[1:]),
    ],
)
def test_each_row_is_a_line_the_last_too(source):
    assert sides(source) == SIDES


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        (r" && \text{by the chain rule}", "by the chain rule"),
        (r" \quad \text{(chain rule)}", "chain rule"),
        (r" && \text{, the labels sum to 1}", "the labels sum to 1"),
        (r" \qquad \mbox{definition of }L", "definition of $L$"),
        (r" && \text{since } \sum_k t_k = 1", r"since $\sum_k t_k = 1$"),
        ("   % the sum", "the sum"),
        (" # the sum", "the sum"),
        ("  ✓ the sum", "the sum"),
        (r" && \text{50\% of a\_j}", "50% of a_j"),
        (r" \text{softmax}(o)_j", ""),  # a factor
    ],
)
def test_what_stands_beside_a_line_is_its_reason(beside, reason):
    found = begun_in_rows(align(LINES[0], LINES[1] + beside, LINES[2]))
    assert found.reasons == ("", reason, "")


@pytest.mark.parametrize(
    "sign", [r"\blacksquare", r" \quad \square", "\n\\qed", r"\\ $\Box$", " ∎", " ■."]
)
def test_the_sign_behind_a_proof_is_passed_over(sign):
    for rows in (LINES[2:], LINES[1:], LINES):
        one = rows[0] if rows is LINES else f"{GRADIENT} {rows[0]}"
        whole = (one, *rows[1:])
        assert sides(plain(*whole) + sign) == sides(plain(*whole))
        inside, behind = align(*whole[:-1], whole[-1] + sign), align(*whole) + sign
        assert sides(inside) == sides(behind) == sides(plain(*whole))


def below_start(source, start="dL/dz_j"):
    held = {"where": ["softmax", "cross_entropy"], "case": None, "start": start}
    return answer({"ask": "question", "context": held}, text=source)


SUMMED = r"p_j \sum_{k=1}^{n} y_k - y_j"


@pytest.mark.parametrize(
    ("source", "reasons"),
    [
        (rf"&= {SUMMED} \\ &= p_j - y_j && \text{{by H1}}", [[], ["H1"]]),
        (f"= {SUMMED}\n= p_j - y_j  # by H1", [[], ["H1"]]),
        (f"{SUMMED}\n= p_j - y_j  # by H1", [[], ["H1"]]),
        (f"{SUMMED}\np_j - y_j # by H1", [[], ["H1"]]),
        (align(rf"{GRADIENT} &= {SUMMED}", "&= p_j - y_j # by H1"), [[], ["H1"]]),
        (align("\n" + rf"{GRADIENT} &= {SUMMED}", "&= p_j - y_j"), [[], []]),
        (align(GRADIENT, rf"&= {SUMMED}", "&= p_j - y_j"), [[], []]),
        (
            align(f"&= {GRADIENT}", rf"&= {SUMMED}", "&= p_j - y_j # by H1"),
            [[], ["H1"]],
        ),
        (align(f"{GRADIENT} &= {GRADIENT}", f"&= {SUMMED}", "&= p_j - y_j"), [[], []]),
    ],
)
def test_rows_below_a_start_are_read_as_its_lines_are_in_any_letters(source, reasons):
    for start in ("dL/dz_j", "dL/dx_j"):
        found = below_start(source, start)
        told = [x["text"] for x in found["lines"]]
        assert told == ["a_j Σ_k y_k − y_j", "a_j − y_j"], told
        assert [x["using"] for x in found["lines"]] == reasons
    slopes = (
        r"= \sum_k \frac{\partial L}{\partial p_k} \frac{\partial p_k}{\partial o_j}"
    )
    found = below_start(slopes + r" \\ &= -\sum_k t_k (\delta_{jk} - p_j)")
    assert [x["text"] for x in found["lines"]][1] == SIDES[1]
    assert found["letters"] == [["a", "p"], ["z", "o"], ["y", "t"]]


def test_rows_of_a_loss_pasted_below_a_start_are_judged_too():
    for sign, mark in (("+", "◐"), ("-", "✗")):
        found = below_start(align(LOSS, IN_LOGITS.format(sign), THEN))
        assert [x["text"] for x in found["lines"]] == [SIDES[-1]]
        assert [(x["row"], x.get("mark")) for x in found["beside"]] == [
            (1, None),
            (2, mark),
        ]


@pytest.mark.parametrize(
    ("source", "row", "words"),
    [
        ("= p_j - foo\n= p_j - y_j", "p_j - foo", "line 1: `foo` is not known"),
        ("p_j - y_j\n  p_j - foo", "p_j - foo", "line 2: `foo` is not known"),
        ("= p_j\n= q_j - y_j", "q_j - y_j", "line 2: `p` and `q` would both be a"),
        ("da_i/dz_j = a_i\n= a_j", "da_i/dz_j = a_i", "line 1: the left side is"),
        ("dL/dz_j = a_j\nL = 1", "L = 1", "line 2: its left side is another"),
    ],
)
def test_a_row_below_a_start_that_cannot_be_read_is_told(source, row, words):
    problem = below_start(source)["unreadable"]
    assert source[slice(*problem["span"])] == row
    assert problem["message"].startswith(words), problem["message"]


@pytest.mark.parametrize(
    "space", [r"\,", r"\;", r"\:", r"\!", "\\ ", r"\quad", r"\qquad", "~"]
)
def test_a_space_before_a_factor_is_no_end_of_a_formula(space):
    slope = r"\frac{\partial p_k}{\partial o_j}"
    summed, bracketed = rf"\sum_i y_i {slope}", rf"\left({slope}\right)"
    for factor in (slope, summed, bracketed, r"\delta_{kj}"):
        row = rf"&= -\sum_k \frac{{y_k}}{{p_k}} {space} {factor}"
        wanted = sides(align(LINES[0], row.replace(space, ""), LINES[2]))
        for end in (" " + space, f",{space}."):
            rows = LINES[0], row + end, LINES[2] + end
            assert sides(align(*rows)) == sides(plain(*rows)) == wanted
        assert sides(plain(GRADIENT, row)) == wanted[1:2]
    joint = rf"{space} \Rightarrow {space}"
    assert sides(f"dz = p - y {joint} dz = p - y") == [SIDES[-1]] * 2
    assert sides(f"dL/do_j ,{space} p = softmax(o)") == []
    reason = rf"{space} \text{{by H1}}{space}."
    assert begun_in_rows(align(LINES[0], LINES[2] + reason)).reasons == ("", "by H1")


@pytest.mark.parametrize("form", ["text", "latex"])
def test_a_copy_says_at_its_first_use_what_a_hypothesis_is_and_is_read_again(form):
    chain = [("p_j sum_k t_k - t_j", "", [])]
    chain += [("p_j - t_j", "the labels", ["H1"]), ("p_j - t_j", "", ["H1"])]
    holds = context(["softmax", "cross_entropy"], start="dL/dz_j")
    copied = FORMATS[form](holds.chain(chain))
    assert copied.count("since") == 1 and copied.count("by H1") == 1
    found = begun_in_rows(copied)
    assert list(map(taken_apart, found.reasons)) == [x[1:] for x in chain]
    assert list(map(unicode, found.read.sides))[1:] == ["a_j − y_j"] * 2
    assert begun_in_rows(FORMATS[form](holds.chain(chain[:1]))).reasons == ("",)


@pytest.mark.parametrize("form", FORMATS)
def test_a_copy_says_once_what_a_hypothesis_is_where_that_is_the_reason(form):
    """As in Σ_k y_k = 1, by H1, the last line of the gradient of a loss."""
    copied = FORMATS[form](own_loss("-Σ_k y_k log a_k", using=["H1"]).chain)
    summed = {"text": "since Σ_k y_k = 1 (H1)"}.get(form, r"\sum_{k=1}^{n} y_{k} = 1")
    (line,) = [x for x in copied.splitlines() if "(H1)" in x]
    assert line.count("since") == line.count(summed) == line.count("= 1") == 1
    chain = [("a_j - y_j", r"$\sum_{k=1}^{n} y_{k} = 1$", ["H1"])]
    holds = context(["softmax", "cross_entropy"], start="dL/dz_j")
    copied = FORMATS[form](holds.chain(chain))
    assert copied.count("since") == 1
    if form != "markdown":
        (reason,) = begun_in_rows(copied).reasons
        assert taken_apart(reason) == ("", ["H1"])


@pytest.mark.parametrize("form", ["text", "markdown", "latex"])
def test_a_size_of_the_reader_stays_theirs_with_the_other_letters(form):
    rows = align(GRADIENT + r" &= p_j \sum_{k=1}^{K} t_k - t_j", "&= p_j - t_j")
    begun = answer(BEGUN, text=rows)
    lines = [{**x, "using": ["H1"]} for x in begun["lines"]]
    holds = {x: begun[x] for x in ("where", "case")} | {"start": begun["start"]["text"]}
    asked = {"ask": "copy", "context": holds, "lines": lines, "format": form}
    copied = answer(asked, letters=begun["letters"])["copied"]
    assert "Here" not in copied and "p_" in copied and "t_" in copied
    if form != "text":  # there the sum has no bounds
        assert r"\sum_{k=1}^{K} t_{k}" in copied and "^{n}" not in copied
    if form == "markdown":
        assert "every $K$ from 2 on" in copied


def test_a_letter_of_the_reader_is_one_of_ours_in_all_rows():
    rows = ("dL/do_m = -sum_i t_i (1[i=m] - p_m)", "= p_m sum_k t_k - t_m")
    found = begun_in_rows("\n".join(rows))
    assert str(found.start) == "Derivative(L, z[l])"
    assert [x for x in found.read.notes if "your" in x] == ["your m is l here"]
    rows = ("dL/do_j = -sum_m t_m (delta_{m,j} - p_j)", "= sum_k t_k sum_m t_m p_m")
    assert sides("\n".join(rows))[1] == "Σ_k y_k Σ_l y_l a_l"


def test_one_formula_stands_as_it_was():
    for source in [
        "dz = a - y",
        r"f = \begin{cases} a_i & i=j \\ 0 & i \ne j \end{cases}",
        "a_i(1-a_i) if i = j,\n -a_i a_j otherwise",
        "Σ_k=1^n y_k",
        "",
    ]:
        assert in_rows(source).text == source


@pytest.mark.parametrize(
    "behind",
    [
        " for p = softmax(o), L = -sum t log p",
        " where p_i = e^{o_i}/sum_k e^{o_k} and L = -sum t log p",
        ", p = softmax(o); L = -sum t log p",
        "\nL = -sum t log p\np = softmax(o)",
    ],
)
def test_a_definition_behind_a_question_says_what_its_letters_are(behind):
    found = begun_in_rows(f"dL/do_j{behind}")
    assert str(found.start) == "Derivative(L, z[j])" and not found.read.sides
    told = notes_data(found.read.notes)
    assert {*told["letters"]} == {("z", "o"), ("a", "p"), ("y", "t")}
    said = [x for x in told["notes"] if "definition" in x]
    assert len(said) == 2 and all("is the definition of" in x for x in said)


def test_what_stands_behind_a_question_may_say_nothing_of_its_letters():
    told = begun_in_rows("dp_k/do_j with p = sigmoid(o)").read.notes
    assert "p = … is ignored: it is not the definition that holds here" in told
    with pytest.raises(UnreadablePartError) as asked:
        begun_in_rows("dL/do_j for L = -log 2")
    assert asked.value.suggestions == ("dL/dz_j", "dL/da_j")
    with pytest.raises(UnreadablePartError):  # a case, and no definition
        begun_in_rows("da_i/dz_j, i = j")


def test_an_equation_before_the_question_is_a_definition_or_ignored():
    for loss, said in [
        (r"L &= -\sum_k y_k \log p_k", "L = … is the definition of the series"),
        (
            r"L &= \sum_k (p_k - y_k)^2",
            "L = … is ignored: it is not the definition that holds here",
        ),
        (r"L &= ?", "L = … is ignored: row 1 cannot be read: `?`: this cannot"),
    ]:
        found = begun_in_rows(align(loss, *LINES))
        assert list(map(unicode, found.read.sides)) == SIDES
        assert found.read.notes[-1].startswith(said)
        outputs = r"p_k &= \frac{e^{z_k}}{\sum_i e^{z_i}}"
        found = begun_in_rows(
            align(f"{outputs}, \\qquad {loss.replace('&', '')}", *LINES)
        )
        assert list(map(unicode, found.read.sides)) == SIDES
        outputs_said, loss_said = found.read.notes[-2:]
        assert outputs_said == "p_k = … is the definition of the series"
        assert loss_said.startswith(said.replace("row 1", "row 2"))


LOSS = r"L &= -\sum_i y_i \log p_i"
IN_LOGITS = r"&= -\sum_i y_i o_i {} \log \sum_k e^{{o_k}}"
THEN = GRADIENT + r" &= p_j - y_j"


def beside(*rows, wrap=align):
    """What is said of each side that is no line: its row, and its mark or words."""
    found = answer(BEGUN, text=wrap(*rows))
    assert [x["text"] for x in found["lines"]] == [SIDES[-1]]
    return [(x["row"], x.get("mark") or x["words"]) for x in found["beside"]]


def displayed(*rows):
    return "\n".join(f"$${x.replace('&', '')}$$" for x in rows)


@pytest.mark.parametrize("wrap", [align, plain, displayed])
def test_a_loss_that_is_simplified_before_it_is_differentiated_is_judged(wrap):
    known = (1, "the definition of the series")
    right, wrong = IN_LOGITS.format("+"), IN_LOGITS.format("-")
    assert beside(LOSS, right, THEN, wrap=wrap) == [known, (2, "◐")]
    assert beside(LOSS, wrong, THEN, wrap=wrap) == [known, (2, "✗")]
    by = right + "  # by H1"
    if wrap is not displayed:
        assert beside(LOSS, by, by, THEN, wrap=wrap) == [known, (2, "✓"), (3, "✓")]
    assert beside(f"L {right}", THEN, wrap=wrap) == [(1, "◐")]
    outputs = r"p_k &= \frac{e^{o_k}}{\sum_i e^{o_i}}"
    rows = LOSS, outputs, f"L {wrong}", THEN
    assert beside(*rows, wrap=wrap) == [known, (2, known[1]), (3, "✗")]


SOFTMAX = r"\mathrm{softmax}"
GIVEN = rf"$p = {SOFTMAX}(o)$"
ENTRY = rf"p_i = {SOFTMAX}(o)_i = \frac{{\exp(o_i)}}{{\sum_{{k=1}}^{{C}}\exp(o_k)}}"
SHOWN = displayed(THEN)
SAID = "is the definition of the series"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f"Let {GIVEN}.\n{align(THEN)}", ["p"]),
        (
            rf"Let $\mathbf{{p}} = {SOFTMAX}(\mathbf{{o}})$." + "\n" + align(THEN),
            [r"\mathbf{p}"],
        ),
        (f"With {GIVEN} we get\n{SHOWN}", ["p"]),
        (f"With p = softmax(o) we get\n{plain(THEN)}", ["p"]),
        (f"Let {GIVEN} and ${plain(LOSS)}$. Then ${plain(THEN)}$.", ["p", "L"]),
        (f"Let {GIVEN}, ${plain(LOSS)}$, where $y$ is one-hot.\n{SHOWN}", ["p", "L"]),
        (f"where ${ENTRY}$ for all $i$.\n{SHOWN}", ["p_i"]),
        (
            displayed(rf"{LOSS}, \quad {ENTRY}") + f"\nInsert the softmax:\n{SHOWN}",
            ["L", "p_i"],
        ),
        (f"We use the cross-entropy loss:\n{displayed(LOSS)}\n{SHOWN}", ["L"]),
        (plain("Proof. The loss is:", LOSS, "We see that", THEN, "as wanted."), ["L"]),
        (f"{align(LOSS)}\nNow we differentiate.\n{align(THEN)}", ["L"]),
        (
            r"\[" + plain(LOSS) + "\\]\nWe differentiate:\n\\[" + plain(THEN) + r"\]",
            ["L"],
        ),
        (
            rf"We need $\frac{{\partial L}}{{\partial o_j}}$.{displayed(LOSS)}{SHOWN}",
            ["L"],
        ),
        (f"{align(THEN)}\nHere $y$ is your $t$.", []),
        (f"why is ${plain(THEN)}$?", []),
    ],
)
def test_words_between_formulas_are_left_out_and_definitions_in_them_are_read(
    source, said
):
    found = begun_in_rows(source)
    assert list(map(unicode, found.read.sides)) == [SIDES[-1]]
    notes = [x for x in found.read.notes if "=" in x or "read" in x.split()[-1]]
    assert notes == [f"{x} = … {SAID}" for x in said]


@pytest.mark.parametrize("answered", ["", " = a_i - a_i^2"])
def test_a_slope_before_a_quotient_is_asked_about_in_brackets(answered):
    with pytest.raises(UnreadablePartError) as told:
        begun_in_rows(f"d/dx_i e^{{x_i}}/sum_k e^{{x_k}}{answered}")
    assert told.value.is_ambiguous
    found = [begun_in_rows(x) for x in told.value.suggestions]
    assert [unicode(x.start) for x in found] == [
        "∂/∂z_i (e^{z_i}/Σ_k e^{z_k})",
        "(1/Σ_k e^{z_k}) ∂e^{z_i}/∂z_i",
    ]
    assert all(len(x.read.sides) == bool(answered) for x in found)
    whole = begun_in_rows("d/dx_i (e^{x_i}/sum_k e^{x_k}) = a_i - a_i^2")
    assert whole.holds.check_sides(whole.read, whole.start)


def test_two_definitions_in_a_row_have_their_arguments():
    outputs = r"\hat{y}_i = \frac{\exp(o_i)}{\sum_k \exp(o_k)}"
    loss = r"l(\mathbf{y}, \hat{\mathbf{y}})"
    value = r"-\sum_{j=1}^q y_j \log \hat{y}_j"
    found = begun_in_rows(
        align(
            rf"{outputs}, \quad {loss} = {value}",
            rf"\partial_{{o_j}} {loss} = \hat{{y}}_j - y_j",
        )
    )
    assert list(map(unicode, found.read.sides)) == [SIDES[-1]]
    assert [x for x in found.read.notes if "=" in x] == [
        rf"\hat{{y}}_i = … {SAID}",
        rf"l(\mathbf{{y}},\hat{{\mathbf{{y}}}}) = … {SAID}",
    ]


def test_an_environment_goes_on_with_the_one_before_and_what_is_behind_is_told():
    rest = "\nso that\n".join([align(LINES[1]), align(LINES[2])])
    whole = f"{align(LINES[0])}\n{rest}"
    assert sides(whole) == SIDES
    found = begun_in_rows(f"{whole} where {GIVEN}.")
    assert list(map(unicode, found.read.sides)) == SIDES
    assert found.read.notes[-1] == "what stands behind the derivation is not read"


def test_a_wrong_row_beside_the_chain_says_why_and_none_is_lost():
    found = answer(BEGUN, text=align(LOSS, IN_LOGITS.format("-"), THEN))
    _, wrong = found["beside"]
    assert wrong["text"] == "L = −log(Σ_k e^{z_k}) − Σ_i y_i z_i"
    assert "the sign of the term log(Σ_k e^{z_k})" in wrong["diagnosis"]["sentence"]
    assert beside(LOSS, "&= (y_i", THEN) == [
        (row, "row 2 cannot be read: `(` is not closed: ) is expected")
        for row in (1, 2)
    ]
    assert beside(r"L &= \sum_k (p_k - y_k)^2", "&= 0", THEN) == [
        (1, "not the definition that holds here"),
        (2, "✗"),
    ]
    many = beside(LOSS, *[f"&= {LOSS[5:]}"] * 14, THEN)
    assert [x for _, x in many[1:12]] == ["✓"] * 11
    assert many[12:] == [(x, "at most 12 sides are judged") for x in (13, 14, 15)]
    many = beside(*[LOSS, r"p_k &= \frac{e^{o_k}}{\sum_i e^{o_i}}"] * 4, THEN)
    assert many[6:] == [(x, "at most 6 equations are read here") for x in (7, 8)]


@pytest.mark.parametrize(
    ("bad", "words", "source", "lines"),
    [
        (
            "&= (p_j - y_j",
            "`(` is not closed: ) is expected",
            "(p_j - y_j",
            ["(p_j - y_j)"],
        ),
        ("&= p_j - y_j - ", "nothing behind `-`", "p_j - y_j -", ["p_j - y_j"]),
        (
            r"dL/dp_j &= p_j",
            "its left side is another; the question is ∂L/∂z_j",
            "dL/dp_j  = p_j",
            [],
        ),
    ],
)
def test_an_error_names_its_row_and_offers_a_row(bad, words, source, lines):
    text = align(*LINES[:2], bad, LINES[2])
    place = answer(BEGUN, text=text)["unreadable"]
    assert place["message"].startswith(f"line 3: {words}")
    assert (place["source"], place["suggestions"]) == (source, lines)
    begin, end = place["span"]
    assert text[begin:end].replace("&", " ") == source
    for line in lines:
        mended = text[:begin] + line + text[end:]
        assert len(answer(BEGUN, text=mended)["lines"]) == 4


@pytest.mark.parametrize("form", ["latex", "text"])
def test_a_copy_is_read_back(form):
    chain = catalogue()["logits.gradient"]()
    lines = [
        {
            "text": unicode(x.right),
            "reason": "why" * (k % 2),
            "using": [y.name for y in x.using],
        }
        for k, x in enumerate(chain.steps)
    ]
    copied = answer(
        {"ask": "copy", "context": OWN | {"start": SLOPE}}, lines=lines, format=form
    )
    assert "&& \n" not in copied["copied"] and "&&  " not in copied["copied"]
    found = answer(BEGUN, text=copied["copied"].partition("\n\n")[0])
    assert [{key: x[key] for key in lines[0]} for x in found["lines"]] == lines


@pytest.mark.parametrize(
    ("source", "suggested"),
    [
        ("dL/dz_jdL/dz_j", ["∂L/∂z_j"]),
        ("∂L/∂z_jderivative of L with respect to z", ["∂L/∂z_j"]),
        ("dL/dz_jdL/dz_j = p_j - y_j", []),
    ],
)
def test_two_texts_in_one_are_no_square(source, suggested):
    with pytest.raises(UnreadablePartError, match="stands here twice") as told:
        begun_in_rows(source)
    assert [*told.value.suggestions] == suggested
    assert str(begun_in_rows("(dL/dz_j)^2").start) == "Derivative(L, z[j])**2"
