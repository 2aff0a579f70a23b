"""Numbers, labels and curves in words, for alt text.

The text has few digits and depends on no rounding: it is the same on every machine.
"""

import numpy as np


def in_digits(number, form="{:z.2f}"):
    """Write a number with the minus sign of mathematics; -0.00 is 0.00."""
    return form.format(number).replace("-", "−")


def listed(values):
    """List up to ten numbers; of more, say how many they are and their range."""
    if len(values) <= 10:
        return ", ".join(in_digits(value) for value in values)
    least, most = in_digits(np.min(values)), in_digits(np.max(values))
    return f"{len(values)} numbers from {least} to {most}"


def plainly(label):
    r"""Write a label without the signs of LaTeX: $a_{1}$ is a_1."""
    return label.replace(r"\,", " ").translate({ord(sign): None for sign in "${}\\"})


def course(values):
    """Say where a curve begins and ends, and what is farther out in between."""
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    if not values.size:
        return "nowhere, for it has no finite number"
    # What is so small beside the others is rounding.
    values = np.where(np.abs(values) < 1e-12 * np.abs(values).max(), 0, values)
    ends, far = values[[0, -1]], values[[values.argmin(), values.argmax()]]
    margin = 0.05 * np.ptp(values)
    is_beyond = far[0] < ends.min() - margin, far[1] > ends.max() + margin
    between = " and ".join(about(value) for value in far[np.array(is_beyond)])
    by_way = f" by way of {between}" if between else ""
    return f"from {about(ends[0])}{by_way} to {about(ends[1])}"


def about(number):
    """Write a number in three digits, as a power of ten where it is far from 1."""
    return in_digits(number, "{:z.3g}")


def bound(most):
    """Return an even power of ten above; machines differ in rounding by a few times."""
    power = 2 * int(np.ceil(np.log10(most) / 2 - 1e-6))
    return "1" if power == 0 else f"10^{power}".replace("-", "−")
