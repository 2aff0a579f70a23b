"""The pages of the book, as far as they can be made without node and without a net."""

import json
import re
import shlex
import tarfile
import threading
import urllib.request
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from book import assets, content_hash, downloads, policy, prerender, site_checks
from book.engine.answers import answer
from book.pages import (
    anchors,
    chains,
    exercises,
    folded_code,
    questions,
    sphinx_sources,
    theorems,
)
from book.pages import notebooks as notebook_pages
from book.pages import wrong_answers as wrong
from book.serve import server
from certificates.export import sections
from derivations.__main__ import main
from derivations.proof import Derivation
from derivations.text.chains import chain_as_lines
from derivations.theorems import catalogue

ROOT = Path(__file__).parents[1]
FRONT_PICTURE = notebook_pages.read(ROOT / "notebooks" / sphinx_sources.FRONT_PICTURE)
NAME = "softmax.case_unequal"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta content="About it." name="description">
<link rel="shortcut icon" href="favicon.svg"></head>
<body>{}</body></html>"""


def cell(kind, source, **more):
    return {"cell_type": kind, "metadata": {}, "source": source.splitlines(True)} | more


def notebook(*cells):
    first = cell("markdown", "# 7. A title\n\n*You get:* a result, $a_i$.")
    return {"cells": [first, *cells], "metadata": {}, "nbformat": 4}


def shows(markdown):
    outputs = [{"data": {"text/markdown": markdown.splitlines(True)}}]
    return cell("code", "chain", outputs=outputs)


# Sources.


def page_of(*cells, url=""):
    lines = {chain_as_lines(catalogue()[NAME]()): NAME}
    made = notebook_pages.page(notebook(*cells), "07_x.ipynb", lines, url, "w.whl")
    return made["cells"]


def test_a_chain_that_is_a_theorem_leads_to_its_page():
    chain = chain_as_lines(catalogue()[NAME]())
    href = f"../theorems/{NAME}.html#The-chain,-line-by-line"
    link = f'<a href="{href}">This chain, open to change</a>'
    made = [x for x in page_of(shows(chain)) if link in x["source"]]
    assert len(made) == 1
    other = page_of(shows(chain.replace("a_{i}", "a_{k}")))
    assert not any(link in x["source"] for x in other)


@pytest.mark.parametrize("name", [NAME, "batch.gradient", "labels.any_sum"])
def test_a_chain_of_a_notebook_is_the_list_that_its_theorem_shows(name):
    chain = catalogue()[name]()
    [output] = page_of(shows(chain_as_lines(chain)))[2]["outputs"]
    assert output["data"]["text/markdown"] in chains.live_chain(name, chain)
    verdict = "✓ right, for every n"
    [output] = page_of(shows(verdict))[2]["outputs"]
    assert "".join(output["data"]["text/markdown"]) == verdict


def test_a_notebook_is_changed_in_what_is_added_alone():
    set_up = cell("code", "import numpy as np", outputs=[])
    given = notebook(set_up, cell("code", "1 + 1", outputs=[]))
    before = json.dumps(given)
    made = notebook_pages.page(given, "07_x.ipynb", {}, "", "w.whl")["cells"]
    assert json.dumps(given) == before
    assert [x["metadata"].get("tags") for x in made if x["cell_type"] == "code"] == [
        ["hide-input"],
        ["hide-input"],
    ]
    assert [x["cell_type"] for x in made] == ["markdown", "markdown", "code", "code"]


SERIES = {x.name: notebook_pages.read(x) for x in (ROOT / "notebooks").glob("*.ipynb")}


def test_each_notebook_says_how_long_it_is_and_so_does_the_map():
    reading = {x: notebook_pages.minutes(one) for x, one in SERIES.items()}
    assert all(2 <= x <= 20 for x in reading.values())
    the_map = notebook_pages.page(SERIES["00_the_question.ipynb"], "", {}, "", "")
    notebook_pages.add_minutes(the_map, reading)
    text = "\n".join(map(notebook_pages.source, the_map["cells"]))
    rows = re.findall(r"^\| (★?) ?\[.*?\]\((\w+\.ipynb)\).*\| (\d+) \|$", text, re.M)
    assert {file: int(x) for _, file, x in rows} == {
        file: x for file, x in reading.items() if not file.startswith("00")
    }
    short = [reading["00_the_question.ipynb"], *(int(x) for star, _, x in rows if star)]
    assert len(short) == 4 and 45 <= sum(short) <= 60  # "about an hour"
    assert "| notebook | its result | minutes |\n| --- | --- | --- |\n" in text


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("", 'href="../w.whl"'),
        ("https://example.org/b", "<code>%pip install https://example.org/b/w.whl"),
    ],
)
def test_a_page_offers_its_notebook_and_the_wheel(url, wanted):
    offer = page_of(url=url)[1]["source"]
    assert 'href="07_x.ipynb"' in offer and wanted in offer
    assert (
        "0 minutes to read" in offer
        and "0 minutes" not in page_of(cell("markdown", "a word " * 100))[1]["source"]
    )


def test_a_page_shows_no_value_of_python_and_no_link_to_where_it_stands():
    """Of all notebooks: numbers are numbers; a mistake is told without such a link."""
    for file, given in SERIES.items():
        made = notebook_pages.page(given, file, {}, "", "")
        section, shown = "", ""
        for one in made["cells"]:
            text = notebook_pages.source(one)
            if one["cell_type"] == "markdown":
                section = [section, *re.findall("^##+ (.*)", text, re.M)][-1]
            for output in one.get("outputs", ()):
                data = output.get("data", {})
                assert f"({file}#{anchors.slug(section)})" not in str(data)
                if set(data) == {"text/plain"}:
                    shown += data["text/plain"] + "\n"
        assert not re.search(r"array\(|np\.float|^[\[{]", shown, re.M)


@pytest.mark.parametrize("kind", notebook_pages.TRIED)
def test_a_page_says_how_to_install_and_what_it_says_runs(kind, capsys):
    """Where the book has no address, the wheel is taken from the page."""
    for url, given in (("", "./w.whl"), ("https://a.org/b", "https://a.org/b/w.whl")):
        told = notebook_pages.install(kind, url, "w.whl")
        assert ('<a href="w.whl" download>' in told) == (url == "")
        assert f"/bin/pip install {given}\n" in told
    _, command = told.split("/python -m derivations ")
    assert main(shlex.split(command.partition("\n")[0])) == 0
    assert "j" in capsys.readouterr().out


CHECKED = """\
half, both = z[j] / 2, [softmax, Definition(L, beta * Sum(y[k] * a[k], (k, 1, n)))]
unused = 1 / 0
answer = ...
check(answer, Derivative(half * L, z[j]), {}, where=both)
"""


def exercise_of(source):
    first = cell("code", "from derivations.notebook import *")
    second = cell("code", "beta = Symbol('beta', real=True)", outputs=[])
    third = cell("code", source, outputs=[])
    third["metadata"]["tags"] = ["exercise"]
    return notebook(first, second, third)


def test_an_exercise_is_asked_below_its_cell_as_the_notebook_asks_it():
    given = exercise_of(CHECKED.format("using=H1, case=Ne(i, j)"))
    *_, last = notebook_pages.page(given, "07_x.ipynb", {}, "", "w.whl")["cells"]
    about = live_data(last["source"])
    assert about["exercise"] == "07_x/1" and about["using"] == ["H1"]
    assert about["context"] == {
        "start": "∂/∂z_j (L z_j/2)",
        "where": ["softmax", "L := β Σ_k y_k a_k"],
        "case": "i ≠ j",
        "parameters": [["beta", "real"]],
    }


def test_an_exercise_that_is_answered_with_numbers_is_not_asked():
    given = exercise_of("answer = ...\nhelpers.check_array(answer, [1.0])")
    assert exercises.exercises(given, "07_x.ipynb") == {}
    *_, last = notebook_pages.page(given, "07_x.ipynb", {}, "", "w.whl")["cells"]
    assert '<a href="07_x.ipynb" download>' in last["source"]


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("notebooks/[0-9]*.ipynb")), ids=lambda path: path.stem
)
def test_what_is_typed_is_said_on_the_screen_alone(path):
    made = notebook_pages.page(notebook_pages.read(path), path.name, {}, "", "w.whl")
    texts = [x["source"] for x in made["cells"] if x["cell_type"] == "markdown"]
    on_paper = re.sub(r'<(span) class="on-screen">.*?</\1>', "", "\n".join(texts))
    assert not re.search(r"\bType (?:it|the|an?)\b", on_paper)


@pytest.mark.parametrize("check", ["check(answer, a[j])", "gradient_check(answer)"])
def test_a_cell_that_waits_for_an_answer_is_not_on_a_page(check):
    given = exercise_of(f"answer = ...\n{check}")
    made = notebook_pages.page(given, "07_x.ipynb", {}, "", "w.whl")["cells"]
    assert not any("answer = ..." in notebook_pages.source(x) for x in made)


def test_a_cell_that_waits_for_a_loss_leads_to_its_page():
    *_, last = page_of(shows("not attempted yet"))
    assert "(../own_loss.md)" in last["source"] and last["cell_type"] == "markdown"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("%matplotlib inline\nimport a.b\nfrom c import *", "imports `a.b`, `c`"),
        ("import a\nw, v = 1, 2", "computes `w`, `v`"),
        ("a = b = c = d = 0", "computes `a`, `b`, `c`, …"),
        ("a, J = 1, 2\n(J + 0).round(4)", "computes `J`"),
        ("helpers.explore_both_cases()", "draws both cases, to be moved"),
        ("known['softmax.derivative']()", "derives `softmax.derivative`"),
        ("own = (\n    Derivation(L)\n    .step(a, 'b')\n)", "derives `own`"),
        ("assert own == 1", "checks that `own == 1`"),
        ("table = Verdicts({})\ntable", "checks `table`"),
        ("check(answer[1], a[i], where=[b])", "checks `answer[1]`"),
        ("try:\n    f(1)\nexcept ValueError as e:\n    print(e)", "tries `f(1)`"),
        ("for v in w:\n    print(v)", "prints the lines below"),
        (
            "try:\n    for v in w:\n        f(v)\nfinally:\n    g()",
            "tries `for v in w:`",
        ),
        ("print(v)", "prints the lines below"),
        ("softmax(i)", "shows `softmax(i)`"),
    ],
)
def test_folded_code_is_a_line_that_says_what_it_does(code, said):
    assert folded_code.line(code) == said


def test_the_line_of_every_cell_is_one_line_and_short():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for one in notebook_pages.read(path)["cells"]:
            if one["cell_type"] == "code":
                line = folded_code.line(notebook_pages.source(one))
                assert "\n" not in line and len(line) <= 80, (path.name, line)


def test_a_question_that_needs_more_than_formulas_is_refused():
    given = exercise_of("answer = ...\ncheck(answer, np.zeros(3)[0] * a[j])")
    with pytest.raises(ValueError, match=r"07_x/1 is made of more than formulas: .*np"):
        exercises.exercises(given, "07_x.ipynb")


def test_each_theorem_is_told_in_the_notebook_that_shows_or_names_it():
    notebooks = {
        "01_a.ipynb": notebook(cell("code", 'known["one.named"]')),
        "02_b.ipynb": notebook(shows("chain"), cell("code", 'known["one.shown"]')),
        "03_c.ipynb": notebook(cell("code", 'known["two.named"]')),
        "04_d.ipynb": notebook(cell("code", 'known["one.last"]')),
    }
    names = ("one.shown", "one.named", "one.last", "one.other", "two.named")
    lines = {"chain": "one.last"}
    told = notebook_pages.told_in(notebooks, dict.fromkeys(names), lines)
    assert {name: (words, file[:4]) for name, (words, file, _) in told.items()} == {
        "one.shown": ("Told in", "02_b"),
        "one.named": ("Told in", "01_a"),
        "one.last": ("Told in", "02_b"),
        "one.other": ("Its topic is told in", "02_b"),
        "two.named": ("Told in", "03_c"),
    }


def test_the_triangle_is_taken_from_a_notebook_as_it_was_saved():
    html = sphinx_sources.explorer(FRONT_PICTURE, "both_cases")
    assert 'data-explorer="both_cases"' in html and 'alt="Bars of a' in html
    with pytest.raises(ValueError, match="explore_nothing"):
        sphinx_sources.explorer(FRONT_PICTURE, "nothing")


def test_a_mark_of_an_unknown_part_is_refused():
    with pytest.raises(KeyError):
        sphinx_sources.filled("{{nothing here}}", {"chain": str})


# Certificates.


@pytest.mark.parametrize("topic", ["logits", "blocks"])
def test_a_theorem_has_its_section_of_the_file_folded(topic):
    for section in sections(topic).values():
        html = theorems.certificate(topic, section)
        shown = re.findall(r"<pre[^>]*>(.*?)</pre>", html, re.DOTALL)
        given, lemmas, proved = map(unescape, shown)
        assert html.startswith('<details class="certificate"><summary>')
        assert "\n\n" not in html, "Markdown would end it there"
        assert f"{given}\n\n{lemmas}\n{proved}".endswith(section.text)
        assert section.statement in proved
        assert given.startswith("Definition" if topic == "blocks" else "Section")


def test_what_the_file_has_otherwise_is_not_certified():
    section = sections("logits")["gradient"]
    lines = section.chain.steps[:-1]
    shorter = Derivation(section.chain.start, section.chain.where)
    shorter._set("steps", lines)
    with pytest.raises(ValueError, match=r"logits.v has another .*make certificates"):
        theorems.certificate("logits", replace(section, chain=shorter))


def test_the_page_on_certificates_has_the_definitions():
    text = theorems.how_to_read()
    assert "## How to read a statement" in text and theorems.DEFINITIONS in text
    assert all(x in text for x in ("Definition partial ", "Definition softmax "))
    assert "Lemma" not in text.partition("<pre")[2]


# Questions.

README = (ROOT / "notebooks/README.md").read_text(encoding="utf-8")


def test_every_question_has_one_page_and_every_page_a_question():
    asked = [row.question for row in questions.rows(README)]
    assert len(asked) == len(set(asked)) == len(questions.by_page(README)) >= 54
    some = README.index("\n| ", README.index("| question |"))
    for other in (README.replace(asked[0], "Why?"), README[:some]):
        with pytest.raises(ValueError, match="a page for each question"):
            questions.by_page(other)


def test_the_page_of_all_questions_leads_to_each():
    text = questions.linked(notebook_pages.questions(README))
    assert text.endswith("|\n") and not README.endswith("|\n")  # words for its editors
    led_to = re.findall(r"^\| \[.*\]\(\.\./questions/(\S+)\.md\) \|", text, re.M)
    assert sorted(led_to) == sorted(questions.by_page(README))


def test_a_question_says_what_the_readme_says_and_shows_a_theorem():
    name = "why-does-i-not-equal-j-matter"
    row, more = questions.by_page(README)[name], questions.read()[name]
    text = questions.page(name, row, more, [None, None], "{1} of {0}".format)
    assert row.question.startswith("y_i is 0 for every class but one")
    assert f"# {row.question}\n\n**{row.line}**\n\n{more['answer'].strip()}" in text
    assert "both_cases of 05_why_both_cases.ipynb" in text
    assert "](../notebooks/05_why_both_cases.ipynb#With-one-true-class)" in text
    chain, box = map(json.loads, re.findall(r'json">(.*?)</script>', text))
    assert chain["theorem"] == "logits.one_true_class"
    assert box["context"] == {"theorem": "softmax.case_unequal"}


def test_the_box_below_a_chain_asks_what_its_title_asks():
    more = questions.read()["how-y-over-a-becomes-a-minus-y"]
    asked, shown = (catalogue()[more[x]]() for x in ("box", "chain"))
    assert (asked.start, asked.uses) == (shown.start, shown.uses)


def test_no_page_gives_its_box_away_and_no_words_lead_to_two():
    known = questions.read().values()
    assert all(more.get("chain") != more.get("box", "") for more in known)
    words = [x for more in known for x in more["also"]]
    words += [x for entry in wrong.read() for x in wrong.searched(entry)]
    assert len(words) == len(set(words))
    assert not [x for x in words if x != x.strip() or set(x) & set(";!`")]


# Wrong answers.

SIGN = {"title": "y − a", "theorem": "logits.gradient", "answer": "y_j - a_j"}
SIGN |= {"seen": "in a < b", "asked": "dz-is-right-and-the-loss-rises"}
SIGN |= {"also": ["sign flipped"]}


def test_a_wrong_answer_has_its_mistake_its_counterexample_and_the_right_line():
    one = wrong.judged(SIGN)
    shown = wrong.card(one, questions.by_page(README)[SIGN["asked"]], 3)
    assert one.mistake == "Sign"
    for words in ("y - a", "y_j - a_j", "sign flipped"):
        assert f"```{{index}} ! single: {words}\n```" in shown.partition("<div")[0]
    line, _, told = shown.partition('<details class="diagnosis" open>')
    for words in ('id="line-3"', "= y_{j} - a_{j}</div></div>", "Where "):
        assert words in line
    assert "(Seen in a &lt; b.)" in told and told.endswith("</details>")
    place = "notebooks/04_chain_rule.ipynb#The-chain,-split-into-both-cases"
    assert f"✗ {one.verdict.diagnosis.said} ([notebook 4," in shown
    assert f"({place})" in shown
    point = '<td>(0.2, 0.5)</td></tr><tr><th scope="row">this line</th><td>0.574443'
    assert point in shown
    assert "= a_{j} - y_{j}</div>" in shown.partition("✓ The right line")[2]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("a_j - y_j", "✓ right, for every n"),
        ("a_j - y_j + sqrt(3 + 2 sqrt(2)) - 1 - sqrt(2)", r"\? cannot decide"),
        ("z_j^3 + 7", "✗ differs"),  # no mistake is known in it
    ],
)
def test_what_is_right_or_undecided_or_not_explained_is_no_wrong_answer(answer, said):
    with pytest.raises(ValueError, match=rf"y − a: expected .*, got {said}"):
        wrong.judged(SIGN | {"answer": answer})


def test_every_published_answer_is_in_the_gallery_under_its_mistake():
    text = wrong.gallery(questions.by_page(README))
    index, _, cards = text.partition("\n\n")
    assert text.count('class="wrong-answer"') == len(wrong.read()) >= 15
    for entry in wrong.read():
        assert f"](<#{anchors.slug(entry['title'])}>)" in index
        assert f"### {entry['title']}\n" in cards
    argmax = cards.partition("### argmax of a soft label")[2]
    assert "◐ it is right with the definition one_hot" in argmax
    at_c, labels = re.search(r"c = (\d)</td>.*?>y</th><td>\((.*?)\)", argmax).groups()
    labels = [float(x) for x in labels.split(", ")]
    assert labels.index(max(labels)) + 1 == int(at_c) and max(labels) < 1


# Chains.


def live_data(html):
    script = re.search(r'<script type="application/json">(.*?)</script>', html)[1]
    return json.loads(script)


@pytest.mark.parametrize("name", ["logits.gradient", "softmax.case_unequal"])
def test_a_live_chain_is_whole_without_a_script(name):
    chain = catalogue()[name]()
    html = chains.live_chain(name, chain)
    assert "\n\n" not in html, "a blank line would end the HTML in Markdown"
    assert html.count("<li") == 1 + len(chain.steps)
    assert html.count('<p class="reason">✓ ') == len(chain.steps)
    assert f">line 2 of {len(chain.steps)}, proved:</span>" in html
    about = live_data(html)
    assert about["theorem"] == name and len(about["lines"]) == len(chain.steps)
    used = {x for line in about["lines"] for x in line["using"]}
    assert used <= set(about["hypotheses"])


def test_a_chain_is_copied_from_its_page_as_the_engine_copies_it():
    name = "logits.by_jacobian"
    about = live_data(chains.live_chain(name, catalogue()[name](), "Proved."))
    fields = ("text", "reason", "using")
    lines = [{x: line[x] for x in fields} for line in about["lines"]]
    asked = {"ask": "copy", "context": {"theorem": name}, "lines": lines}
    assert len(about["copied"]) == 3
    for form, words in about["copied"].items():
        given = json.loads(answer(json.dumps(asked | {"format": form})))
        assert given["copied"] == words


def test_the_formulas_that_show_how_one_is_written_are_read():
    script = (assets.LIVE / "state/notation.js").read_text("utf-8")
    said = re.findall(r'\["[^"]+", "([^"]+)"\]', script)
    asked = {"ask": "typeset", "context": {"where": ["softmax", "batch_softmax"]}}
    blocks = {"theorem": "blocks.examples"}
    for formula in said:
        held = {"context": blocks} if re.search("J|N", formula) else {}
        given = asked | held | {"text": formula}
        assert "latex" in json.loads(answer(json.dumps(given))), formula
    assert len(said) == 10
    (questions,) = re.findall(r'QUESTIONS = "For example (.*)\. "', script)
    for question in questions.split(", or "):
        asked = {"ask": "question", "context": {"where": None}, "text": question}
        assert "start" in json.loads(answer(json.dumps(asked))), question


@pytest.mark.parametrize("url", ["", "https://example.org/b"])
def test_a_notebook_that_is_downloaded_leads_to_pages(url, tmp_path):
    (tmp_path / "notebooks").mkdir()
    assets.copies(tmp_path, url)
    text = (tmp_path / "notebooks/01_softmax.ipynb").read_text(encoding="utf-8")
    to = f"{url}/notebooks/questions.html" if url else "questions.html"
    assert f"[questions]({to})" in text and "README.md" not in text
    assert f"[Certificates]({url or '..'}/certificates.html)" in text


def test_no_text_ends_the_script_that_holds_it():
    html = chains.data({"text": "</script><script>alert(1)</script>&"})
    assert html.count("<") == 2
    assert live_data(html) == {"text": "</script><script>alert(1)</script>&"}


# Formulas.


def test_no_button_looks_touched_after_a_tap():
    """A phone keeps `:hover` after a tap: it is for what hovers."""
    book = [*(ROOT / "book/static").rglob("*.css")]
    for path in [*book, ROOT / "arrays/pictures/explorers/style.js"]:
        text = path.read_text(encoding="utf-8")
        block = r"@media \(hover: hover\) \{(?:[^{}]|\{[^{}]*\})*\}"
        assert ":hover" not in re.sub(block, "", text), path.name


def test_formulas_that_wait_are_found_and_set():
    text = (
        '<p><span class="tex">\\displaystyle a</span></p>'
        '<p>Where <span class="tex">\\displaystyle a</span>, '
        '<span class="tex">a &lt; b</span></p><div class="formula tex">c</div>'
    )
    waiting = prerender.waiting([text])
    assert waiting == [("\\displaystyle a", False), ("a < b", False), ("c", True)]
    filled = prerender.filled(text, {x: f"[{x[0]}]" for x in waiting})
    kinds = re.findall(r'class="([\w-]+)"', filled)
    assert kinds == ["formula-line", "formula-wide", "in-text", "formula"]
    assert "[a < b]" in filled and "tex" not in kinds


# The policy.


def test_an_inline_script_is_known_by_its_sum_and_no_other():
    page = PAGE.format("<script>a < b && go();</script>")
    page = page.replace("</head>", '<link rel="next" href="x.html"></head>')
    text = policy.with_policy(page)
    assert 'rel="next"' not in text, "Firefox would fetch it, and is not let"
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert found.count("'sha256-") == 1
    assert policy.sum_of("a < b && go();") in found
    assert policy.sum_of("a < b && go(); ") not in found
    assert "unsafe-eval" not in found.replace("wasm-unsafe-eval", "")
    assert "'unsafe-inline'" not in re.search(r"script-src ([^;]*)", found)[1]


def test_a_good_page_has_no_fault():
    inside = '<p id="a"><a href="https://example.org/">away</a><img src="x.png"></p>'
    assert policy.faults(PAGE.format(inside)) == []


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ('<p id="a"></p><p id="a"></p>', "the id 'a' is there twice"),
        ('<img src="https://example.org/x.png">', "is loaded from elsewhere"),
        ('<script src="//example.org/x.js"></script>', "is loaded from elsewhere"),
        ('<link rel="stylesheet" href="http://x.org/a.css">', "loaded from elsewhere"),
        ('<p onclick="go()"></p>', "a handler onclick"),
        ("<p><b></p></b>", "unexpected-end-tag"),
    ],
)
def test_a_fault_of_a_page_is_found(inside, wanted):
    found = policy.faults(PAGE.format(inside))
    assert any(wanted in x for x in found), found


def test_a_page_without_what_it_needs_is_found():
    for part in ("<title>A page</title>", ' lang="en"', "description"):
        fault = policy.faults(PAGE.format("").replace(part, ""))[0]
        assert fault.startswith("it has no ") and part[:6] in fault


def test_a_page_with_an_address_says_it_whole():
    tags = policy.social(PAGE.format(""), "https://example.org/b", "theorems/x.html")
    wanted = '<meta property="og:url" content="https://example.org/b/theorems/x.html">'
    assert wanted in tags
    assert "https://example.org/b/x.html" in policy.sitemap(
        "https://example.org/b", ["x.html"]
    )
    assert 'href="https://example.org/b/index.html"' in policy.not_found(
        "https://example.org/b"
    )


# What is read from all pages.


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    (tmp_path / "file.txt").touch()
    pages = {
        "index.html": PAGE.format(
            '<a href="in/a.html#x">1</a><a href="file.txt">2</a>'
        ),
        "in/a.html": PAGE.format('<p id="x"></p><a href="../index.html">3</a>'),
    }
    pages = {x: text.replace("favicon.svg", "data:,") for x, text in pages.items()}
    assert site_checks.broken_links(pages, tmp_path) == []
    pages["index.html"] += '<a href="in/a.html#y"></a><a href="b.html"></a>'
    found = site_checks.broken_links(pages, tmp_path)
    assert found == [("index.html", "in/a.html#y"), ("index.html", "b.html")]


def test_what_a_page_loads_is_weighed_with_what_its_sheets_and_scripts_load(tmp_path):
    face = "@font-face {{ font-family: {0}; src: url('{0}.woff') }}\n"
    rules = ".here { font-family: f } .not-here { font-family: g }"
    (tmp_path / "a.css").write_text(face.format("f") + face.format("g") + rules)
    (tmp_path / "f.woff").write_bytes(b"f" * 1000)
    (tmp_path / "g.woff").touch()
    (tmp_path / "in").mkdir()
    first = 'import {\n  b,\n} from "./in/b.js";\nimport(`${c}`);\nimport("./a.js")'
    (tmp_path / "a.js").write_text(first)
    (tmp_path / "in/b.js").write_text('export { c } from "../c.js";')
    (tmp_path / "c.js").write_text("// import x from 'd.js'")
    page = PAGE.format(
        '<link rel="stylesheet" href="a.css"><a class="here" href="b.html"></a>'
        '<script src="a.js"></script>'
    )
    loaded = site_checks.loaded("x.html", page, tmp_path)
    of_page = ["favicon.svg", "x.html"]
    assert loaded == sorted(["a.css", "a.js", "c.js", "f.woff", "in/b.js", *of_page])
    assert 0 < site_checks.weight([tmp_path / "f.woff"]) < 100


def test_a_folder_is_named_by_what_is_in_it(tmp_path):
    one = content_hash.put(tmp_path, {"a.js": b"1", "in/b.js": b"2"})
    assert (one / "in/b.js").read_bytes() == b"2"
    assert content_hash.put(tmp_path, {"in/b.js": b"2", "a.js": b"1"}) == one
    assert content_hash.put(tmp_path, {"a.js": b"1", "in/b.js": b"3"}) != one


# What is fetched, installed, served.


def test_without_node_one_line_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        OSError, match=r"Node.js 18 or newer and npm.*no node and no npm.*apt-get"
    ) as e:
        downloads.check_tools()
    assert "\n" not in str(e.value)


def test_an_old_node_is_named(monkeypatch, tmp_path):
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v16.20.1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(OSError, match=r"this node is v16\.20\.1"):
        downloads.check_tools()


def test_a_file_that_is_another_than_the_lock_means_is_not_used(tmp_path):
    lock = {"x": {"from": "npm", "version": "1", "file": "x-1.tgz", "sha256": "0" * 64}}
    (tmp_path / "x-1.tgz").write_bytes(b"another")
    with pytest.raises(ValueError, match=r"x-1\.tgz has the sha256 .* is not used"):
        downloads.fetch(tmp_path, lock)
    assert not (tmp_path / "x-1.tgz").exists()


def test_the_lock_holds_each_package_to_a_version_and_a_sum():
    lock = json.loads((ROOT / "book/lock.json").read_text(encoding="utf-8"))
    packages = {"lark", "mathjax", "mathlive", "mpmath", "pyodide", "sympy"}
    assert set(lock) == packages
    for name, package in lock.items():
        assert set(package) == {"from", "version", "file", "sha256"}, name
        assert package["version"] in package["file"]
        assert re.fullmatch("[0-9a-f]{64}", package["sha256"])
    assert "://" not in json.dumps(lock), "no registry's host is written down"


def test_of_mathlive_one_module_and_its_fonts_are_in_the_book(tmp_path):
    carried = ["LICENSE.txt", "fonts/A.woff2", "mathlive-fonts.css", "mathlive.min.mjs"]
    others = ["mathlive.js", "mathlive.mjs", "sounds/plonk.wav", "types/mathlive.d.ts"]
    archive, empty = tmp_path / "mathlive.tgz", tmp_path / "empty"
    empty.touch()
    with tarfile.open(archive, "w:gz") as packed:
        for name in (*carried, *others):
            packed.add(empty, f"package/{name}")
    place = assets.formula_field(tmp_path, archive)
    found = [x.relative_to(place) for x in place.rglob("*") if x.is_file()]
    assert sorted(x.as_posix() for x in found) == carried


def test_the_requirements_name_what_the_book_imports():
    lines = (ROOT / "requirements-book.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(x) for x in lines if x[:1] not in ("", "#", "-")]
    names = {x.name for x in found}
    assert names == {"deflate", "furo", "html5lib", "myst-nb", "sphinx", "setuptools"}
    for one in found:
        assert sorted(x.operator for x in one.specifier) == ["<", ">="]


def test_a_file_is_served_as_what_it_is_and_to_this_machine_alone(tmp_path):
    kinds = {
        "a.mjs": "text/javascript",
        "a.js": "text/javascript",
        "a.wasm": "application/wasm",
        "a.html": "text/html",
    }
    with server(0, tmp_path) as serving:
        host, port = serving.server_address
        assert host == "127.0.0.1"
        thread = threading.Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        try:
            for name, kind in kinds.items():
                (tmp_path / name).write_text("x")
                with urllib.request.urlopen(f"http://{host}:{port}/{name}") as answer:
                    assert answer.headers.get_content_type() == kind
        finally:
            serving.shutdown()
            thread.join()
