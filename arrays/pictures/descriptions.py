"""Numbers, labels and curves in words, for alt text.

The text has few digits and depends on no rounding: it is the same on every machine.
"""

import numpy as np


def in_digits(number, form="{:z.2f}"):
    """Write a number with the minus sign of mathematics; -0.00 is 0.00."""
    return form.format(number).replace("-", "−")


def listed(values):
    """List up to ten numbers; for more, give their count and range."""
    if len(values) <= 10:
        return ", ".join(in_digits(value) for value in values)
    least, most = in_digits(np.min(values)), in_digits(np.max(values))
    return f"{len(values)} numbers from {least} to {most}"


def plainly(label):
    r"""Write a label without the signs of LaTeX: $a_{1}$ is a_1."""
    return label.replace(r"\,", " ").translate({ord(sign): None for sign in "${}\\"})


def course(values, logarithmic=False):
    """Say where a curve begins and ends, what is farther out, and whether it swings.

    >>> course([1, 4, 2]), course([4, 1, 3, 1, 3, 1, 3])
    ('from 1 by way of 4 to 2', 'from 4 by way of 1 to 3, swinging')
    >>> course([1.1, 0.9, 24]), course([1.1, 0.9, 24], logarithmic=True)
    ('from 1.1 to 24', 'from 1.1 by way of 0.9 to 24')
    """
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values)]
    if not values.size:
        return "nowhere, for it has no finite number"
    # What is so small beside the others is rounding.
    values = np.where(np.abs(values) < 1e-12 * np.abs(values).max(), 0, values)
    ends, far = values[[0, -1]], values[[values.argmin(), values.argmax()]]
    drawn = np.log if logarithmic and values.min() > 0 else np.asarray
    heights = drawn(values)
    margin, (low, high) = 0.05 * np.ptp(heights), np.sort(drawn(ends))
    is_beyond = heights.min() < low - margin, heights.max() > high + margin
    between = " and ".join(about(value) for value in far[np.array(is_beyond)])
    by_way = f" by way of {between}" if between else ""
    steps = np.diff(heights)
    turns = np.diff(np.sign(steps[np.abs(steps) > 0.02 * np.ptp(heights)]))
    swings = ", swinging" if np.count_nonzero(turns) >= 4 else ""
    return f"from {about(ends[0])}{by_way} to {about(ends[1])}{swings}"


def about(number):
    """Write a number in three digits, as a power of ten where it is far from 1."""
    return in_digits(number, "{:z.3g}")


def bound(most):
    """Return an even power of ten above; machines differ in rounding by a few times."""
    power = 2 * int(np.ceil(np.log10(most) / 2 - 1e-6))
    return "1" if power == 0 else f"10^{power}".replace("-", "−")
