"""The measurements as one picture."""

import matplotlib as mpl
import matplotlib.pyplot as plt

from arrays.pictures.figure import STYLE
from bench import gradient, large, proof


def draw(found, path):
    """Draw the sections that were measured, and save the picture."""
    panels = {
        "proof": draw_proof,
        "gradient": draw_gradient,
        "large": draw_large,
        "series": draw_series,
    }
    chosen = [name for name in panels if name in found]
    style = [STYLE, {"svg.hashsalt": "bench"}]
    with plt.style.context(style):
        figure, axes = plt.subplots(
            len(chosen), squeeze=False, figsize=(9, 4.2 * len(chosen))
        )
        for name, ax in zip(chosen, axes.flat, strict=True):
            panels[name](ax, found[name])
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


def draw_proof(ax, times):
    """Does the time of a proof grow with the number of classes?"""
    colours = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    for colour, marker, (name, words) in zip(
        colours, "os^Dv", proof.IN_WORDS.items(), strict=False
    ):
        plain = [times[size][name] for size in proof.SIZES]
        style = {"color": colour, "marker": marker}
        ax.plot(proof.SIZES, plain, "--", label=f"{words}, plain", **style)
        ours = [times["chain"][name]] * len(proof.SIZES)
        ax.plot(proof.SIZES, ours, "-", label=f"{words}, chain", **style)
    ax.set(
        yscale="log",
        xticks=proof.SIZES,
        xlabel="number of classes n of the plain symbols",
        ylabel="time in s",
        title="Proof: one chain for every n (full lines), plain symbols (dashed)",
    )
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def draw_gradient(ax, found):
    """How many plain copies of the array does each way cost?"""
    names = list(dict.fromkeys(name for one in found.values() for name in one["times"]))
    names.sort(key=lambda name: name != gradient.OURS)
    markers = "os^"
    for marker, (size, one) in zip(markers, found.items(), strict=True):
        times = one["times"]
        copy = times[gradient.COPY][0]
        here = [name for name in names if name in times]
        ax.plot(
            [times[name][0] / copy for name in here],
            [names.index(name) for name in here],
            linestyle="none",
            marker=marker,
            label="n = {}, m = {}".format(*size),
        )
    ax.set(
        xscale="log",
        yticks=range(len(names)),
        yticklabels=names,
        xlabel="time, in plain copies of the array",
        title="Gradient in float32: the limit is one copy",
    )
    ax.invert_yaxis()
    ax.grid(axis="y", alpha=0.3)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def draw_large(ax, found):
    """What does each way cost in time and in memory, where n is large?"""
    for marker, (name, one) in zip("osv^<>DPX*", found["times"].items(), strict=False):
        at = one["seconds"][0], found["peaks"][name]["peak"] / 2**20
        ax.plot(*at, marker, linestyle="none", label=name)
    ax.set(
        xscale="log",
        yscale="log",
        xlabel="time in s, n = {}, d = {}, m = {}".format(*large.SIZE),
        ylabel="MiB beyond inputs and results",
        title="A softmax layer at a large vocabulary",
    )
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))


def draw_series(ax, found):
    """Is the series close to the cost of its imports?"""
    times, count = found
    names = list(times)
    ax.barh(names, [times[name][0] for name in names], height=0.5)
    ax.axvline(1.5 * times["imports only"][0], color="black", linestyle=":")
    ax.set(
        xlabel="time in s; dotted: 1.5 times imports only",
        title=f"Series: strict nbval over {count} notebooks",
    )
    ax.invert_yaxis()
