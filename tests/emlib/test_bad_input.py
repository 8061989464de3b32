"""Bad and awkward input to Gaussian mixtures: a clear error, or the right answer."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from emlib import DegenerateError, GaussianMixture, SaddleWarning, StopReason, run_em
from emlib.models.gaussian import whitened
from emlib.models.gaussian.points import Points

RNG = np.random.default_rng(0)
CLUSTERS = np.concatenate([RNG.normal(size=(60, 2)), RNG.normal([4, 1], size=(40, 2))])


class Frame:
    """Reads as an array, as a data frame does."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or self.values.dtype)


def start(first=(0, 0), second=(4, 1), variance=1.0, **options):
    covariances = [np.eye(2) * variance] * 2
    return GaussianMixture([0.5, 0.5], [first, second], covariances, **options)


def collapse(data, *means, **options):
    run = run_em(start(*means, **options), data)
    assert run.reason is StopReason.DEGENERATE
    assert np.isfinite(run.log_likelihoods).all()
    return run.message


def test_component_on_one_point():
    message = collapse(np.vstack([CLUSTERS, [50, 50]]), (0, 0), (50, 50))
    assert "component 1 collapsed onto 1 row: its covariance is singular; use fewer" in message


def test_component_on_duplicates():
    data = np.vstack([CLUSTERS, *[[9.1, 9.3]] * 5])
    message = collapse(data, (0, 0), (9, 9), variance=0.1)
    assert "component 1 collapsed onto 5 rows with 1 distinct value:" in message


@pytest.mark.parametrize("distance", [1e6, 1e9, 1e12, 1e150, 1e300])
def test_far_outlier(distance):
    data = np.vstack([CLUSTERS, [distance, distance]])
    assert "component 1 collapsed onto 1 row:" in collapse(data, (0, 0), (distance, distance))


@pytest.mark.parametrize("distance", [1e9, 1e12, 1e100])
def test_far_outlier_that_drags_a_cluster_along(distance):
    data = np.vstack([CLUSTERS, [distance, distance]])
    assert "row 100 lies so far out that the covariance of" in collapse(data)


def test_row_beyond_reach_of_any_component():
    data = np.vstack([CLUSTERS, [1e300, 1e300]])
    with pytest.raises(DegenerateError, match="row 100 has probability 0 under every component"):
        run_em(start(), data)


def test_impossible_row_of_a_later_block(monkeypatch):
    monkeypatch.setattr(whitened, "BLOCK", 1)  # 64 rows, the least
    data = np.vstack([CLUSTERS, [1e300, 1e300]])
    for call in (start().e_step, start().em_step):
        with pytest.raises(DegenerateError, match="row 100 has probability 0 under every"):
            call(data)


def test_empty_component():
    assert "component 1 is empty: no row belongs to it" in collapse(CLUSTERS, (0, 0), (1e6, 1e6))


def test_constant_column():
    data = np.column_stack([CLUSTERS[:, 0], np.full(100, 3.7)])
    assert "column 1 of the data is constant" in collapse(data, (0, 3.7), (4, 3.7))


@pytest.mark.parametrize("offset", [0, 1e8])
def test_collinear_columns(offset):
    data = np.column_stack([CLUSTERS[:, 0], 2 * CLUSTERS[:, 0] + offset])
    message = collapse(data, (0, offset), (4, 8 + offset))
    assert "column 1 of the data is a linear combination of the columns before it" in message


@pytest.mark.parametrize(
    ("columns", "where"), [(2, "on a line"), (3, "in a plane"), (4, "in a hyperplane")]
)
def test_cluster_without_volume(columns, where):
    more = np.random.default_rng(3).normal(size=(len(CLUSTERS), columns - 2))
    flat = np.column_stack([CLUSTERS, more])
    flat[60:, 1] = 0.5 * flat[60:, 0] + 9
    means = np.zeros((2, columns))
    means[1, :2] = 4, 11
    run = run_em(GaussianMixture([0.5, 0.5], means, [np.eye(columns)] * 2), flat)
    assert f"the 40 rows of component 1 lie {where}: " in run.message


def test_too_few_rows():
    with pytest.raises(ValueError, match="as many rows as components: 2, not 1"):
        run_em(start(), CLUSTERS[:1])
    run = run_em(GaussianMixture([1], [[0, 0]], [np.eye(2)]), CLUSTERS[:2])
    assert "2 rows are too few for a full covariance in 2 columns" in run.message


def test_rows_without_weight_do_not_explain_a_collapse():
    points = Points(CLUSTERS, row_weights=[2] + [0] * 99)
    assert "component 0 collapsed onto 1 row: its covariance" in run_em(start(), points).message
    flat = Points(np.vstack([CLUSTERS, [[1, 5], [2, 5], [3, 5]]]), row_weights=[0] * 100 + [1] * 3)
    assert "column 1 of the data is constant" in run_em(start(), flat).message
    drag = Points(np.vstack([[7, 7], CLUSTERS, [1e9, 1e9]]), row_weights=[0] + [1] * 101)
    assert "row 101 lies so far out" in run_em(start(), drag).message


def test_the_m_step_itself_names_the_collapse():
    with pytest.raises(DegenerateError, match="component 0 collapsed onto 1 row"):
        start().m_step(CLUSTERS, np.eye(2)[[0] + [1] * 99])
    with pytest.raises(DegenerateError, match="component 0 collapsed onto 0 rows"):
        r = np.full((100, 2), [1e-200, 1.0])
        r[1:, 0] = 0
        start().m_step(CLUSTERS, r)
    with pytest.raises(DegenerateError, match="component 1 is empty"):
        start().m_step(CLUSTERS, np.eye(2)[[0] * 100])
    with pytest.raises(DegenerateError, match="component 0 is empty"):
        start().m_step(CLUSTERS, np.full((100, 2), [1e-310, 1.0]))


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ([[1, 2], [3, np.nan]], ValueError, "row 1 holds nan; remove or impute"),
        ([[1, 2], [-np.inf, 3]], ValueError, "row 1 holds -inf"),
        ([[1, 2], [3, 4j]], TypeError, r"row 0 holds \(1\+0j\) of type complex"),
        ([[1, 2], ["a", 3]], TypeError, "row 0 holds '1' of type str"),
        (np.array([[1, 2], [None, 3]]), TypeError, "row 1 holds None of type NoneType"),
        (np.array([[1, 2]], dtype=object), TypeError, "elements are of type object; convert"),
        (np.array([["2020-01-01"] * 2], "M8[D]"), TypeError, "row 0 holds datetime.date"),
        (Frame([[1, 2], [1, np.nan]]), ValueError, "row 1 holds nan"),
        (Frame(np.array([[1, "x"]], object)), TypeError, "row 0 holds 'x' of type str"),
        (np.ma.masked_array([[1.0, 2], [3, 4]], [[0, 0], [0, 1]]), ValueError, "row 1 has one"),
        ([[1, 2], [3]], ValueError, "rows of data must all have the same length"),
        ([1, 2], ValueError, r"data.reshape\(-1, 1\)"),
        ([[[1, 2]]], ValueError, "data must have 2 axes"),
        ([[1, 2, 3]], ValueError, "data must have 2 columns"),
        (np.zeros((0, 2)), ValueError, "data is empty"),
        (None, TypeError, "data must hold real numbers"),
        ("abc", TypeError, "data must hold real numbers"),
    ],
)
def test_bad_data_names_the_first_bad_row(data, error, words):
    for call in (start().e_step, start().log_likelihood, lambda x: run_em(start(), x)):
        with pytest.raises(error, match=words):
            call(data)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"covariance_type": "round"}, ValueError, "one of 'full', 'tied', 'diag', 'spherical'"),
        ({"covariance_type": ["full"]}, ValueError, "covariance_type must be one of 'full'"),
        ({"prior": 2.0}, TypeError, "prior must be a CovariancePrior, not 2.0"),
    ],
)
def test_bad_options_name_the_argument(options, error, words):
    with pytest.raises(error, match=words):
        start(**options)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([1] * 99, "one weight per row: 100, not 99"),
        ([-1] + [1] * 99, "row 0 weighs -1"),
        ([0] * 100, "must not all be 0"),
        ([np.nan] * 100, "row_weights must be finite, but row 0"),
        ([1e308] * 100, r"a sum from 1e-100 to 1e\+100, but it is inf; multiply"),
        ([1e-300] * 100, "a sum from 1e-100 .* but it is 1e-298"),
    ],
)
def test_bad_row_weights(weights, words):
    with pytest.raises(ValueError, match=words):
        Points(CLUSTERS, row_weights=weights)


def test_identical_components_are_a_saddle():
    with pytest.warns(SaddleWarning, match="components 0 and 1 start equal"):
        run = run_em(start((1, 1), (1, 1)), CLUSTERS)
    np.testing.assert_allclose(run.model.means, [CLUSTERS.mean(axis=0)] * 2, rtol=1e-12)
    # Equal means are no saddle where the covariances differ.
    spread = GaussianMixture([0.5, 0.5], [[1, 1], [1, 1]], [np.eye(2), 2 * np.eye(2)])
    assert run_em(spread, CLUSTERS).log_likelihood > run.log_likelihood + 10


layouts = st.sampled_from(
    [
        lambda a: a.tolist(),
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a[::-1][::-1],
        lambda a: np.lib.stride_tricks.as_strided(a, a.shape, a.strides, writeable=False),
        Frame,
        lambda a: np.ma.masked_array(a, False),
        lambda a: np.hstack([a, a])[:, :2],
    ]
)
dtypes = st.sampled_from(
    [np.int8, np.uint16, np.int64, np.float16, np.float32, np.float64, np.longdouble]
)


@given(layouts, dtypes, st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_layouts_and_dtypes_give_the_same_answer(layout, dtype, seed):
    data = np.random.default_rng(seed).integers(0, 20, (30, 2)).astype(dtype)
    given_data = layout(data)
    before = np.array(given_data)
    one = run_em(start((3, 3), (15, 12), 9), data.astype(float), max_iter=5)
    other = run_em(start((3, 3), (15, 12), 9), given_data, max_iter=5)
    np.testing.assert_array_equal(other.log_likelihoods, one.log_likelihoods)
    np.testing.assert_array_equal(np.array(given_data), before)


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(
    npst.arrays(float, npst.array_shapes(min_dims=2, max_dims=2, max_side=8), elements=finite),
    st.sampled_from(["full", "tied", "diag", "spherical"]),
    st.sampled_from([None, "anderson", "squarem"]),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_finite_data_gives_a_rising_run_or_a_clear_error(data, covariance_type, accelerate):
    n, d = map(int, data.shape)
    k = min(2, n)
    centre, reach = data[:k], max(float(np.abs(data).max()), 1e-140)
    covariances = np.stack([np.eye(d) * min(reach, 1e150) ** 2] * k)
    model = GaussianMixture([1 / k] * k, centre, covariances, covariance_type=covariance_type)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", SaddleWarning)
        try:
            run = run_em(model, data, max_iter=30, accelerate=accelerate)
        except DegenerateError as error:
            assert "row" in str(error) or "component" in str(error)
            return
    falls = np.diff(run.log_likelihoods)
    assert (falls >= -1e-9 * np.abs(run.log_likelihoods[1:])).all()
    assert run.reason is not StopReason.DECREASED
    r = run[-1].responsibilities
    assert r.shape == (n, k)
    np.testing.assert_allclose(r.sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("seed", range(1000))
def test_the_log_likelihood_never_falls(seed):
    rng = np.random.default_rng(seed)
    n, d, k = rng.integers(8, 120), rng.integers(1, 5), rng.integers(1, 5)
    scales = 10.0 ** rng.uniform(-3, 3, d)
    data = (rng.standard_t(3, size=(n, d)) + rng.integers(0, 3, (n, 1)) * 2) * scales
    factors = np.tril(rng.normal(size=(k, d, d))) + 2 * np.eye(d)
    covariances = factors @ factors.transpose(0, 2, 1) * np.outer(scales, scales)
    means = data[rng.choice(n, k, replace=False)]
    model = GaussianMixture(rng.dirichlet(np.full(k, 2.0)), means, covariances)
    accelerate = [None, "anderson", "squarem"][seed % 3]
    run = run_em(model, data, max_iter=60, accelerate=accelerate)
    assert run.reason is not StopReason.DECREASED
    rounding = 1e-12 * np.abs(run.log_likelihoods[1:])
    assert (np.diff(run.log_likelihoods) >= -rounding).all()


@pytest.mark.parametrize("seed", range(50))
def test_a_log_likelihood_near_zero_does_not_make_rounding_a_fall(seed):
    data = np.random.default_rng(seed).normal(size=(300, 3))
    start = GaussianMixture([1.0], data[:1], np.eye(3)[None])
    best = run_em(start, data).log_likelihood
    data *= np.exp(best / data.size)  # at this scale the maximum is 0 nats
    run = run_em(GaussianMixture([1.0], data[:1], np.eye(3)[None]), data, tol=0)
    assert abs(run.log_likelihood) < 1e-9
    assert run.reason is StopReason.CONVERGED
