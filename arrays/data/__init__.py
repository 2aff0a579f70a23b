"""The handwritten digits of notebook 08; README.md has their source and licence."""

from pathlib import Path

import numpy as np

_FILE = Path(__file__).with_name("digits.csv.gz")


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return 1,797 images of handwritten digits, and which digit each one shows.

    The images are as in the file: 64 pixels from 0 (paper) to 16 (ink), row by row.

    Shapes: images is (1797, 64), examples down; labels is (1797,), integers 0..9.

    Source: Alpaydin and Kaynak, https://doi.org/10.24432/C50P49; used in notebook 08.

    >>> images, labels = digits()
    >>> images.shape, labels[:4]
    ((1797, 64), array([0, 1, 2, 3]))
    """
    table = np.loadtxt(_FILE, delimiter=",")
    return table[:, :64], table[:, 64].astype(int)
