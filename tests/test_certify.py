"""What `make certify` counts and refuses, tried on texts as Rocq prints them.

Rocq itself is not needed here.
"""

import re

import pytest
from sympy import Integer

from certificates import certify, reports
from certificates.certify import NEEDED, Run, main, problems_of_files
from certificates.export import ROOM
from certificates.mutants import LEAST, TooFewError, file_of_mutants, mutants
from certificates.reports import AXIOMS, REFUSAL
from derivations.letters import *
from derivations.proof import Derivation
from derivations.theorems import TOPICS, catalogue

SOURCE = """\
Open Scope R_scope.
(* Σ: two bytes *)
Section own.
Lemma own_1 : 1 = 1.
Proof. step. Qed.
Lemma own_2 : 1 = 2.
Proof. step. Admitted.
Theorem own : 1 = 1.
Proof. exact own_1. Qed.
End own.
""".encode()
AXIOM_LIST = """\
Chars 1 - 2 [Definition~all~:=~(of_softmax)...] 0.3 secs (0.3u,0.s)
Axioms:
ClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}
ClassicalDedekindReals.sig_forall_dec
  : forall P : nat -> Prop,
    (forall n : nat, {P n} + {~ P n}) ->
    {n : nat | ~ P n} + {forall n : nat, P n}
FunctionalExtensionality.functional_extensionality_dep
  : forall (A : Type) (B : A -> Type) (f g : forall x : A, B x),
    (forall x : A, f x = g x) -> f = g
Classical_Prop.classic : forall P : Prop, P \\/ ~ P
Chars 3 - 4 [Print~Assumptions~all.] 2.1 secs (2.1u,0.s)
"""
TIME_OUT = "Tactic failure: [Proofview.tclTIMEOUT] Tactic timeout!."
UNKNOWN = "The reference stepp was not found in the current environment."


def timed(source):
    """What `coqc -time` prints of sentences, a tenth of a second each."""
    sentences = re.finditer(rb"\b(Section|Lemma|Theorem) \w+|\w+\.(?=\s)", source)
    spans = [x.span() for x in sentences]
    return "".join(f"Chars {x} - {y} [x~y] 0.3 secs (0.1u,0.s)\n" for x, y in spans)


def failed(*messages):
    """What coqc prints of `Fail`."""
    head = 'File "./x.v", line 4, characters 12-16:\n'
    said = "The command has indeed failed with message:\n"
    return "".join(f"{head}{said}{x}\n" for x in messages)


class TestWhatIsProved:
    def test_only_what_ends_with_qed(self):
        found = reports.compiled(SOURCE, timed(SOURCE))
        assert found["own"].proved == ["own_1", "own"]
        assert reports.missing("own", 2, found["own"].proved) == ["own_2"]

    def test_the_seconds_are_those_of_the_section(self):
        sentences = timed(SOURCE[SOURCE.index(b"Section") :]).count("\n")
        found = reports.compiled(SOURCE, timed(SOURCE))["own"]
        assert found.seconds == pytest.approx(sentences / 10)

    def test_what_rocq_did_not_come_to_is_not_proved(self):
        few = "".join(timed(SOURCE).splitlines(keepends=True)[:4])
        assert reports.compiled(SOURCE, few)["own"].proved == []


class TestAssumptions:
    def test_are_read_whatever_kind_they_are_of(self):
        assert {*reports.assumptions(AXIOM_LIST)} == AXIOMS
        unsafe = AXIOM_LIST + "own_1 is assumed to be guarded.\n"
        assert reports.assumptions(unsafe)[-1] == "own_1"

    @pytest.mark.parametrize(
        ("printed", "wrong"),
        [
            (AXIOM_LIST, []),
            (
                AXIOM_LIST + "Library.classic\n  : False\n",
                ["Library.classic is assumed"],
            ),
            ("", ["no axioms were printed"]),
        ],
    )
    def test_those_of_the_classical_reals_are_allowed(self, printed, wrong):
        assert certify.of_assumptions(Run("assumptions", printed)) == wrong


class TestRefusals:
    @pytest.mark.parametrize(
        ("output", "refused", "wrong"),
        [
            (failed(REFUSAL, REFUSAL), 2, []),
            (failed(REFUSAL, TIME_OUT), 1, [TIME_OUT, "2 false statements, 1 refused"]),
            (failed(UNKNOWN, REFUSAL), 1, [UNKNOWN, "2 false statements, 1 refused"]),
            (failed(REFUSAL), 1, ["2 false statements, 1 refused"]),
        ],
    )
    def test_a_time_out_or_an_unknown_name_is_none(self, output, refused, wrong):
        source = "(* Fail *) Fail timeout 9 step. Fail try_step."
        found = reports.refusals(source, output)
        assert found[0] == refused
        assert [x.removeprefix("line 4: ") for x in found[1]] == wrong


class TestForbiddenWords:
    @pytest.mark.parametrize(
        "text",
        [
            "Lemma one : 1 = 2. Proof. Admitted.",
            "Lemma one : 1 = 2. Proof. admit. Qed.",
            "Axiom one : 1 = 2.",
            "Parameters (x y : R).",
            "Conjecture one : 1 = 2.",
            "Lemma one : 1 = 2. Proof. Abort.",
            "Unset Guard Checking.",
            "#[bypass_check(universes)] Definition one := 1.",
            "Hypothesis one : 1 = 2. Section own. End own.",
            "Section own. End own. Context (one : 1 = 2).",
        ],
    )
    def test_are_found(self, text):
        assert len(reports.forbidden(text)) == 1
        assert reports.forbidden(f"(* {text} *)") == []

    def test_a_section_may_suppose_something(self):
        assert reports.forbidden("Section own. Context (x : R). End own.") == []


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A copy of the files, and a folder to compile them in."""
    for path in ROOM.glob("*.v"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(certify, "ROOM", tmp_path)
    monkeypatch.setattr(certify, "BUILD", tmp_path / "build")
    return tmp_path


def changed(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestFiles:
    def test_nothing_is_wrong_with_them(self):
        assert problems_of_files() == []

    def test_a_changed_statement_is_found(self, room):
        changed(room / "softmax.v", "(1 - a i) * a i", "(1 + a i) * a i")
        words = "softmax.v is not what `make certificates` writes"
        assert problems_of_files() == [words]

    def test_an_axiom_in_the_library_is_found(self, room):
        changed(room / "Library.v", "Qed.", "Admitted.")
        assert problems_of_files() == ["Library.v says Admitted"]

    def test_each_file_is_there_and_no_other(self, room):
        (room / "blocks.v").rename(room / "other.v")
        found = problems_of_files()
        assert [x.split()[0] for x in found] == ["blocks.v", "other.v"]


class FakeRocq:
    """Says of each file what Rocq would, or that and something else."""

    def __init__(self, instead):
        self.instead = instead

    def __call__(self, name):
        if name in self.instead:
            return Run(name, *self.instead[name])
        if name == "assumptions":
            return Run(name, AXIOM_LIST)
        source = Run(name, "").source
        tried = len(re.findall(r"\bFail\b", reports.code(source.decode())))
        return Run(name, timed(source) + failed(*[REFUSAL] * tried))


@pytest.fixture
def said(room, monkeypatch, capsys):
    """What is said where Rocq prints something else of a file: lines, problems."""

    def said(**instead):
        places = {x.replace("__", "/"): y for x, y in instead.items()}
        monkeypatch.setattr(certify, "run", FakeRocq(places))
        monkeypatch.setattr(certify, "file_of_mutants", lambda topic: "Fail step.\n")
        problems = certify.certify(2)
        return capsys.readouterr().out.splitlines(), problems

    return said


class TestTheWhole:
    def test_counts_all_and_finds_nothing_wrong(self, said):
        lines, problems = said()
        assert problems == []
        theorems = [derive() for derive in catalogue().values()]
        steps = sum(len(x.steps) for x in theorems)
        [last] = [x for x in lines if "certified" in x]
        refused = len(TOPICS) + (ROOM / "refused.v").read_text().count("Fail ")
        assert last.startswith(
            f"{len(theorems)} theorems, {steps} steps certified; "
            f"{refused} false statements refused; "
        )
        assert {x.split()[0] for x in lines if x} >= {*catalogue()} | AXIOMS

    @pytest.mark.parametrize(
        ("name", "instead", "problem"),
        [
            ("attention", ["", ["it is broken"]], "it is broken"),
            ("attention", [""], "attention.vjp is not certified: no vjp_1, vjp_2"),
            ("refused", [failed(TIME_OUT)], f"refused.v, line 4: {TIME_OUT}"),
            ("mutants__softmax", [""], "softmax.v, 1 false statements, 0 refused"),
            ("assumptions", ["Axioms:\none : False\n"], "one is assumed"),
            ("Library", ["", ["no logical path to it"]], NEEDED),
        ],
    )
    def test_fails_where_rocq_says_something_else(self, said, name, instead, problem):
        _, problems = said(**{name: instead})
        assert any(problem in x for x in problems)

    def test_fails_where_a_theorem_is_removed(self, said, room):
        text = (room / "attention.v").read_text(encoding="utf-8")
        whole = re.search(r"Section vjp\..*End vjp\.", text, re.DOTALL)[0]
        changed(room / "attention.v", whole, "")
        lines, problems = said()
        assert any("attention.vjp is not certified" in x for x in problems)
        assert lines[-1].startswith(f"{len(catalogue()) - 1} theorems")

    def test_without_rocq_it_says_what_to_install(self, monkeypatch, capsys, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        assert main([]) == 1
        assert "apt-get install coq libcoq-coquelicot" in capsys.readouterr().err

    def test_a_problem_is_a_status(self, monkeypatch, capsys, tmp_path):
        coqc = tmp_path / "coqc"
        coqc.write_text("#!/bin/sh\necho The Coq Proof Assistant\n")
        coqc.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}")
        for problems in ([], ["it is broken"]):
            monkeypatch.setattr(certify, "certify", lambda jobs, said=problems: said)
            assert main(["--jobs", "1"]) == len(problems)
            printed = capsys.readouterr()
            assert printed.out == "The Coq Proof Assistant\n"
            assert printed.err.splitlines() == problems


class TestMutants:
    @pytest.mark.parametrize("name", catalogue())
    def test_points_refute_two_of_each_theorem(self, name):
        """`mutants` raises where they do not."""
        chain = catalogue()[name]()
        found = mutants(chain)
        assert len(found) >= LEAST
        sides = {(x.left, x.right, x.using, x.case) for x in found.values()}
        lefts = [chain.start, *(x.right for x in chain.steps)]
        for left, step in zip(lefts, chain.steps, strict=False):
            assert (left, step.right, step.using, chain.case) not in sides

    @pytest.mark.parametrize(
        ("name", "kinds"),
        [
            ("softmax.case_equal", "sign factor index case"),
            ("softmax.jacobian_rows", "sign factor number"),  # the result is 0
            ("batch.gradient", "sign factor index mean hypothesis"),
            ("batch.other_examples", "number case"),  # of one step
        ],
    )
    def test_what_is_true_by_chance_is_left_out(self, name, kinds):
        assert " ".join(mutants(catalogue()[name]())) == kinds

    def test_a_line_loses_its_hypothesis(self):
        found = mutants(catalogue()["logits.gradient"]())["hypothesis"]
        assert (found.right, found.using) == (a[j] - y[j], ())

    def test_too_few_are_an_error(self):
        chain = Derivation(Integer(0)).step(0, "it is")  # that 0 is 1 is the only one
        with pytest.raises(TooFewError):
            mutants(chain)

    def test_their_file_has_a_proof_that_has_to_fail_for_each(self):
        text = file_of_mutants("logits")
        count = sum(
            len(mutants(derive()))
            for name, derive in catalogue().items()
            if name.startswith("logits.")
        )
        assert text.count("Proof. Fail timeout ") == text.count("Abort.") == count
        assert "Qed." not in text and text == file_of_mutants("logits")
