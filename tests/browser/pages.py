"""Pages of explorers, and what helpers says is to be seen on them; notebooks exported.

    python -m tests.browser.pages FOLDER

Each case is an explorer of its own on light.html: what a reader does with it, step by
step, and the text that has to be there afterwards. explorers.mjs carries it
out.
"""

import json
import sys
from functools import partial
from pathlib import Path

import numpy as np
from nbconvert import HTMLExporter

import helpers
from helpers import (
    log_softmax,
    one_hot,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
    softmax_jacobian,
)

NAMES = ["softmax", "jacobian", "gradient", "temperature", "smoothing"]
FREQUENCIES = (0.5, 0.3, 0.2)
LOOKS = {
    "light": "color: #111; background: #fff",
    "dark": "color: #ddd; background: #111",
}
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CORE = ["02_softmax_derivative", "04_chain_rule", "05_why_both_cases"]
UNIT = 150 / 11.5  # how far a bar of z is dragged for 1, in pixels of its picture
CORNERS = np.array([[20, 248], [280, 248], [150, 248 - 130 * np.sqrt(3)]])


def number(x, digits=2):
    """As the pictures write it."""
    if np.isnan(x):
        return "NaN"
    if np.isinf(x):
        return "∞" if x > 0 else "−∞"
    return f"{x:z.{digits}f}".replace("-", "−")


def row(v, digits=2):
    return f"({', '.join(number(x, digits) for x in v)})"


class Reader:
    """What a reader does with one explorer, and the values it should then stand at."""

    def __init__(self, name, z=(1.0, 2.0, 0.5), true_class=1):
        given = {} if name in NAMES[:2] else {"true_class": true_class}
        self.html = getattr(helpers, f"explore_{name}")(z, **given).to_html()
        self.name, self.start = name, (np.array(z, float), true_class)
        self.steps = []
        self.true_class, self.without = self.start[1], False
        self.put_back()

    def put_back(self):
        self.z, self.moved, self.trail = self.start[0].copy(), 0, []
        self.size = self.temperature = 0
        self.share = 0.1 if self.name == "smoothing" else 0

    def reset(self):
        """The numbers of the start again; what is chosen and ticked stays."""
        self.put_back()
        return self.do(click="reset")

    def do(self, **step):
        self.steps.append(step)
        return self

    def press(self, i, *keys):
        """Keys on the bar of z_i, counted from 1."""
        by = {"ArrowUp": 0.1, "ArrowLeft": -0.1, "PageUp": 1, "PageDown": -1}
        for key in keys:
            z = self.z[i - 1] + by.get(key, {"Home": -10, "End": 10}.get(key))
            self.z[i - 1] = round(np.clip(z, -5, 5), 6)
        self.moved, self.trail = i - 1, []
        return self.do(focus=f"logit z {i}", keys=keys)

    def drag(self, i, by, **how):
        self.z[i - 1] = round(np.clip(self.z[i - 1] + by, -5, 5), 1)
        self.moved, self.trail = i - 1, []
        return self.do(drag=f"logit z {i}", right=0, down=-by * UNIT, **how)

    def drag_point(self, right, down, **how):
        """The point follows as far as the triangle reaches; the mean of z is kept."""
        to = softmax(self.z) @ CORNERS + [right, down]
        a = np.linalg.solve(np.vstack([CORNERS.T, np.ones(3)]), [*to, 1])
        logs = np.log(np.maximum(a, 0.001))
        z = logs + self.z.mean() - logs.mean()
        self.z = z - max(0, z.max() - 5) - min(0, z.min() + 5)
        self.trail = []
        return self.do(drag="point a on the triangle", right=right, down=down, **how)

    def choose(self, true_class):
        self.true_class = true_class
        return self.do(
            click=f"true class {true_class}"
            if true_class
            else f"frequencies {row(FREQUENCIES)}"
        )

    def preset(self, name):
        at = {"right": self.true_class - 1, "wrong": self.true_class % self.z.size}
        self.z = np.zeros(self.z.size)
        if name != "undecided":
            self.z[at[name.split()[-1]]] = 4
        self.trail = []
        return self.do(click=name)

    def shift(self, by):
        self.z, self.trail = self.z + by, []
        return self.do(click=f"all z {'+' if by > 0 else '−'} 1")

    def descend(self, click="one step"):
        self.trail.append(self.z)
        rate = 3 if self.name == "both_cases" else 1
        self.z = self.z - rate * self.gradient()
        return self.do(click=click)

    def gradient(self):
        a, y = softmax(self.z), self.labels
        return -y * (1 - a) if self.without else a - y

    def switch(self, **how):
        """Tick or untick "without i ≠ j"."""
        self.without = not self.without
        return self.do(**how or {"click": "without"})

    def slide(self, name, value, *keys):
        """A slider of the page, moved by keys from where it is to this value."""
        setattr(self, name, value)
        return self.do(focus=name, keys=keys)

    @property
    def labels(self):
        if self.true_class == 0:
            return np.array(FREQUENCIES)
        y = one_hot(self.true_class - 1, self.z.size)
        return (1 - self.share) * y + self.share / self.z.size

    def expected(self):
        """Lines of text, numbers in pictures and the table, what sliders tell."""
        lines, *bars = getattr(self, f"see_{self.name}")()
        values = [[number(x) for x in self.z], *bars]
        a = softmax(10.0**self.size * self.z / 10.0**self.temperature)
        pairs = zip(self.z, a, strict=True)
        spoken = [f"{number(z)}, probability {number(p)}" for z, p in pairs]
        if self.name in ("gradient", "both_cases") and self.z.size == 3:
            spoken.append(f"a = {row(a)}")
        table = self.table()
        if self.name == "both_cases":  # the triangle comes first
            spoken = [*spoken[-1:], *spoken[:-1]]
        return {"lines": lines, "bars": values, "table": table, "spoken": spoken}

    def see_softmax(self):
        powers, a = np.exp(self.z), softmax(self.z)
        exponents = ", ".join(f"e{number(x)}" for x in self.z)
        lines = [
            "ai = ezi / Σ ezk",
            f"a = ({exponents}) / Σ = {row(powers)} / {number(powers.sum())}"
            f" = {row(a)}",
            most_probable(a),
        ]
        return lines, [number(x) for x in a]

    def see_jacobian(self):
        a, J, j = softmax(self.z), softmax_jacobian(self.z), self.moved
        i = (j + 1) % a.size
        lines = [
            f"∂a{j + 1}/∂z{j + 1} = a{j + 1} (1 − a{j + 1}) = "
            f"{number(a[j])} · {number(1 - a[j])} = {number(J[j, j])}",
            f"∂a{i + 1}/∂z{j + 1} = −a{i + 1} a{j + 1} = "
            f"−{number(a[i])} · {number(a[j])} = {number(J[i, j])}",
            most_probable(a),
        ]
        return lines, [number(x) for x in a]

    def table(self):
        if self.name == "both_cases":
            return self.chain_rule()
        if self.name != "jacobian":
            return []
        J = softmax_jacobian(self.z)
        return [[number(x) for x in [*entries, sum(entries)]] for entries in J]

    def chain_rule(self):
        """The rows of the Jacobian, and dz: a_j where another class is the true one."""
        J, c = softmax_jacobian(self.z), self.true_class
        rows = [[number(x) for x in entries] for entries in J]
        last = [number(x) for x in self.gradient()]
        for j in range(len(last)):
            if c and j != c - 1 and not self.without:
                last[j] += f" = a{j + 1}"
        return [*rows, last]

    def see_gradient(self, letter="y", digits=0):
        z, f = self.z, self.labels
        a, dz = softmax(z), softmax_cross_entropy_grad(z, f)
        along, total = sum(f * z), number((z - log_softmax(z))[0])
        along = f"({number(along)})" if along < 0 else number(along)
        losses = [number(softmax_cross_entropy(x, f)) for x in [*self.trail[-3:], z]]
        count = len(self.trail)
        lines = [
            f"dz = a − {letter} = {row(a)} − {row(f, digits)} = {row(dz)}",
            f"L = −Σ {letter}i log ai = log Σ ezi − Σ {letter}i zi = "
            f"{total} − {along} = {number(softmax_cross_entropy(z, f))}",
            f"|dz| = {number(np.linalg.norm(dz))}, "
            f"{count} step{'' if count == 1 else 's'} of descent: "
            f"L = {' → '.join(losses)}",
        ]
        beside = [] if digits else [number(x, 0) for x in f if x]
        return lines, [*map(number, a), *beside], [*map(number, dz)]

    def see_both_cases(self):
        a, y = softmax(self.z), self.labels
        own, others = -y * (1 - a), a * (1 - y)
        count, end = len(self.trail), y
        lines = [
            f"i = j: −yj (1 − aj) = {row(own)}",
            f"i ≠ j: aj Σi ≠ j yi = {row(others)}",
            f"dz = a − y = {row(a - y)}",
        ]
        astray, why = np.array([19, 11, 1]) / 31, ""
        if self.without:
            lines = [lines[0], f"dz = −yj (1 − aj) = {row(own)}"]
            end = y if self.true_class else astray
        if self.without and self.true_class:
            still = [j + 1 for j in range(y.size) if not y[j]]
            z, of_a = (", ".join(f"{letter}{j}" for j in still) for letter in "za")
            norms = [number(np.exp(x).sum()) for x in [*self.trail[-3:], self.z]]
            why = (
                f". No step moves {z}: only the normaliser Σ ezk = "
                f"{' → '.join(norms)} lets {of_a} fall. The direction is wrong all "
                "the same: with one true class, what is "
                "left of dz still raises the true logit, and so leads to y; with the "
                f"frequencies it leads to a = {row(astray)}"
            )
        lines.append(
            f"{'without' if self.without else 'with'} i ≠ j: descent ends at a = "
            f"{row(end)}{' = y' if end is y else ', not at y'}; after {count} "
            f"step{'' if count == 1 else 's'} a = {row(a)}, "
            f"L = {number(softmax_cross_entropy(self.z, y))}{why}"
        )
        parts = own if self.without else np.concatenate([own, others])
        return lines, [*map(number, a)], [number(x) for x in parts if x]

    def see_smoothing(self):
        lines, *bars = self.see_gradient("f", 2)
        y = one_hot(self.true_class - 1, self.z.size)
        numbers = f"{number(1 - self.share)} {row(y, 0)}"
        numbers += f" + {number(self.share)}/{self.z.size}"
        first = f"f = (1 − α) y + α/n = {numbers} = {row(self.labels)}"
        return [first, *lines], *bars

    def see_temperature(self):
        size, temperature = 10.0**self.size, 10.0**self.temperature
        u, y = size * self.z / temperature, self.labels
        single, hot = np.float32(u), np.float32(y)
        fused = softmax_cross_entropy_grad(single, hot)
        with np.errstate(all="ignore"):
            dA = -hot / softmax(single)
            two_steps = np.sum(dA[:, None] * softmax_jacobian(single), axis=0)
        lines = [
            f"u = λ z / T = {number(size)} {row(self.z)} / {number(temperature)}"
            f" = {row(u)}",
            f"a − y = {row(softmax(single))} − {row(y, 0)} = {row(fused)}",
            f"−y/a through J = {row(two_steps)}",
            most_probable(softmax(u)),
        ]
        words = [number(x) for x in two_steps if not np.isfinite(x)]
        a = [number(x) for x in softmax(u) if x] + [number(x, 0) for x in y if x]
        return lines, a, [*(number(x) for x in fused if x), *words]


def most_probable(a):
    return f"most probable: class {a.argmax() + 1}, a = {number(a.max())}"


def readers():
    """Every explorer as it starts, and what a reader may do with it."""
    for name in NAMES:
        yield Reader(name)
        yield Reader(name).press(1, "ArrowUp", "ArrowUp", "PageUp", "ArrowLeft")
        yield Reader(name, [4.5, -4.5]).press(1, "PageUp").press(2, "Home", "End")
        yield Reader(name).drag(2, -3.3).drag(1, 0.5)
        yield Reader(name).drag(3, 2, touch=True)
        eight = Reader(name, np.zeros(8))  # each a_i is 0.125, halfway
        yield eight
        yield Reader(name, np.zeros(8)).press(8, "End").press(3, "PageUp")
        if name not in NAMES[:2]:
            yield Reader(name, true_class=3).press(2, "Home").choose(2)
    rng = np.random.default_rng(0)
    for n in range(2, 9):
        z = rng.uniform(-5, 5, n).round(2)
        for name in NAMES:
            reader = Reader(name, z, int(rng.integers(1, n + 1)))
            yield reader.press(int(rng.integers(1, n + 1)), "PageDown", "ArrowUp")
    yield Reader("softmax").shift(1).shift(1)
    yield Reader("softmax").shift(-1)
    for name in ("gradient", "smoothing"):
        yield Reader(name).descend()
        yield Reader(name, true_class=2).preset("sure and wrong").descend().descend()
        yield Reader(name).preset("sure and right").choose(3).descend()
        yield Reader(name, np.arange(8) / 2, 8).preset("undecided")
        yield Reader(name, [5, 5, 5]).descend().descend().descend().descend().descend()
        yield Reader(name).press(3, "End").do(click="one step").reset()
    yield Reader("both_cases").press(2, "PageUp").choose(3).descend().switch()
    both = partial(Reader, "both_cases", true_class=0)
    yield both()
    yield both().switch()
    yield both().switch(focus="without", keys=[" "]).descend().descend().switch()
    yield both().descend().switch().press(1, "PageDown").descend()
    yield both().choose(2).switch().descend()
    yield both().choose(2).switch().descend().choose(0)
    yield both().drag_point(-60, -40).choose(1).switch().reset()
    for by in [(-60, -40), (100, 0), (0, -400), (-300, 90), (7, 3)]:
        yield Reader("gradient").drag_point(*by)
    yield Reader("gradient", [4, 4.5, 5]).drag_point(-200, 30)
    yield Reader("gradient").drag_point(-60, -40, touch=True)
    yield Reader("smoothing").slide("share", 1, "End")
    yield Reader("smoothing", true_class=2).slide("share", 0.13, *3 * ["ArrowRight"])
    yield Reader("smoothing", np.arange(8) - 4).slide("share", 0, "Home").descend()
    yield Reader("temperature").slide("size", 3, "End")
    yield Reader("temperature").slide("size", 0.15, *3 * ["ArrowRight"]).choose(2)
    yield Reader("temperature", [1, 2, 1.5]).slide("size", 1.95, *39 * ["ArrowRight"])
    hot = Reader("temperature").slide("size", 2.3, *46 * ["ArrowRight"])
    yield hot
    yield Reader("temperature").slide("temperature", -1, "Home").slide("size", 3, "End")
    yield (
        Reader("temperature")
        .slide("temperature", 1, "End")
        .slide("size", 2.3, *46 * ["ArrowRight"])
    )


def astray(steps=100):
    """The line about descent without i ≠ j after each number of steps."""
    reader = Reader("both_cases", true_class=0).switch()
    for _ in range(steps):
        yield reader.expected()["lines"][-1]
        reader.descend()


def losses_of_descent(steps=100):
    """The line about descent after each number of steps, from the usual start."""
    reader = Reader("gradient")
    for _ in range(steps):
        yield reader.expected()["lines"][-1]
        reader.descend()


def heard():
    """What is said of each picture after a key on z_1, and after two of its buttons."""
    z, y = np.array([1.1, 2, 0.5]), np.array(FREQUENCIES)
    a, J = softmax(z), softmax_jacobian(z)
    most, total = most_probable(a), softmax_cross_entropy
    dz, f = a - one_hot(0, 3), 0.9 * one_hot(0, 3) + 0.1 / 3
    own, others = row(-y * (1 - a)), row(a * (1 - y))
    return [
        f"a = {row(a)}, {most}",
        f"∂a_1/∂z_1 = {number(J[0, 0])}, {most}",  # ∂a_2/∂z_1 is −0.15 as before
        f"dz = {row(dz)}, L = {number(total(z, one_hot(0, 3)))}",
        f"a − y = {row(dz)}, −y/a through J = {row(dz)}, {most}",
        f"dz = {row(a - f)}, L = {number(total(z, f))}",
        f"dz = {row(a - y)}, i = j {own}, i ≠ j {others}, L = {number(total(z, y))}",
        f"z = {row(z + 1)}, a = {row(a)} as before",
        f"dz = {own}, i ≠ j left out, "
        f"descent ends at a = {row(np.array([19, 11, 1]) / 31)}, not at y",
    ]


def page(look, explorers):
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>explorers'
        '</title>\n<meta name="viewport" content="width=device-width">\n'
        f'<body style="{look}">\n' + "\n<hr>\n".join(explorers) + "\n</html>\n"
    )


def exported(name, **options):
    """A saved notebook as a page, typeset by the MathJax beside this file."""
    mathjax = Path(__file__).with_name("node_modules") / "mathjax/MathJax.js"
    address = f"{mathjax.as_uri()}?config=TeX-AMS_CHTML-full,Safe"
    exporter = HTMLExporter(mathjax_url=address, **options)
    return exporter.from_filename(NOTEBOOKS / f"{name}.ipynb")[0]


def main(folder):
    cases = list(readers())
    usual = [Reader(name).html for name in NAMES]
    usual += [Reader("both_cases", true_class=0).html]
    wide = [Reader(name, np.arange(8) - 3.5).html for name in NAMES]
    one = Reader("both_cases").html
    pages = {
        "light": page(LOOKS["light"], [x.html for x in cases]),
        "narrow": page(LOOKS["light"], usual + wide + [one]),
        "dark": page(LOOKS["dark"], usual + wide + [one]),
        "empty": page(LOOKS["light"], []),
        "summary": exported("17_summary", exclude_input=True),
        **{name: exported(name) for name in CORE},
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    told = {
        "cases": [
            {"name": x.name, "steps": x.steps, "expected": x.expected()} for x in cases
        ],
        "descent": list(losses_of_descent()),
        "astray": list(astray()),
        "heard": heard(),
        "html": Reader("gradient").html,
        "core": CORE,
    }
    (folder / "cases.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
