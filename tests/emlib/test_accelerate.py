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
from emlib.driver.accelerate import (
    ACCELERATORS,
    Anderson,
    Climber,
    Patience,
    Squarem,
    still_to_gain,
)
from emlib.models.gaussian.points import Points

BOTH = ["anderson", "squarem"]
TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)


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
        PoissonMixture([3, 5], [0.5, 0.5], fit_mixing_weights=True),
        PoissonMixture([3, 5], [0.4, 0.6]).sample(1000, rng=2)[0],
    ),
    "dice": (
        CategoricalMixture([[0.3, 0.3, 0.4], [0.4, 0.3, 0.3]], fit_mixing_weights=True),
        CategoricalMixture([[0.2, 0.3, 0.5], [0.5, 0.3, 0.2]]).sample(np.full(500, 9), rng=3)[0],
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_same_optimum_in_far_fewer_evaluations(name):
    start, data = PROBLEMS[name]
    plain = run_em(start, data, tol=1e-12, max_iter=100_000)
    assert plain.evaluations == len(plain)
    for accelerate, factor in (("anderson", 2), ("squarem", 1.5)):
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
@pytest.mark.parametrize("fitted", [True, False])
def test_coordinates_and_back(covariance_type, fitted):
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
        [0.2, 0.8], points[:2], covariances,
        covariance_type=covariance_type, fit_mixing_weights=fitted,
    )  # fmt: skip
    vector = model.coordinates(points)
    same = model.at_coordinates(points, vector)
    for name, value in model.parameters().items():
        np.testing.assert_allclose(same.parameters()[name], value, rtol=1e-12)
    moved = model.at_coordinates(points, vector + rng.normal(size=len(vector)))
    assert fitted or (moved.mixing_weights == model.mixing_weights).all()
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


def at(*thetas):
    return [BinomialMixture([0.5 + theta]) for theta in thetas]


def test_patience_believes_gains_and_steps_that_shrink():
    assert still_to_gain(1.0, 0.5) == 1.0  # 1/2 + 1/4 + ...
    halving, slower, growing = at(0, 2e-3, 3e-3), at(0, 2e-3, 3.9e-3), at(0, 1e-3, 3e-3)
    for models, ends in ((halving, True), (slower, False), (growing, False)):
        for gain in (0.1, 0.0, -1e-15):
            patience = Patience(0.1, TOSSES)
            for earlier_gain in (10, 5, 2, 1):
                assert not patience.ends(earlier_gain, False, halving)  # much is left
            # Where steps halve, gains fall to a quarter: 0.1 / 4 + 0.1 / 16 + ... = 0.033.
            # Where they fall to 0.95 of the last, to 0.9025: 0.93 are left, of which the last
            # two gains know nothing.
            assert patience.ends(gain, False, models) == (ends or (models is slower and gain <= 0))
    patience = Patience(0.1, TOSSES)
    assert not patience.ends(1.0, False, halving)
    assert not patience.ends(0.001, False, halving)  # too early after the start
    assert patience.ends(0.0, False, at(0, 1e-3, 1e-3))  # but not to stand still


def test_after_a_leap_that_gains_little_em_steps_decide():
    patience = Patience(0.1, TOSSES)
    halving = at(0, 2e-3, 3e-3)
    assert not patience.ends(0.5, True, halving)
    assert patience.leaping
    assert not patience.ends(0.05, True, halving)
    for gain in (0.02, 0.01, 0.005, 0.002):
        assert not patience.leaping
        assert not patience.ends(gain, False, halving)
    assert patience.ends(0.001, False, halving)
    assert patience.leaping


@pytest.mark.filterwarnings("ignore:components 0 and 1 start nearly equal")
@pytest.mark.parametrize("accelerate", [None, *BOTH])
@pytest.mark.parametrize("apart", [1e-1, 1e-2, 1e-4, 1e-6])
def test_nearly_equal_starts_leave_the_saddle(apart, accelerate):
    # The first gain is large, the second tiny: alone, they would foretell the end.
    coins = run_em(BinomialMixture([0.3, 0.3 + apart]), TOSSES, accelerate=accelerate)
    assert coins.log_likelihood == pytest.approx(-31.570200, abs=1e-6)
    rng = np.random.default_rng(0)
    data = np.concatenate([rng.normal(size=(60, 2)), rng.normal([4, 1], size=(40, 2))])
    start = GaussianMixture([0.5, 0.5], [[1, 1], [1 + apart, 1]], [np.eye(2)] * 2)
    run = run_em(start, data, accelerate=accelerate)
    assert run.converged
    assert run.log_likelihood == pytest.approx(-335.057680, abs=1e-6)


def slow_problems():
    coins = BinomialMixture([0.35, 0.5, 0.65], [0.3, 0.4, 0.3], fit_mixing_weights=True)
    four = BinomialMixture([0.3, 0.45, 0.55, 0.7], fit_mixing_weights=True)
    poisson = PoissonMixture([3, 4], [0.5, 0.5], fit_mixing_weights=True)
    for seed in range(3):
        yield coins, coins.sample(np.full(2000, 20), rng=seed)[0]
        yield four, four.sample(np.full(500, 12), rng=seed)[0]
        yield poisson, poisson.sample(2000, rng=seed)[0]
        yield close_clusters(1.7, 500, 2, seed)


@pytest.mark.filterwarnings("ignore:.*start nearly equal")  # as some tops have it
@pytest.mark.parametrize("accelerate", BOTH)
def test_converged_is_true_on_slow_problems(accelerate):
    # At most 1e-10 nats a row are left, up to the factor 5 by which a forecast may err.
    for start, data in slow_problems():
        run = run_em(start, data, accelerate=accelerate, max_iter=20_000)
        assert run.converged
        on = run_em(run.model, data, tol=0, max_iter=400, accelerate="anderson")
        assert on.log_likelihood - run.log_likelihood <= 5e-10 * len(data)


def test_a_ridge_is_not_called_an_optimum():
    # One direction moves by less than 1e-6 of its error a step, and gains drown in rounding.
    start = BinomialMixture([0.45, 0.5, 0.55], [0.3, 0.4, 0.3], fit_mixing_weights=True)
    data, _ = start.sample(np.full(2000, 20), rng=0)
    run = run_em(start, data, accelerate="anderson", max_iter=500)
    assert run.reason is StopReason.ITERATION_LIMIT
    assert run_em(run.model, data, accelerate="squarem").log_likelihood > run.log_likelihood + 1e-3


@pytest.mark.parametrize("accelerate", BOTH)
def test_a_leap_to_the_bounds_is_forgotten(accelerate):
    # From far out, EM steps to probabilities of 0, whose logarithms no leap may build on.
    tallies = [[2, 0, 1], [5, 1, 1], [1, 6, 0], [1, 2, 0], [0, 1, 0], [5, 0, 0], [3, 2, 0]]
    start = CategoricalMixture([[0.13, 0.29, 0.58], [0.26, 0.25, 0.49]], fit_mixing_weights=True)
    run = run_em(start, [*tallies, [4, 2, 0]], accelerate=accelerate, max_iter=5000)
    assert run.reason is StopReason.CONVERGED
    assert (np.diff(run.log_likelihoods) >= -1e-14 * np.abs(run.log_likelihoods[1:])).all()
