"""Covariance types, row weights, fixed weights and the prior of Gaussian mixtures."""

import numpy as np
import pytest
from scipy.optimize import minimize

from emlib import (
    CovariancePrior,
    DegenerateError,
    GaussianMixture,
    Points,
    StopReason,
    run_em,
)
from emlib.models.gaussian import whitened
from emlib.models.gaussian.diagonal import Diagonal
from emlib.models.gaussian.full import Full
from emlib.models.gaussian.whitened import Density, one_pass
from emlib.models.mixture import bayes

TYPES = ["full", "tied", "diag", "spherical"]
RNG = np.random.default_rng(1)
DATA = np.concatenate([RNG.normal(size=(50, 3)), RNG.normal([3, 1, 0], [1, 2, 0.5], (30, 3))])
WEIGHTS = RNG.integers(0, 4, 80).astype(float)
R = RNG.dirichlet([1, 2], size=80)


def start(covariance_type="full", **options):
    means = [[0, 0, 0], [3, 1, 0]]
    return GaussianMixture(
        [0.5, 0.5], means, [np.eye(3)] * 2, covariance_type=covariance_type, **options
    )


def textbook_covariances(covariance_type, r, means):
    """The M-step of each type, written out."""
    own = [
        np.cov(DATA.T, aweights=r[:, j], bias=True)
        if means is None
        else (r[:, j] * (DATA - means[j]).T) @ (DATA - means[j]) / r[:, j].sum()
        for j in (0, 1)
    ]
    if covariance_type == "full":
        return np.array(own)
    if covariance_type == "tied":
        return np.array([np.average(own, axis=0, weights=r.sum(axis=0))] * 2)
    variances = [np.diag(covariance) for covariance in own]
    if covariance_type == "spherical":
        variances = [np.full(3, one.mean()) for one in variances]
    return np.array([np.diag(one) for one in variances])


@pytest.mark.parametrize("covariance_type", TYPES)
def test_m_step_is_the_textbook_one(covariance_type):
    new = start(covariance_type).m_step(DATA, R)
    expected = textbook_covariances(covariance_type, R, None)
    np.testing.assert_allclose(new.covariances, expected, rtol=1e-12, atol=1e-14)
    assert new.covariance_type == covariance_type


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("fitted", [True, False])
@pytest.mark.parametrize("prior", [None, CovariancePrior(np.eye(3) + 0.2, 4)])
@pytest.mark.parametrize("covariance_type", TYPES)
def test_one_pass_is_the_e_step_and_the_m_step(covariance_type, prior, fitted, weights):
    points = Points(DATA, row_weights=weights)
    model = start(covariance_type, fit_mixing_weights=fitted, prior=prior)
    fused, log_likelihood = model.em_step(points)
    plain = model.m_step(points, model.e_step(points))
    for name, value in plain.parameters().items():
        np.testing.assert_allclose(fused.parameters()[name], value, rtol=1e-11, atol=1e-13)
    assert log_likelihood == pytest.approx(model.log_likelihood(points), rel=1e-14)
    assert fitted or (fused.mixing_weights == model.mixing_weights).all()


@pytest.mark.parametrize("weights", [None, RNG.integers(1, 3, 5000).astype(float)])
@pytest.mark.parametrize("d", [2, 31, 32, 41])
def test_sums_of_many_blocks_are_the_textbook_sums(d, weights, monkeypatch):
    # From 32 columns on, whitening and sums use triangles alone.
    monkeypatch.setattr(whitened, "BLOCK", 1000 * d)
    rng = np.random.default_rng(d)
    x, means = rng.normal(size=(d, 5000)), rng.normal(size=(2, d)) / d
    inverse = Full().inverse(np.tril(rng.normal(size=(2, d, d))) / d + np.eye(d))
    log_scale = np.array([-1.0, -2.0])
    sums = one_pass(x, weights, Density(Full(), log_scale, means, inverse))
    y = np.einsum("kde,kei->kdi", inverse, x - means[:, :, None])
    r, log_density = bayes((log_scale[:, None] - (y**2).sum(axis=1) / 2).T)
    w = np.ones(5000) if weights is None else weights
    assert sums.log_likelihood == pytest.approx(w @ log_density, rel=1e-12)
    np.testing.assert_allclose(sums.counts, w @ r, rtol=1e-12)
    for j in (0, 1):
        share = w * r[:, j] / (w @ r[:, j])
        np.testing.assert_allclose(sums.shift[j], y[j] @ share, atol=1e-13)
        second = np.tril((share * y[j]) @ y[j].T)
        np.testing.assert_allclose(np.tril(sums.second[j]), second, atol=1e-12)


@pytest.mark.parametrize("d", [1, 3, 40])
def test_blocks_bound_the_memory(d):
    k, n = 2, 200_000
    density = Density(Diagonal(), np.zeros(k), np.zeros((k, d)), np.ones((k, d)))
    blocks = [(rows, y.size) for rows, _, y, _ in whitened.sweep(np.zeros((d, n)), density)]
    assert max(size for _, size in blocks) <= 2 * whitened.BLOCK
    assert [rows.start for rows, _ in blocks[1:]] == [rows.stop for rows, _ in blocks[:-1]]
    assert (blocks[0][0].start, blocks[-1][0].stop) == (0, n)


def test_two_sweeps_at_once_share_no_memory():
    arguments = (
        np.ones((2, 500)),
        Density(Diagonal(), np.zeros(2), np.zeros((2, 2)), np.ones((2, 2))),
    )
    list(whitened.sweep(*arguments))  # leaves its memory behind
    sweeps = [whitened.sweep(*arguments) for _ in range(2)]
    (_, _, one, _), (_, _, other, _) = map(next, sweeps)
    assert not np.shares_memory(one, other)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_a_weight_of_three_is_three_rows(covariance_type):
    repeated = np.repeat(DATA, WEIGHTS.astype(int), axis=0)
    weighted = run_em(start(covariance_type), Points(DATA, row_weights=WEIGHTS), max_iter=20)
    plain = run_em(start(covariance_type), repeated, max_iter=20)
    np.testing.assert_allclose(weighted.log_likelihoods, plain.log_likelihoods, rtol=1e-12)
    np.testing.assert_allclose(weighted.model.means, plain.model.means, rtol=1e-9)
    assert weighted[-1].elbo == pytest.approx(weighted.log_likelihood, rel=1e-11)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_short_and_long_forms_of_covariances_are_the_same_model(covariance_type):
    full = textbook_covariances(covariance_type, R, None)
    short = {
        "full": full,
        "tied": full[0],
        "diag": np.diagonal(full, axis1=1, axis2=2),
        "spherical": full[:, 0, 0],
    }[covariance_type]
    models = [
        GaussianMixture([0.5, 0.5], DATA[:2], form, covariance_type=covariance_type)
        for form in (full, short)
    ]
    np.testing.assert_allclose(models[1].covariances, full, rtol=1e-15)
    np.testing.assert_array_equal(models[0].log_joint(DATA), models[1].log_joint(DATA))
    expected = GaussianMixture([0.5, 0.5], DATA[:2], full).log_joint(DATA)
    np.testing.assert_allclose(models[0].log_joint(DATA), expected, rtol=1e-13)


@pytest.mark.parametrize(
    ("covariance_type", "covariances", "words"),
    [
        ("tied", [np.eye(3), 2 * np.eye(3)], "'tied', but the covariance of component 1 differs"),
        ("diag", [np.eye(3), np.eye(3) + 0.1], "'diag', but .* component 1 is not diagonal"),
        ("spherical", [np.diag([1.0, 1, 2])] * 2, "'spherical', but .* component 0 is not round"),
        ("diag", np.ones((2, 2)), r"covariances must have shape \(k, d\) = \(2, 3\)"),
        ("tied", np.eye(2), r"covariances must have shape \(d, d\) = \(3, 3\)"),
        ("spherical", [1.0], r"covariances must have shape \(k,\) = \(2,\)"),
        ("spherical", np.eye(3), "covariances must have 1 axis"),
    ],
)
def test_covariances_that_do_not_fit_their_type(covariance_type, covariances, words):
    with pytest.raises(ValueError, match=words):
        GaussianMixture([0.5, 0.5], DATA[:2], covariances, covariance_type=covariance_type)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_types_nest(covariance_type):
    best = {kind: run_em(start(kind), DATA, tol=0).log_likelihood for kind in TYPES}
    assert best["full"] >= best[covariance_type] >= best["spherical"] or covariance_type == "tied"
    assert best["full"] > best["tied"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 1 + 6 + 12),
        ({"covariance_type": "tied"}, 1 + 6 + 6),
        ({"covariance_type": "diag"}, 1 + 6 + 6),
        ({"covariance_type": "spherical"}, 1 + 6 + 2),
        ({"fit_mixing_weights": False}, 6 + 12),
    ],
)
def test_number_of_free_parameters(options, expected):
    assert start(**options).n_parameters == expected


@pytest.mark.parametrize("covariance_type", TYPES)
def test_the_m_step_with_a_prior_maximises_q_plus_log_prior(covariance_type):
    prior = CovariancePrior([[2.0, 0.3, 0], [0.3, 1, 0], [0, 0, 3]], strength=5)
    model = start(covariance_type, prior=prior).m_step(DATA, R)

    def negative(coordinates):
        candidate = model.at_coordinates(DATA, coordinates)
        return -(R * candidate.log_joint(DATA)).sum() - candidate.log_prior()

    at = model.coordinates(DATA)
    best = minimize(negative, at + 0.01, method="BFGS", options={"gtol": 1e-6})
    assert negative(at) <= best.fun + 1e-9 * abs(best.fun)
    assert best.fun == pytest.approx(negative(at), rel=1e-7)


@pytest.mark.parametrize("accelerate", [None, "anderson", "squarem"])
@pytest.mark.parametrize("covariance_type", TYPES)
def test_map_em_climbs_its_objective_and_cannot_collapse(covariance_type, accelerate):
    data = np.vstack([DATA, [[9, 9, 9]] * 3])
    means, options = [[0, 0, 0], [9, 9, 9]], {"covariance_type": covariance_type}
    bare = GaussianMixture([0.5, 0.5], means, [np.eye(3) * 0.01] * 2, **options)
    if covariance_type != "tied":
        assert run_em(bare, data).reason is StopReason.DEGENERATE
    prior = CovariancePrior(np.cov(DATA.T) / 2 ** (2 / 3), strength=2)
    cured = GaussianMixture([0.5, 0.5], means, [np.eye(3)] * 2, prior=prior, **options)
    run = run_em(cured, data, accelerate=accelerate)
    assert run.converged
    assert (np.diff(run.objectives) >= -1e-12 * np.abs(run.objectives[1:])).all()
    step = run[-1]
    assert step.objective == step.log_likelihood + step.model.log_prior()


@pytest.mark.parametrize("accelerate", [None, "anderson", "squarem"])
def test_map_em_may_lower_the_log_likelihood(accelerate):
    best = run_em(start(), DATA).model  # any other parameters have a smaller log-likelihood
    prior = CovariancePrior(4 * np.eye(3), strength=20)
    cured = GaussianMixture(best.mixing_weights, best.means, best.covariances, prior=prior)
    run = run_em(cured, DATA, accelerate=accelerate)
    assert run.converged
    assert run.log_likelihood < run[0].log_likelihood - 1
    assert (np.diff(run.objectives) >= -1e-12 * np.abs(run.objectives[1:])).all()


def test_the_prior_is_worth_so_many_rows():
    # strength rows, each with this covariance about the mean: the M-step adds them up.
    prior = CovariancePrior(np.diag([1.0, 2, 3]), strength=7)
    plain, cured = start().m_step(DATA, R), start(prior=prior).m_step(DATA, R)
    N = R.sum(axis=0)[:, None, None]
    expected = (N * plain.covariances + 7 * np.diag([1.0, 2, 3])) / (N + 7)
    np.testing.assert_allclose(cured.covariances, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([[1.0, 2], [2, 1]], 1), DegenerateError, "covariance of component 0|singular"),
        (([[1.0, 0, 0]], 1), ValueError, r"covariance must have shape \(d, d\)"),
        (([[1.0]], 0), ValueError, "strength must be positive"),
        (([[1.0]], -1), ValueError, "strength must not be negative"),
    ],
)
def test_bad_priors(arguments, error, words):
    with pytest.raises(error, match=words):
        CovariancePrior(*arguments)


def test_a_prior_of_another_dimension():
    with pytest.raises(ValueError, match=r"prior must have a covariance of shape \(d, d\)"):
        start(prior=CovariancePrior([[1.0]], 1))


@pytest.mark.parametrize("covariance_type", TYPES)
def test_samples_follow_the_model(covariance_type):
    model = start(covariance_type).m_step(DATA, R)
    data, labels = model.sample(40_000, rng=2)
    for j in (0, 1):
        own = data[labels == j]
        np.testing.assert_allclose(own.mean(axis=0), model.means[j], atol=0.06)
        np.testing.assert_allclose(np.cov(own.T), model.covariances[j], atol=0.12)
