"""A loss that means something else than what is read is asked about, never taken."""

import re

import numpy as np
import pytest

from derivations.loss.source.conditions import holds_for
from derivations.request.context import UnreadablePartError, context
from derivations.request.loss_letters.meanings import read_loss
from derivations.request.loss_letters.parameters import parameters_of
from derivations.request.losses import other_kinds, own_loss

rng = np.random.default_rng(5)


def refused(loss):
    """Why a loss is not read."""
    with pytest.raises(UnreadablePartError) as caught:
        parameters_of(loss)
    return caught.value


class TestTeacherAndStudent:
    DISTILLED = "T^2 KL(softmax(v/T) || softmax(z/T))"

    @pytest.mark.parametrize(
        "loss",
        [
            "T^2 KL(softmax(z_t/T) || softmax(z_s/T))",
            "T^2 KL(softmax(z_t/T) || softmax(z/T))",
            "T^2 KL(softmax(v/T) || softmax(z_s/T))",
            "T^2 KL(softmax(zt/T) || softmax(zs/T))",
            "T^2 KL(softmax(t/T) || softmax(s/T))",
            "T^2 KL(softmax(z'/T) || softmax(z/T))",
            "T^2 KL(softmax(z^{(t)}/T) || softmax(z^{(s)}/T))",
            r"T^2 KL(softmax(z_{\text{teacher}}/T) || softmax(z/T))",
        ],
    )
    def test_are_asked_about(self, loss):
        problem = refused(loss)
        assert "mark" in problem.expected
        assert [*problem.suggestions] == [self.DISTILLED]
        with pytest.raises(UnreadablePartError, match="mark"):
            own_loss(loss, parameters=[("T", "positive")])

    @pytest.mark.parametrize(
        ("loss", "line"),
        [
            ("T^2 KL(p_t || p_s)", "T^2 KL(y || a)"),
            ("KL(p^T || p^S)", "KL(y || a)"),
            ("KL(p_t || p)", "KL(y || p)"),
            ("-sum_k p_k^T log p_k^S", "-sum_k y_k log a_k"),
            (
                "CE(y, softmax(z_s)) + KL(softmax(z_t/T) || softmax(z_s/T))",
                "CE(y, softmax(z)) + KL(softmax(v/T) || softmax(z/T))",
            ),
        ],
    )
    def test_have_a_line_that_is_derived(self, loss, line):
        assert [*refused(loss).suggestions] == [line]
        pairs = [one[:2] for one in parameters_of(line)]
        assert own_loss(line, parameters=pairs, using=["H1"]).verdict

    def test_no_line_makes_two_networks_one(self):
        assert not refused("KL(softmax(z) || softmax(z_s))").suggestions


class TestPriors:
    """Logit adjustment (Menon et al., 2021): log π stands beside the logits."""

    @pytest.mark.parametrize(
        ("loss", "name"),
        [
            ("CE(y, softmax(z + tau*log(pi)))", "pi"),
            ("CE(y, softmax(z + τ log π))", "pi"),
            (r"CE(y, softmax(z + \tau \log \pi))", "pi"),
            ("-Σ_k y_k log softmax(z + tau*log(π))_k", "pi"),
            ("-(y*log(softmax(logits + tau*log(prior)))).sum()", "prior"),
            ("CE(y, softmax(z + tau*log(w)))", "w"),
            ("CE(y, softmax(z + tau*log(p)))", "p"),
            ("CE(y, softmax(z + tau*log(q)))", "q"),
            ("-Σ_c y_c log(e^{z_c + tau log pi_c}/Σ_k e^{z_k + tau log pi_k})", "pi"),
        ],
    )
    def test_are_one_positive_number_a_class(self, loss, name):
        found = parameters_of(loss)
        signs = {x.name.partition("[")[0]: x.sign for x in found if "[" in x.name}
        assert signs == {name: "positive"} and "tau" in {x.name for x in found}
        own = own_loss(loss, parameters=[x[:2] for x in found], using=["H1"])
        Z, Y, w = rng.standard_normal((3, 4)), np.eye(3)[:, [0, 2, 1, 1]], [0.2, 0.5, 3]
        A = np.exp(Z) * np.array(w)[:, None] ** 2
        got = own.to_numpy(**{name: w, "tau": 2})(Z, Y)
        np.testing.assert_allclose(got, A / A.sum(axis=0) - Y)
        if "_" not in loss:
            assert other_kinds(loss, "softmax", found)[f"{name}[k]"] == name
        assert "from 0.5 to 4" in own.accuracy.sentence

    def test_of_any_sign_are_measured_where_they_have_a_logarithm(self):
        """Their condition is said once, whatever letters the two places have."""
        loss = "-Σ_c y_c log(e^{z_c + tau log pi_c}/Σ_k e^{z_k + tau log pi_k})"
        given = [("pi[c]", "real"), ("tau", "positive")]
        own = own_loss(loss, parameters=given, using=["H1"])
        said = "τ > 0, π_k > 0 (log π_k has no value at 0) and labels with Σ_k y_k = 1"
        assert holds_for(own) == f"holds for {said} (H1)"
        assert own.accuracy.given == ("pi from 0.5 to 4", "tau from 0.5 to 4")

    def test_may_be_one_number_and_an_array_again(self):
        loss = "CE(y, softmax(z + tau*log(w)))"
        given = [("w", "positive")]
        found = parameters_of(loss, given=given)
        assert ("w", "positive") in [x[:2] for x in found]
        assert other_kinds(loss, "softmax", found)["w"] == "w[k]"

    def test_with_an_index_beside_all_logits_are_asked_about(self):
        for loss in (
            "CE(y, softmax(z + tau*log(pi_k)))",
            "-Σ_k y_k log softmax(z + tau*log(pi_k))_k",
        ):
            problem = refused(loss)
            assert "one number here" in problem.expected
            assert [*problem.suggestions] == [loss.replace("pi_k", "pi")]
        assert parameters_of("CE(y, softmax(z_k + tau*log(pi_k)))")

    def test_are_no_others(self):
        assert parameters_of("CE(y, softmax(z - tau*log(n)))")[0].name == "tau"
        assert [x.name for x in parameters_of("w CE(y, softmax(z)) + log(w)")] == ["w"]


@pytest.mark.parametrize(
    ("loss", "name", "line"),
    [
        ("F.cross_entropy(z, y, weight=w)", "weight", None),
        ("F.cross_entropy(z, y, label_smoothing=0.1)", "label_smoothing", None),
        ("CE(y, a, reduction='sum')", "reduction", "CE(y, a)"),
        (
            "F.kl_div(F.log_softmax(z, dim=1), y, reduction='batchmean')",
            "reduction",
            "F.kl_div(F.log_softmax(z, dim=1), y)",
        ),
        ("F.cross_entropy(z, target=y)", "target", None),
    ],
)
def test_keywords_of_a_library_are_named(loss, name, line):
    problem = refused(loss)
    assert f"such as `{name}` are not read" in problem.expected
    assert loss.startswith(f"{name}=", problem.position)
    assert [*problem.suggestions] == [line] * bool(line)
    for shown in re.findall(r"as in (.*)", problem.expected):
        pairs = [x[:2] for x in parameters_of(shown)]
        assert own_loss(shown, parameters=pairs, using=["H1"]).verdict


@pytest.mark.parametrize("loss", ["Sum_k y_k^2", "Sum_k a_k", "KL(a || a)"])
def test_a_loss_without_a_gradient_is_named_as_it_is_written(loss):
    with pytest.raises(ValueError, match="does not depend on z") as caught:
        own_loss(loss)
    assert not any(x in str(caught.value) for x in ("Sum(", "**", "times("))


FLAT = "sum_k y_k (exp(kappa(1-a_k)) - 1)/kappa"
"""A loss in which κ is a number."""


class TestLetterOfLectures:
    @pytest.mark.parametrize("letter", ["t", "s", "o", "p", "q", "u", "h", "m", "x"])
    def test_without_an_index_is_a_number(self, letter):
        loss = FLAT.replace("kappa", letter)
        (one,) = found = parameters_of(loss)
        assert one.name == letter
        own = own_loss(loss, parameters=[x[:2] for x in found])
        same = own_loss(FLAT, parameters=[("kappa", "positive")])
        Z, Y = rng.standard_normal((2, 3, 4))
        got = own.to_numpy(**{letter: 0.5})(Z, Y)
        np.testing.assert_allclose(got, same.to_numpy(kappa=0.5)(Z, Y))
        assert {letter, letter + "_"} & {*re.findall(r"\w+", own.source("numpy"))}

    @pytest.mark.parametrize(
        ("loss", "lines"),
        [
            (
                "(y*(exp(t*(1-a))-1)/t).sum()",
                [
                    "(y*(exp(kappa*(1-a))-1)/kappa).sum()",
                    "(a*(exp(y*(1-z))-1)/y).sum()",
                ],
            ),
            (
                "(y*(exp(s*(1-a))-1)/s).sum()",
                [
                    "(y*(exp(kappa*(1-a))-1)/kappa).sum()",
                    "(y*(exp(z*(1-a))-1)/z).sum()",
                ],
            ),
        ],
    )
    def test_in_whole_arrays_is_asked_about(self, loss, lines):
        assert [*refused(loss).suggestions] == lines

    def test_is_not_taken_by_the_command(self):
        with pytest.raises(UnreadablePartError, match="is `t` a number"):
            own_loss(FLAT.replace("kappa", "t"))

    @pytest.mark.parametrize(
        ("loss", "read"),
        [
            ("-sum_k t_k log y_k", "y read as a; t read as y"),
            ("-sum(t*log(y))", "y read as a; t read as y"),
            ("-sum_k y_k log p", "p read as a"),
            ("-sum_k y_k log softmax(s)_k", "s read as z"),
        ],
    )
    def test_of_an_array_is_that_of_the_lecture(self, loss, read):
        assert parameters_of(loss) == []
        assert read in str(read_loss(loss, context()))


class TestIndex:
    @pytest.mark.parametrize(
        ("loss", "typed", "line"),
        [
            ("-sum_k y_k log a_q", "a_q", "-sum_k y_k log a_k"),
            ("-sum_k y_k log a_t", "a_t", "-sum_k y_k log a_k"),
            ("-sum_k y_k log a_m", "a_m", "-sum_k y_k log a_k"),
            ("-sum_k y_k log a_{q}", "a_{q}", "-sum_k y_k log a_{k}"),
            ("-sum_k y_k log a[q]", "a[q]", "-sum_k y_k log a[k]"),
            ("-Σ_k yₖ log aₗ", "aₗ", "-Σ_k yₖ log aₖ"),
            ("-Sum(y[k]*log(a[c]), (k, 1, n))", "a[c]", None),
        ],
    )
    def test_that_no_sum_counts_is_named_as_it_was_typed(self, loss, typed, line):
        with pytest.raises(UnreadablePartError, match="the sum counts k") as caught:
            own_loss(loss)
        problem = caught.value
        assert loss.startswith(typed, problem.position)
        assert "(k, 1, n)" not in problem.expected
        assert [*problem.suggestions] == [line or loss.replace("c", "k")]
        assert own_loss(problem.suggestions[0], using=["H1"]).verdict

    def test_of_one_class_is_named_as_it_was_typed(self):
        with pytest.raises(UnreadablePartError, match="the true class q") as caught:
            own_loss("-log a_q")
        assert own_loss(caught.value.suggestions[0]).verdict

    def test_without_a_sum_is_named(self):
        with pytest.raises(UnreadablePartError, match="put Σ_c before it") as caught:
            own_loss("-y_c log a_c")
        assert caught.value.position == 1

    @pytest.mark.parametrize(
        ("loss", "at"),
        [("log a_k - sum_k y_k z_k", 4), ("log(sum_k e^{z_k}) - y_k z_k", 21)],
    )
    def test_outside_its_sum_has_its_place(self, loss, at):
        with pytest.raises(UnreadablePartError, match="stands outside Σ_k") as caught:
            own_loss(loss)
        assert caught.value.position == at

    @pytest.mark.parametrize(
        "loss",
        [
            "-sum_k y_k log a_k + delta sum_k a_k^2",
            "-sum_k y_k log a_k + δ sum_k a_k^2",
            "sum_k (1-y_k) e^{kappa (z_k + delta - sum_i y_i z_i)}",
        ],
    )
    def test_of_a_delta_is_missed(self, loss):
        problem = refused(loss)
        assert "needs two indices" in problem.expected
        line = re.sub("delta|δ", "mu", loss)
        assert [*problem.suggestions] == [line]
        pairs = [x[:2] for x in parameters_of(line)]
        assert own_loss(line, parameters=pairs, using=["H1"]).verdict

    def test_of_a_delta_that_is_there_is_read(self):
        assert parameters_of("-sum_k sum_i delta_{ik} y_k log a_i") == []


class TestMargin:
    """CosFace in its usual letters: s and m are numbers."""

    OF_LABELS = "log(1 + sum_k (1-y_k) e^{s (z_k + m - sum_i y_i z_i)})"
    OF_ONE_CLASS = "-log(e^{s(z_c - m)}/(e^{s(z_c - m)} + sum_{k != c} e^{s z_k}))"

    def derived(self, loss, using):
        pairs = [x[:2] for x in parameters_of(loss)]
        assert sorted(x for x, _ in pairs) == ["m", "s"]
        return own_loss(loss, parameters=pairs, using=using)

    def test_of_labels_and_of_each_class_have_one_gradient(self):
        with pytest.raises(UnreadablePartError, match="the true class c") as caught:
            own_loss(self.OF_ONE_CLASS, parameters=[("s", "real"), ("m", "real")])
        (line,) = caught.value.suggestions
        assert line == f"Σ_c y_c ({self.OF_ONE_CLASS})"
        one = self.derived(line, ["H1"])
        other = self.derived(self.OF_LABELS, ["H1", "H3"])
        assert one.verdict and other.verdict
        Z, Y = rng.uniform(-0.9, 0.9, (4, 3)), np.eye(4)[:, :3]
        got, expected = (x.to_numpy(s=2, m=0.3)(Z, Y) for x in (one, other))
        np.testing.assert_allclose(got, expected, rtol=1e-9)

    def test_compared_with_another_class_keeps_its_letter(self):
        loss = "log(1 + sum_k (1-y_k) e^{s (z_k + m - z_c)})"
        with pytest.raises(UnreadablePartError, match="is c the true class") as caught:
            own_loss(loss, parameters=[("s", "positive"), ("m", "positive")])
        assert [*caught.value.suggestions] == [f"Σ_c y_c ({loss})"]

    def test_m_is_a_number_where_nothing_speaks_of_examples(self):
        (one,) = parameters_of("-(y*log(a)).sum()/m")
        assert one.name == "m"
        assert "m" not in refused("-(Y*log(A)).sum()/m").suggestions


class TestEpsilon:
    LOSS = "-sum_k y_k log a_k + eps sum_k a_k^2"

    def test_is_eps_in_letters_and_in_code(self):
        (one,) = parameters_of(self.LOSS)
        assert (one.name, one.words) == ("epsilon", "ε, a number from 0 to 1")
        assert "ε" in str(read_loss(self.LOSS, context(parameters=[one[:2]])))
        own = own_loss(self.LOSS, parameters=[("eps", "positive")])
        assert "eps_" not in re.findall(r"\w+", own.source("numpy"))

    @pytest.mark.parametrize("name", ["eps1", "epsom", "lambda1"])
    def test_is_no_other_name(self, name):
        (one,) = parameters_of(self.LOSS.replace("eps", name))
        assert one.name == name

    def test_numbers_of_a_picture_are_1_for_the_weights_of_terms(self):
        for name in ("alpha", "beta"):
            (one,) = parameters_of(self.LOSS.replace("eps", name))
            assert one.numbers == (1,)
