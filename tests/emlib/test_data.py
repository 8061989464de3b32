"""Data sets: the numbers are those of their source."""

import numpy as np

from emlib.data import anaesthetists, old_faithful


def test_old_faithful_is_the_published_table():
    data = old_faithful()
    assert data.shape == (272, 2)
    np.testing.assert_array_equal(data[:3], [[3.6, 79], [1.8, 54], [3.333, 74]])
    np.testing.assert_array_equal(data[-1], [4.467, 74])
    np.testing.assert_allclose(data.mean(axis=0), [3.4878, 70.897], rtol=1e-5)
    np.testing.assert_array_equal([data.min(axis=0), data.max(axis=0)], [[1.6, 43], [5.1, 96]])


def test_each_call_returns_a_new_array():
    old_faithful()[:] = 0
    assert old_faithful().all()


def test_the_anaesthetists_are_the_published_table():
    table = anaesthetists()
    assert table.shape == (45, 7)
    np.testing.assert_array_equal(
        table[[0, 1, 35]], [[1] * 7, [3, 3, 3, 4, 3, 3, 4], [4, 3, 3, 4, 3, 4, 3]]
    )
    np.testing.assert_array_equal(np.bincount(table.ravel()), [0, 128, 124, 48, 15])
