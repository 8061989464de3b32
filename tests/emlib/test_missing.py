"""Gaussian mixtures with missing values, against direct maximisation and complete data."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import multivariate_normal, norm, truncnorm

from emlib import (
    DegenerateError,
    GaussianMixture,
    IncompleteGaussianMixture,
    IncompletePoints,
    bic,
    observed_information,
    restart_em,
    run_em,
)
from emlib.models.gaussian.conditional import truncated

NAN = float("nan")


def problem(seed, n=40, d=2, k=1, share=0.25):
    """Rows with missing entries, and a start."""
    rng = np.random.default_rng(seed)
    mixing = rng.standard_normal((d, d))
    x = rng.standard_normal((n, d)) @ mixing + 3 * rng.integers(0, k, (n, 1))
    gone = rng.random((n, d)) < share
    gone[np.arange(n), rng.integers(0, d, n)] = False  # something of every row is seen
    x[gone] = NAN
    return x, IncompleteGaussianMixture.start_from(x, k, rng=rng)


def log_density(x, mean, covariance):
    """What is seen of each row, by SciPy."""
    seen = ~np.isnan(x)
    rows = zip(x, seen, strict=True)
    return np.array(
        [multivariate_normal.logpdf(r[o], mean[o], covariance[np.ix_(o, o)]) for r, o in rows]
    )


@pytest.mark.parametrize(("seed", "d"), [(0, 2), (1, 2), (2, 3)])
def test_one_component_maximises_the_density_of_what_is_seen(seed, d):
    x, start = problem(seed, d=d)
    run = run_em(start, x, tol=1e-13)
    lower = np.tril_indices(d)

    def negative(theta):
        L = np.zeros((d, d))
        L[lower] = theta[d:]
        return -log_density(x, theta[:d], L @ L.T + 1e-12 * np.eye(d)).sum()

    mean, spread = IncompletePoints(x).centre_and_spread
    best = minimize(negative, np.r_[mean, np.diag(spread)[lower]], method="BFGS")
    assert run.log_likelihood == pytest.approx(-best.fun, abs=1e-7)
    np.testing.assert_allclose(run.model.means[0], best.x[:d], atol=2e-4)


def test_a_mixture_maximises_the_density_of_what_is_seen():
    x, start = problem(5, n=60, k=2)
    run = run_em(start, x, tol=1e-13, max_iter=5000)

    def height(vector):
        model = run.model.at_coordinates(run.data, vector)
        joint = [
            np.log(alpha) + log_density(x, mean, covariance)
            for alpha, mean, covariance in zip(
                model.mixing_weights, model.means, model.covariances, strict=True
            )
        ]
        return np.logaddexp.reduce(joint).sum()

    top = run.model.coordinates(run.data)
    assert height(top) == pytest.approx(run.log_likelihood, abs=1e-9)
    best = minimize(lambda v: -height(v), top, method="BFGS", options={"maxiter": 20})
    assert -best.fun == pytest.approx(run.log_likelihood, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_complete_rows_are_the_mixture_of_complete_rows(seed):
    x, start = problem(seed, n=60, k=2, share=0)
    plain = GaussianMixture(start.mixing_weights, start.means, start.covariances)
    one, other = run_em(start, x, max_iter=30), run_em(plain, x, max_iter=30)
    np.testing.assert_allclose(one.log_likelihoods, other.log_likelihoods, rtol=1e-10)
    np.testing.assert_allclose(one.model.covariances, other.model.covariances, rtol=1e-7)
    assert bic(one.model, x) == pytest.approx(bic(other.model, x), rel=1e-10)


def test_information_is_the_curvature_of_the_log_likelihood():
    x, start = problem(2, n=80)
    run = run_em(start, x, tol=1e-14)
    information = observed_information(run.model, run.data)
    mean, covariance, step = run.model.means[0], run.model.covariances[0], 1e-4

    def height(theta):
        return log_density(x, theta[:2], np.array([theta[2:4], theta[3:5]])).sum()

    top = np.r_[mean, covariance[0], covariance[1, 1]]
    hessian = np.empty((5, 5))
    for a in range(5):
        for b in range(5):
            corners = [
                s * t * height(top + step * (s * np.eye(5)[a] + t * np.eye(5)[b]))
                for s in (1, -1)
                for t in (1, -1)
            ]
            hessian[a, b] = sum(corners) / (2 * step) ** 2
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    found = information.standard_errors
    np.testing.assert_allclose(found["means"][0], errors[:2], rtol=1e-3)
    np.testing.assert_allclose(found["covariances"][0][[0, 0, 1], [0, 1, 1]], errors[2:], rtol=1e-3)
    steps = np.linalg.norm(np.diff(run.trace("means")[:, 0], axis=0), axis=1)
    assert 0 < information.rate < 1
    assert steps[-2] / steps[-3] == pytest.approx(information.rate, abs=0.1)


@pytest.mark.parametrize("accelerate", ["squarem", "anderson"])
def test_leaps_reach_the_same_top(accelerate):
    x, start = problem(4, n=80, share=0.4)
    plain, leaping = run_em(start, x), run_em(start, x, accelerate=accelerate)
    assert leaping.converged
    assert leaping.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-7)


def test_restarts_and_imputed_values():
    x, _ = problem(6, n=60, k=2)
    found = restart_em(IncompleteGaussianMixture, x, 2, restarts=4, rng=0)
    assert found.best.converged
    filled = found.best.model.imputed(x)
    seen = ~np.isnan(x)
    np.testing.assert_array_equal(filled[seen], x[seen])
    assert np.isfinite(filled).all()


def test_weighted_rows_are_repeated_rows():
    x, start = problem(7, n=20)
    weights = np.arange(20) % 3 + 1.0
    repeated = run_em(start, np.repeat(x, weights.astype(int), axis=0), max_iter=20)
    weighted = run_em(start, IncompletePoints(x, row_weights=weights), max_iter=20)
    np.testing.assert_allclose(repeated.log_likelihoods, weighted.log_likelihoods, rtol=1e-11)


def test_units_and_origin_make_no_difference():
    x, start = problem(8, n=40)
    run = run_em(start, x)
    moved = x * [1e6, 1e-6] + [1e8, 3]
    other = run_em(IncompleteGaussianMixture.start_from(moved, 1), moved)
    np.testing.assert_allclose(
        other.model.means, run.model.means * [1e6, 1e-6] + [1e8, 3], rtol=1e-6
    )


# ------------------------------------------------------------------------------- censored entries


def cut(x, limit):
    """Hide the first column above a limit, and half of the others beside it."""
    values = x.copy()
    above = values[:, 0] > limit
    values[above, 0] = NAN
    values[np.flatnonzero(above)[::2], 1:] = NAN
    return values


def known_density(values, mean, covariance, limit):
    """What is known of each row, by SciPy: a density, times a probability of being above."""
    seen = ~np.isnan(values)
    total = 0.0
    for row, o in zip(values, seen, strict=True):
        gain = covariance[0, o] @ np.linalg.inv(covariance[np.ix_(o, o)])
        total += (
            multivariate_normal.logpdf(row[o], mean[o], covariance[np.ix_(o, o)]) if o.any() else 0
        )
        if not o[0]:
            centre = mean[0] + gain @ (row[o] - mean[o])
            left = np.sqrt(covariance[0, 0] - gain @ covariance[o, 0])
            total += norm.logsf(limit, centre, left)
    return total


@pytest.mark.parametrize("d", [1, 2, 3])
def test_censored_entries_maximise_what_is_known(d):
    rng = np.random.default_rng(d)
    x = rng.standard_normal((50, d)) @ rng.standard_normal((d, d)) + 1
    limit = float(np.quantile(x[:, 0], 0.7))
    values, lower = cut(x, limit), np.full(d, -np.inf)
    lower[0] = limit
    data = IncompletePoints(values, lower=lower)
    run = run_em(IncompleteGaussianMixture.start_from(data, 1), data, tol=1e-13, max_iter=5000)
    assert run.converged
    mean, covariance = run.model.means[0], run.model.covariances[0]
    assert run.log_likelihood == pytest.approx(known_density(values, mean, covariance, limit))
    assert mean[0] > np.nanmean(values[:, 0])

    def negative(vector):
        model = run.model.at_coordinates(run.data, vector)
        return -known_density(values, model.means[0], model.covariances[0], limit)

    best = minimize(negative, run.model.coordinates(run.data), method="BFGS")
    assert -best.fun == pytest.approx(run.log_likelihood, abs=1e-6)


def test_moments_of_a_truncated_normal():
    low = np.array([-np.inf, -1.0, 0.5, 8.0, -2.0, -np.inf])
    high = np.array([-9.0, 2.0, np.inf, np.inf, -1.5, np.inf])
    log_mass, mean, variance = truncated(low, high)
    np.testing.assert_allclose(mean, truncnorm.mean(low, high), rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(variance, truncnorm.var(low, high), rtol=1e-6)
    np.testing.assert_allclose(
        log_mass, norm.logpdf(mean) - truncnorm.logpdf(mean, low, high), rtol=1e-7, atol=1e-12
    )


def test_information_of_censored_entries():
    values = cut(np.random.default_rng(3).normal(size=(80, 1)), 0.5)
    values, lower = values[values[:, 0] != values.max()], 0.5
    data = IncompletePoints(values, lower=lower)
    run = run_em(IncompleteGaussianMixture.start_from(data, 1), data, tol=1e-14)
    found = observed_information(run.model, run.data)
    top = np.array([run.model.means[0, 0], run.model.covariances[0, 0, 0]])
    height = lambda t: known_density(values, t[:1], t[1:, None], lower)  # noqa: E731
    moves, h = np.eye(2), 1e-3
    hessian = [
        [sum(s * u * height(top + h * (s * a + u * b)) for s in (1, -1) for u in (1, -1))
         for a in moves] for b in moves
    ]  # fmt: skip
    errors = np.sqrt(np.diag(np.linalg.inv(-np.array(hessian) / (2 * h) ** 2)))
    np.testing.assert_allclose(found.standard_errors["means"], [errors[:1]], rtol=1e-4)
    np.testing.assert_allclose(found.standard_errors["covariances"][0], [errors[1:]], rtol=1e-4)
    steps = np.diff(run.trace("means")[:, 0, 0])
    assert steps[-2] / steps[-3] == pytest.approx(found.rate, abs=0.02)


def test_the_m_step_maximises_q():
    x, start = problem(3, n=40, d=3, k=2, share=0.3)
    posterior = start.expectation(x)
    best = start.em_step(start.prepare(x))[0]
    top = best.coordinates(x)
    for move in np.random.default_rng(0).normal(size=(50, len(top))):
        assert posterior.Q(best.at_coordinates(x, top + 0.01 * move)) <= posterior.Q(best)
    assert posterior.elbo(best) <= best.log_likelihood(x)
    assert posterior.elbo(start) == pytest.approx(start.log_likelihood(x))


def falls(problems):
    """Return the problems whose log-likelihood falls by more than rounding, 1e-12 a nat."""
    fallen = []
    for seed in problems:
        rng = np.random.default_rng(seed)
        d, k = int(rng.integers(1, 4)), int(rng.integers(1, 3))
        x, model = problem(seed, n=int(rng.integers(12, 30)), d=d, k=k, share=rng.uniform(0, 0.5))
        if seed % 3 == 0:  # what was hidden of the first column was above a limit
            lower = np.full(d, -np.inf)
            lower[0] = np.nanmax(x[:, 0])
            x = IncompletePoints(x, lower=lower)
        run = run_em(model, x, max_iter=25)
        rounding = np.maximum(1e-12 * np.abs(run.log_likelihoods), run.model.rounding(run.data))
        fallen += [seed] * bool((np.diff(run.log_likelihoods) < -rounding[1:]).any())
    return fallen


def test_the_log_likelihood_never_falls():
    assert not falls(range(60))


@pytest.mark.slow
def test_the_log_likelihood_never_falls_in_a_thousand_problems():
    assert not falls(range(60, 1000))


def test_samples_follow_the_model():
    model = IncompleteGaussianMixture([0.3, 0.7], [[0, 0], [4, 1]], [np.eye(2), 2 * np.eye(2)])
    x, labels = model.sample(20_000, rng=0)
    assert labels.mean() == pytest.approx(0.7, abs=0.02)
    np.testing.assert_allclose(np.cov(x[labels == 1].T), 2 * np.eye(2), atol=0.1)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: IncompletePoints([[NAN, NAN], [1, 2]]), ValueError, "row 0 of the data has no"),
        (lambda: IncompletePoints([[1, NAN], [2, NAN]]), ValueError, "column 1 of the data has no"),
        (lambda: IncompletePoints([[1, np.inf]]), ValueError, "row 0 holds inf"),
        (lambda: IncompletePoints([[1], [NAN]], lower=2, upper=1), ValueError, "not in row 1"),
        (lambda: IncompletePoints([[1, 2], [NAN, NAN]], lower=2), ValueError, "row 1 .* several"),
        (lambda: IncompletePoints([[1, 2]], upper=[1, 2, 3]), ValueError, "upper must be one"),
        (lambda: IncompletePoints([1, 2]), ValueError, "data must have 2 axes"),
        (lambda: IncompletePoints([["a"]]), TypeError, "data must hold real numbers"),
        (
            lambda: IncompleteGaussianMixture([1], [[0, 0]], [np.eye(3)]),
            ValueError,
            "covariances must have shape",
        ),
        (
            lambda: IncompleteGaussianMixture([1], [[0]], [[[1]]]).e_step([[1, 2]]),
            ValueError,
            "data must have 1 column, one per coordinate of the means",
        ),
        (
            lambda: IncompleteGaussianMixture.start_from([[1, 2], [1, 3]], 1),
            ValueError,
            "column 0 of the data is constant",
        ),
        (
            lambda: IncompleteGaussianMixture([1], [[0, 0]], [np.eye(2)]).m_step(
                [[1, 1], [2, 2], [3, 3]], np.ones((3, 1))
            ),
            DegenerateError,
            "the covariance of component 0 is singular",
        ),
    ],
)
def test_bad_input_is_told_in_words(make, error, words):
    with pytest.raises(error, match=words):
        make()
