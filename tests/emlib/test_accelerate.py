"""Acceleration: fewer steps to the same optimum, never a step down."""

import numpy as np
import pytest

from emlib import (
    BinomialMixture,
    CategoricalMixture,
    GaussianMixture,
    PoissonMixture,
    StopReason,
    Tosses,
    run_em,
)
from emlib.accelerate import ACCELERATORS, Anderson, Climber, Patience, Squarem, still_to_gain
from emlib.points import Points

BOTH = ["anderson", "squarem"]


def close_clusters(distance, n=1500, d=4, seed=0):
    rng = np.random.default_rng(seed)
    means = np.zeros((3, d))
    means[1, 0], means[2, 1] = distance, distance
    truth = GaussianMixture([0.5, 0.3, 0.2], means, [np.eye(d)] * 3)
    return truth, truth.sample(n, rng)[0]


def close_coins(n=2000):
    truth = BinomialMixture([0.35, 0.5, 0.65], [0.3, 0.4, 0.3], fit_mixing_weights=True)
    return truth, truth.sample(np.full(n, 20), rng=1)[0]


PROBLEMS = {
    "2 sd": close_clusters(2.0),
    "2 sd, other data": close_clusters(2.0, seed=3),
    "coins": close_coins(),
    "counts": (
        PoissonMixture([3, 5], [0.5, 0.5]),
        PoissonMixture([3, 5], [0.4, 0.6]).sample(1000, rng=2)[0],
    ),
    "dice": (
        CategoricalMixture([[0.3, 0.3, 0.4], [0.4, 0.3, 0.3]]),
        CategoricalMixture([[0.2, 0.3, 0.5], [0.5, 0.3, 0.2]]).sample(np.full(500, 9), rng=3)[0],
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_same_optimum_in_far_fewer_evaluations(name):
    start, data = PROBLEMS[name]
    plain = run_em(start, data, tol=1e-12, max_iter=100_000)
    assert plain.evaluations == len(plain)
    for accelerate, factor in (("anderson", 2.5), ("squarem", 1.5)):
        run = run_em(start, data, tol=1e-12, max_iter=100_000, accelerate=accelerate)
        assert run.converged
        assert run.log_likelihood >= plain.log_likelihood - 1e-6
        assert run.evaluations * factor < plain.evaluations
        falls = np.diff(run.log_likelihoods)
        assert (falls >= -1e-14 * np.abs(run.log_likelihoods[1:])).all()


@pytest.mark.parametrize("accelerate", BOTH)
def test_every_step_of_an_accelerated_run_is_aligned(accelerate):
    start, data = PROBLEMS["2 sd"]
    run = run_em(start, data, accelerate=accelerate)
    assert [step.iteration for step in run] == list(range(len(run)))
    for step in run[::3]:
        assert step.log_likelihood == pytest.approx(step.model.log_likelihood(data), rel=1e-13)
        assert step.elbo == pytest.approx(step.log_likelihood, rel=1e-11)
    assert run.trace("means").shape == (len(run), 3, 4)


class Overshoot(Anderson):
    """Proposes to leap much too far."""

    def propose(self, theta, image):
        return theta + 50 * (image - theta)


@pytest.mark.parametrize("accelerate", BOTH)
def test_the_guard_turns_bad_leaps_into_em_steps(accelerate, monkeypatch):
    monkeypatch.setitem(ACCELERATORS, accelerate, Overshoot)
    start, data = close_coins(50)
    run = run_em(start, data, accelerate=accelerate, max_iter=40)
    assert run.evaluations > len(run)  # some leaps were tried and dropped
    assert (np.diff(run.log_likelihoods) >= -1e-14 * np.abs(run.log_likelihoods[1:])).all()
    assert run.reason is not StopReason.DECREASED


@pytest.mark.parametrize("accelerate", BOTH)
def test_a_linear_map_is_solved_at_once(accelerate):
    # M(x) = A x + b: Anderson with enough memory finds the fixed point in d + 1 evaluations.
    rng = np.random.default_rng(0)
    A, b = np.diag([0.9, 0.5, -0.3]), rng.normal(size=3)
    method = {"anderson": Anderson, "squarem": Squarem}[accelerate]()
    x, fixed = np.zeros(3), np.linalg.solve(np.eye(3) - A, b)
    for _ in range(5 if accelerate == "anderson" else 40):
        image = A @ x + b
        proposal = method.propose(x, image)
        x = image if proposal is None else proposal
    np.testing.assert_allclose(x, fixed, atol=1e-9 if accelerate == "anderson" else 1e-2)


def test_parameters_at_a_bound_take_em_steps():
    data = Tosses([0, 0, 10, 4, 5], flips=10)
    start = BinomialMixture([0.0, 0.5, 1.0], fit_mixing_weights=True)
    run = run_em(start, data, accelerate="anderson")
    assert run.converged
    np.testing.assert_array_equal(run.model.theta[[0, 2]], [0, 1])


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
@pytest.mark.parametrize("fixed", [(), ("means",), ("mixing_weights", "covariances")])
def test_coordinates_and_back(covariance_type, fixed):
    rng = np.random.default_rng(1)
    points = Points(rng.normal([1e6, 0], [3, 1e-3], size=(40, 2)))
    spread = np.array([9.0, 1e-6])
    covariances = {
        "full": [np.diag(spread) + np.array([[0, 1e-3], [1e-3, 0]])] * 2,
        "tied": np.diag(spread),
        "diag": [spread, 2 * spread],
        "spherical": [1.0, 2.0],
    }[covariance_type]
    model = GaussianMixture(
        [0.2, 0.8], points[:2], covariances, covariance_type=covariance_type, fixed=fixed
    )
    vector = model.coordinates(points)
    same = model.at_coordinates(points, vector)
    for name, value in model.parameters().items():
        np.testing.assert_allclose(same.parameters()[name], value, rtol=1e-12)
    moved = model.at_coordinates(points, vector + rng.normal(size=len(vector)))
    for name in fixed:
        np.testing.assert_allclose(moved.parameters()[name], model.parameters()[name], rtol=1e-15)
    np.testing.assert_allclose(
        moved.at_coordinates(points, vector).coordinates(points), vector, rtol=1e-9, atol=1e-9
    )


def test_coordinates_out_of_range_are_refused():
    start, data = PROBLEMS["2 sd"]
    vector = start.coordinates(data)
    for bad in (vector + 1e4, vector - 1e4, vector * np.nan):
        with pytest.raises(ValueError, match="coordinates"):
            start.at_coordinates(data, bad)


def test_unknown_accelerator_is_named():
    with pytest.raises(ValueError, match="accelerate must be one of 'anderson', 'squarem'"):
        Climber(None, "newton")


def test_patience():
    assert still_to_gain(1.0, 2.0) == 1.0  # 1/2 + 1/4 + ...
    assert still_to_gain(2.0, 1.0) == np.inf
    patience = Patience(0.1)
    assert not patience.ends(1.0, leapt=False)
    assert patience.ends(0.2, leapt=False)  # 0.2 * 0.2 / 0.8 = 0.05 are left
    # After a leap that gains little, EM steps decide, once they have settled.
    patience = Patience(0.1)
    assert not patience.ends(0.05, leapt=True)
    for _ in range(Patience.SETTLING - 1):
        assert not patience.leaping
        assert not patience.ends(0.01, leapt=False)
    assert patience.ends(0.005, leapt=False)
    assert patience.ends(0.0, leapt=False)
