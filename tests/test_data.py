"""The digits, as their source describes them."""

import numpy as np

import helpers


def test_digits_are_those_of_the_source():
    images, labels = helpers.digits()
    assert images.shape == (1797, 64) and labels.shape == (1797,)
    assert set(np.unique(images)) == set(range(17))
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # the source counts so
    np.testing.assert_array_equal(np.bincount(labels), counts)


def test_the_first_image_is_a_zero_row_by_row():
    images, labels = helpers.digits()
    first = images[0].reshape(8, 8)
    assert labels[0] == 0 and labels.dtype.kind == "i"
    np.testing.assert_array_equal(first[0], [0, 0, 5, 13, 9, 1, 0, 0])
    assert first[3:5, 3:5].max() == 0  # paper in the middle, ink around it


def test_who_changes_them_changes_a_copy():
    helpers.digits()[0][:] = 0
    assert helpers.digits()[0].max() == 16
