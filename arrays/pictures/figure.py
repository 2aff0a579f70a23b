"""A figure in the style of the series, with its alt text; readable ink on any fill.

The colours of lines and bars stand in `pictures.mplstyle`.
"""

import io
from base64 import b64encode
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from matplotlib import style
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from PIL import Image

STYLE = Path(__file__).with_name("pictures.mplstyle")
SIGNED = "RdBu_r"  # the colours of signed values, white at 0
# The two cases of the softmax, in pictures and explorers; book.css has them as ink.
EQUAL, UNEQUAL = "#009E73", "#A6407D"


class Picture(Figure):
    """A figure whose `alt` says in words what it shows, for those who cannot see it.

    A notebook saves the words beside the image and in its metadata. The image has 1.6
    dots for each pixel of the page, to be sharp where a screen has more of them, and
    256 colours, which halves the file.
    """

    alt = ""

    def __repr__(self):
        return self.alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        drawn, small = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png", dpi=1.6 * self.dpi)
        Image.open(drawn).convert("RGB").quantize().save(small, "PNG", optimize=True)
        png = b64encode(small.getvalue()).decode()
        shown = {"alt": self.alt, "width": round(self.bbox.width)}
        return {"image/png": png, "text/plain": self.alt}, {"image/png": shown}


@contextmanager
def new_figure(rows=1, columns=1, figsize=None, **options):
    """Yield a new figure in our style, and its axes.

    Pyplot does not know the figure, so a notebook shows it once, at the end of a cell.
    """
    with style.context(STYLE):
        figure = Picture(figsize=figsize)
        yield figure, *figure.subplots(rows, columns, squeeze=False, **options).flat


def _luminance(colours):
    """Return how bright a colour is, from 0 to 1, by the definition of WCAG 2."""
    rgb = np.asarray(colours)[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(text, ground):
    """Return the contrast of two colours, from 1 to 21; text needs 4.5 at least."""
    bright = np.array([_luminance(to_rgb(text)), _luminance(ground)]) + 0.05
    return bright.max() / bright.min()


def ink_on(ground):
    """Return black or white, whichever has more contrast."""
    return max("black", "white", key=lambda ink: contrast(ink, ground))


def ink_like(colour):
    """Return the colour, as dark as text on white has to be."""
    rgb = np.array(to_rgb(colour))
    shades = (to_hex(rgb * share) for share in np.linspace(1, 0, 51))
    return next(shade for shade in shades if contrast(shade, to_rgb("white")) >= 4.5)
