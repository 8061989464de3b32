"""Right to the last digits that matter: mpmath, scikit-learn, scales and offsets."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sklearn.mixture import GaussianMixture as PeerMixture

from emlib import GaussianMixture, run_em
from emlib.models.gaussian.cholesky import residual
from emlib.models.gaussian.points import Points


def model_of_condition(condition, offset, covariance_type="full", seed=0, d=3):
    """Two components whose covariances have this condition number, far from 0."""
    rng = np.random.default_rng(seed)
    covariances = []
    for _ in range(2):
        rotation = np.linalg.qr(rng.normal(size=(d, d)))[0]
        if covariance_type == "diag":
            rotation = np.eye(d)
        covariance = rotation * np.geomspace(1, 1 / condition, d) @ rotation.T
        covariances.append((covariance + covariance.T) / 2)
    means = rng.normal(size=(2, d)) + offset
    return GaussianMixture([0.3, 0.7], means, covariances, covariance_type=covariance_type)


def exact_log_joint(model, x):
    """log alpha_j + log N(x; mu_j, Sigma_j) for every j, in 60 digits."""
    with mpmath.workdps(60):
        values = []
        for weight, mean, covariance in zip(
            model.mixing_weights, model.means, model.covariances, strict=True
        ):
            sigma = mpmath.matrix(covariance.tolist())
            residual = mpmath.matrix(
                [mpmath.mpf(a) - mpmath.mpf(b) for a, b in zip(x, mean, strict=True)]
            )
            squared = (residual.T * mpmath.lu_solve(sigma, residual))[0]
            log_det = mpmath.log(mpmath.det(sigma))
            log_density = -(len(x) * mpmath.log(2 * mpmath.pi) + log_det + squared) / 2
            values.append(mpmath.log(mpmath.mpf(weight)) + log_density)
        return values


@pytest.mark.parametrize("covariance_type", ["full", "diag"])
@pytest.mark.parametrize("condition", [1, 1e4, 1e8])
@pytest.mark.parametrize("offset_in_sd", [0, 1e8])
def test_log_density_against_mpmath(condition, offset_in_sd, covariance_type):
    # The offset counts in the smallest standard deviation of the component.
    offset = offset_in_sd / np.sqrt(condition)
    model = model_of_condition(condition, offset, covariance_type)
    data, _ = model.sample(25, rng=1)
    log_joint = model.log_joint(data)
    for i, row in enumerate(data.tolist()):
        exact = exact_log_joint(model, row)
        own = max(range(2), key=lambda j: exact[j])
        assert abs(log_joint[i, own] - exact[own]) < 1e-9
        with mpmath.workdps(60):
            total = mpmath.log(sum(mpmath.exp(value) for value in exact))
        assert abs(model.log_likelihood([row]) - total) < 1e-9


def test_expanded_squares_would_not_pass():
    # What the subtraction of the mean is for: the same number by x^2 - 2 x mu + mu^2.
    model = GaussianMixture([1], [[1e8]], [[[1.0]]])
    x = 1e8 + 1.5
    expanded = -(np.log(2 * np.pi) + x * x - 2 * x * 1e8 + 1e8 * 1e8) / 2
    exact = float(exact_log_joint(model, [x])[0])
    assert abs(model.log_joint([[x]])[0, 0] - exact) < 1e-12
    assert abs(expanded - exact) > 0.01


def two_clusters(seed=0, n=150, d=2):
    rng = np.random.default_rng(seed)
    near = rng.normal(size=(n, d)) * rng.uniform(0.5, 1.5, d)
    far = rng.normal(size=(n // 2, d)) + rng.normal(size=d) * 2 + 2
    return np.concatenate([near, far])


def start_for(scale=1.0, offset=0.0, d=2, **options):
    means = np.array([np.zeros(d), np.full(d, 2.0)]) * scale + offset
    covariances = np.stack([np.eye(d)] * 2) * scale**2
    return GaussianMixture([0.5, 0.5], means, covariances, **options)


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_log_likelihood_agrees_with_scikit_learn(covariance_type):
    data = two_clusters()
    run = run_em(start_for(covariance_type=covariance_type), data, tol=0, max_iter=20)
    compact = {"full": slice(None), "tied": 0, "diag": slice(None), "spherical": slice(None)}
    for step in run[:: len(run) // 4]:
        covariances = step.model.covariances[compact[covariance_type]]
        precisions = np.linalg.inv(covariances)
        if covariance_type in ("diag", "spherical"):
            precisions = np.diagonal(precisions, axis1=1, axis2=2)
        if covariance_type == "spherical":
            precisions = precisions[:, 0]
        peer = PeerMixture(
            2,
            covariance_type=covariance_type,
            weights_init=step.model.mixing_weights,
            means_init=step.model.means,
            precisions_init=precisions,
        )
        peer._initialize_parameters(data, np.random.RandomState(0))
        peer._initialize(data, None)
        expected = peer.score_samples(data).sum()
        assert step.log_likelihood == pytest.approx(expected, rel=1e-10)
        assert step.elbo == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("exponent", [-500, -17, 30, 500])
def test_powers_of_two_cost_no_digit(exponent):
    data, scale = two_clusters(), 2.0**exponent
    run = run_em(start_for(), data, max_iter=5)
    scaled = run_em(start_for(scale), data * scale, max_iter=5)
    np.testing.assert_allclose(scaled.model.means / scale, run.model.means, rtol=1e-13)
    np.testing.assert_allclose(scaled[-1].responsibilities, run[-1].responsibilities, rtol=1e-11)


@pytest.mark.parametrize("accelerate", [None, "anderson", "squarem"])
@pytest.mark.parametrize("scale", [1e-150, 1e-5, 1.0, 1e150])
@pytest.mark.parametrize("offset_in_sd", [0, 1e8, 1e12])
def test_scales_and_offsets(scale, offset_in_sd, accelerate):
    # Data that survives the offset without rounding, so that the answer must be the same.
    coarse = np.round(two_clusters() * 2**9) / 2**9
    scale = 2.0 ** np.round(np.log2(scale))
    offset = 2.0 ** np.round(np.log2(max(offset_in_sd, 1e-300))) * scale
    plain = run_em(start_for(), coarse, accelerate=accelerate)
    moved = run_em(start_for(scale, offset), coarse * scale + offset, accelerate=accelerate)
    assert moved.converged
    d = coarse.shape[1]
    difference = moved.log_likelihood + len(coarse) * d * np.log(scale) - plain.log_likelihood
    assert abs(difference) < 1e-8
    rounding = 1e-5 + offset_in_sd * 2e-16
    np.testing.assert_allclose(
        (moved.model.means - offset) / scale, plain.model.means, atol=rounding
    )
    np.testing.assert_allclose(
        moved.model.factors / scale, plain.model.factors, rtol=1e-5, atol=1e-5
    )


def test_points_keep_every_bit():
    rng = np.random.default_rng(0)
    shapes = rng.normal(size=(50, 3))
    for scale, offset in [(1, 0), (1, 1e8), (1, -1e12), (1e-150, 0), (1e150, 5), (1e-310, 0)]:
        values = shapes * scale + offset
        points = Points(values)
        np.testing.assert_array_equal(points.values, values)
        if scale > 1e-300:
            assert (0.5 <= points.x.std(axis=1)).all()
            assert (points.x.std(axis=1) <= 1).all()
    wide = np.exp(20 * shapes)  # of one sign: subtracting a centre would round the smallest
    np.testing.assert_array_equal(Points(wide).values, wide)
    extremes = np.array([[-1.7e308], [1.7e308], [0.0]])
    np.testing.assert_array_equal(Points(extremes).values, extremes)


@pytest.mark.parametrize("distance", [1e4, 1e8])
def test_tight_clusters_far_apart_are_no_collapse(distance):
    rng = np.random.default_rng(3)
    near, far = rng.normal(size=(60, 2)), rng.normal(size=(40, 2)) + distance
    means, covariances = [[0, 0], [distance, distance]], [np.eye(2)] * 2
    run = run_em(GaussianMixture([0.5, 0.5], means, covariances), np.concatenate([near, far]))
    assert run.converged
    for j, own in enumerate((near, far)):
        expected = np.cov(own.T, bias=True)
        np.testing.assert_allclose(run.model.covariances[j], expected, rtol=1e-5, atol=1e-6)


def test_the_residual_of_a_cholesky_factor_has_twice_the_digits():
    matrix = model_of_condition(1e8, 0).covariances[0]
    L = np.linalg.cholesky(matrix)
    rows = [[Fraction(entry) for entry in row] for row in L.tolist()]
    for i, j in np.ndindex(matrix.shape):
        exact = Fraction(matrix[i, j]) - sum(a * b for a, b in zip(rows[i], rows[j], strict=True))
        assert residual(matrix, L)[i, j] == pytest.approx(float(exact), rel=1e-12, abs=1e-31)


def test_a_poor_start_far_away_costs_no_digits():
    # One pass would lose (jump / sd)^2 here: the careful M-step takes over.
    data = np.random.default_rng(0).normal(size=(100, 1)) * 1e-3
    start = GaussianMixture([1.0], [[1e4]], [[[1e8]]])
    following, _ = start.em_step(data)
    assert following.means[0, 0] == pytest.approx(data.mean(), abs=1e-17)
    assert following.covariances[0, 0, 0] == pytest.approx(data.var(), rel=1e-12)
