"""A loss that means something else than what is read is asked about, never taken."""

import pytest

from derivations.request.context import UnreadablePartError
from derivations.request.losses import own_loss
from derivations.request.parameters import parameters_of


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


@pytest.mark.parametrize("loss", ["Sum_k y_k^2", "Sum_k a_k", "KL(a || a)"])
def test_a_loss_without_a_gradient_is_named_as_it_is_written(loss):
    with pytest.raises(ValueError, match="does not depend on z") as caught:
        own_loss(loss)
    assert not any(x in str(caught.value) for x in ("Sum(", "**", "times("))
