"""Gaussian mixtures: SciPy's densities, the reference run, properties and bad input."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from emlib import DegenerateError, GaussianMixture, StopReason, run_em


def random_model(rng, k=3, d=2):
    factors = rng.normal(size=(k, d, d))
    covariances = factors @ factors.transpose(0, 2, 1) + 0.2 * np.eye(d)
    return GaussianMixture(rng.dirichlet(np.full(k, 3.0)), rng.normal(size=(k, d)), covariances)


def test_log_joint_against_scipy():
    rng = np.random.default_rng(2)
    model = random_model(rng, k=3, d=4)
    data, _ = model.sample(50, rng)
    expected = np.stack(
        [
            np.log(weight) + multivariate_normal(mean, covariance).logpdf(data)
            for weight, mean, covariance in zip(
                model.mixing_weights, model.means, model.covariances, strict=True
            )
        ],
        axis=1,
    )
    np.testing.assert_allclose(model.log_joint(data), expected, rtol=1e-11)
    expected = logsumexp(expected, axis=1).sum()
    assert model.log_likelihood(data) == pytest.approx(expected, rel=1e-12)


def test_reference_run_of_two_thousand_fifteen():
    rng = np.random.RandomState(123)
    data = np.concatenate(
        [
            rng.multivariate_normal((0, 4), np.diag([3.0, 0.5]), 600),
            rng.multivariate_normal((-2, 0), np.diag([1.0, 2.0]), 400),
        ]
    )
    weights = rng.random_sample(2)
    start = GaussianMixture(weights / weights.sum(), rng.random_sample((2, 2)), [np.eye(2)] * 2)
    run = run_em(start, data, tol=1e-13)
    first_small_gain = 1 + np.flatnonzero(np.diff(run.log_likelihoods) < 0.01)[0]
    assert first_small_gain == 12
    assert round(run[first_small_gain].log_likelihood, 6) == -3690.556846
    assert round(run.log_likelihood, 6) == -3690.552596


@pytest.mark.parametrize("seed", range(20))
def test_properties_of_every_run(seed):
    rng = np.random.default_rng(seed)
    k, d = rng.integers(1, 4), rng.integers(1, 4)
    data, _ = random_model(rng, k, d).sample(80, rng)
    run = run_em(random_model(rng, k, d), data, max_iter=40)
    assert (np.diff(run.log_likelihoods) >= -1e-11 * np.abs(run.log_likelihoods[1:])).all()
    for step in run[::7]:
        np.testing.assert_allclose(step.responsibilities.sum(axis=1), 1, rtol=1e-13)
        assert step.elbo == pytest.approx(step.log_likelihood, rel=1e-11)
    order = rng.permutation(k)
    start = run[0].model
    other = GaussianMixture(
        start.mixing_weights[order], start.means[order], start.covariances[order]
    )
    np.testing.assert_allclose(
        run_em(other, data, max_iter=5).log_likelihoods, run.log_likelihoods[:6], rtol=1e-11
    )


def test_m_step_is_the_weighted_mle_with_the_new_mean():
    rng = np.random.default_rng(11)
    model = random_model(rng, k=2, d=3)
    data = rng.normal(size=(30, 3))
    r = rng.dirichlet([1, 2], size=30)
    new = model.m_step(data, r)
    for j in range(2):
        np.testing.assert_allclose(new.means[j], np.average(data, axis=0, weights=r[:, j]))
        np.testing.assert_allclose(
            new.covariances[j], np.cov(data.T, aweights=r[:, j], bias=True), rtol=1e-12
        )
    np.testing.assert_allclose(new.mixing_weights, r.mean(axis=0))


def test_integers_and_lists_are_as_good_as_floats():
    start = GaussianMixture([0.5, 0.5], [[0], [5]], [[[1]], [[2]]])
    data = [[0], [1], [2], [5], [6]]
    one, other = run_em(start, data), run_em(start, np.array(data, dtype=float))
    np.testing.assert_array_equal(one.log_likelihoods, other.log_likelihoods)


EYE = [[[1.0, 0.0], [0.0, 1.0]]]


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: GaussianMixture([1], [0, 0], EYE), ValueError, "means must have 2 axes"),
        (lambda: GaussianMixture([1], [[0, 0]], [[1.0]]), ValueError, "covariances must have 3"),
        (
            lambda: GaussianMixture([1], [[0, 0, 0]], EYE),
            ValueError,
            r"covariances must have shape \(k, d, d\) = \(1, 3, 3\)",
        ),
        (lambda: GaussianMixture([0.5], [[0, 0]], EYE), ValueError, "mixing_weights must sum to 1"),
        (
            lambda: GaussianMixture([1], [[0, 0]], [[[1, 2], [2, 1]]]),
            DegenerateError,
            "covariance of component 0 is singular or not positive definite",
        ),
        (
            lambda: GaussianMixture([1], [[0, 0]], [[[1, 0.5], [0, 1]]]),
            ValueError,
            "covariance of component 0 is not symmetric",
        ),
        (
            lambda: GaussianMixture([1], [[0, 0]], [[[1, 0.5], [0.499, 1]]]),
            ValueError,
            "covariance of component 0 is not symmetric",
        ),
        (
            lambda: GaussianMixture([1], [[0, 0]], EYE).e_step([1, 2]),
            ValueError,
            "data must have 2",
        ),
        (
            lambda: GaussianMixture([1], [[0, 0]], EYE).e_step([[1, 2, 3]]),
            ValueError,
            "data must have 2 columns",
        ),
        (
            lambda: GaussianMixture([1], [[0, 0]], EYE).e_step([[1, 2], [np.nan, 1]]),
            ValueError,
            "data must be finite, but row 1 holds nan",
        ),
        (lambda: GaussianMixture([1], [[0, 0]], EYE).sample(0), ValueError, "n must be at least 1"),
    ],
)
def test_bad_input_names_the_argument(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_negative_variances_are_refused_without_a_warning():
    with pytest.raises(DegenerateError, match="component 0"):
        GaussianMixture([1], [[0.0]], [[[-1.0]]])


def test_zero_variance_is_a_collapse():
    data = np.array([[1.0], [1.0], [1.0]])
    run = run_em(GaussianMixture([1], [[0.0]], [[[1.0]]]), data)
    assert run.reason is StopReason.DEGENERATE
