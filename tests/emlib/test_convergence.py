"""A run that says "converged" stands on a top, and what else runs say of themselves is true."""

import copy
import subprocess
import sys
import warnings

import numpy as np
import pytest

from emlib import (
    BinomialMixture,
    CategoricalMixture,
    Counts,
    CovariancePrior,
    DegenerateError,
    GaussianMixture,
    Mixture,
    Points,
    PoissonMixture,
    SaddleWarning,
    StopReason,
    Tallies,
    Tosses,
    observed_information,
    restart_em,
    run_em,
)
from emlib.driver.accelerate import Climber
from emlib.driver.surroundings import higher_nearby, largest_eigenvalue

FIVE = Tosses([5, 9, 8, 4, 7], flips=10)
HOW = [None, "anderson", "squarem"]


def start_of(model, data, k, **options):
    return model.start_from(data, k, **options)


def three_clusters(seed, start_seed, number):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(60, 400))
    data = np.array([[0, 0], [3, 0], [0, 3]])[rng.integers(0, 3, n)] + rng.normal(size=(n, 2))
    starts = np.random.default_rng(start_seed)
    tied = {"rng": starts, "covariance_type": "tied"}
    return [start_of(GaussianMixture, data, 3, **tied) for _ in range(number + 1)][-1], data


def one_die(seed=126, rows=(20, 120), start_seed=126):
    rng = np.random.default_rng(seed)
    data = Tallies(rng.multinomial(8, [0.2, 0.3, 0.5], int(rng.integers(*rows))))
    return start_of(CategoricalMixture, data, 3, rng=start_seed, fit_mixing_weights=True), data


def rate(run):
    return observed_information(run.model, run.data).rate


@pytest.mark.parametrize("accelerate", HOW)
@pytest.mark.parametrize(
    ("case", "top"), [((9294, 294, 4), -1017.138560), ((9126, 126, 0), -474.8584)]
)
def test_tied_gaussians_do_not_stop_at_a_saddle(case, top, accelerate):
    start, data = three_clusters(*case)
    run = run_em(start, data, accelerate=accelerate, max_iter=2000)
    assert run.converged
    assert run.log_likelihood >= top - 1e-4
    assert observed_information(run.model, run.data).is_maximum
    noise = 1e-12 * np.abs(run.log_likelihoods[1:])
    assert (np.diff(run.log_likelihoods) >= -noise).all()


@pytest.mark.parametrize("accelerate", HOW)
def test_one_die_taken_for_three_does_not_stop_at_a_saddle(accelerate):
    start, data = one_die()
    run = run_em(start, data, accelerate=accelerate, max_iter=20_000)
    assert run.converged
    assert run.log_likelihood == pytest.approx(-405.376075, abs=1e-5)


def test_squarem_does_not_stop_at_a_saddle_of_dice():
    start, data = one_die(1002, (50, 800), 2)
    run = run_em(start, data, accelerate="squarem", max_iter=20_000)
    assert run.log_likelihood >= -4107.750692 - 1e-5


def test_restarts_list_no_saddle_as_an_optimum():
    data = one_die()[1]
    options = {"restarts": 3, "rng": 126, "max_iter": 5000, "fit_mixing_weights": True}
    result = restart_em(CategoricalMixture, data, 3, accelerate="anderson", **options)
    assert [round(top.log_likelihood, 3) for top in result.optima] == [-405.376]


@pytest.mark.parametrize("accelerate", HOW)
def test_two_gaussians_that_start_nearly_equal_part(accelerate):
    sides = [np.random.default_rng(seed).normal(m, 1, 400) for seed, m in ((0, -1.3), (1, 1.3))]
    data = np.concatenate(sides)[:, None]
    start = GaussianMixture(
        [0.5, 0.5], [[0.299], [0.301]], [[[2.0]], [[2.0]]], covariance_type="tied"
    )
    run = run_em(start, data, accelerate=accelerate)
    assert run.converged
    assert run.log_likelihood > -1508.1209 + 32.8
    assert observed_information(run.model, run.data).is_maximum


@pytest.mark.parametrize("accelerate", HOW)
@pytest.mark.parametrize("apart", [2e-4, 2e-5, 1e-12])
def test_components_that_start_close_part_or_the_run_says_so(apart, accelerate):
    rng = np.random.default_rng(3)
    data = np.concatenate([rng.normal(m, 1, size=(150, 2)) for m in ([0, 0], [5, 0], [0, 5])])
    means = np.array([[2.0, 0], [2.0 + apart, 0], [0, 5]])
    start = GaussianMixture([1 / 3] * 3, means, [2 * np.eye(2)] * 3)
    with pytest.warns(SaddleWarning, match="components 0 and 1 start nearly equal"):
        run = run_em(start, data, accelerate=accelerate, max_iter=5000)
    assert run.converged
    assert observed_information(run.model, run.data).is_maximum
    far = GaussianMixture([1 / 3] * 3, [[0, 0], [5, 0], [0, 5]], [np.eye(2)] * 3)
    assert run.log_likelihood == pytest.approx(run_em(far, data).log_likelihood, abs=1e-4)


@pytest.mark.parametrize("accelerate", HOW)
@pytest.mark.parametrize("apart", [1e-4, 1e-12, 1e-14])
def test_coins_that_start_close_part(apart, accelerate):
    with pytest.warns(SaddleWarning, match="components 0 and 1 start nearly equal"):
        run = run_em(BinomialMixture([0.3, 0.3 + apart]), FIVE, accelerate=accelerate)
    assert run.converged
    assert run.log_likelihood == pytest.approx(-31.570200, abs=1e-6)


@pytest.mark.parametrize("accelerate", HOW)
def test_equal_components_end_on_a_saddle_and_say_so(accelerate):
    with pytest.warns(SaddleWarning, match="components 0 and 1 start equal") as caught:
        run = run_em(BinomialMixture([0.3, 0.3]), FIVE, accelerate=accelerate)
    assert caught[0].filename == __file__
    assert run.reason is StopReason.SADDLE
    assert not run.converged
    assert "components 0 and 1 are equal" in run.message
    np.testing.assert_allclose(run.model.theta, 0.66, rtol=1e-6)
    assert not observed_information(run.model, run.data).is_maximum
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SaddleWarning)
        result = restart_em(lambda rng: BinomialMixture([0.3, 0.3]), FIVE, restarts=3)
    assert result.optima == ()
    assert "3 on a saddle" in repr(result)
    assert result.best.reason is StopReason.SADDLE


def test_equal_components_on_a_top_have_converged():
    # All rows alike: two equal coins are as good as any.
    with pytest.warns(SaddleWarning):
        run = run_em(BinomialMixture([0.3, 0.3]), Tosses([5, 5, 5], 10))
    assert run.converged


def test_a_model_without_coordinates_says_what_it_does_not_know():
    class Plain(BinomialMixture):
        coordinates = Mixture.coordinates

        def m_step(self, data, responsibilities):
            return Plain(super().m_step(data, responsibilities).theta)

    run = run_em(Plain([0.6, 0.5]), FIVE)
    assert run.converged
    assert "the model has no coordinates" in run.message


def test_looking_round_costs_no_step_and_no_state():
    before = np.random.get_state()[1].copy()  # noqa: NPY002  the state that must not change
    one, two = (run_em(BinomialMixture([0.6, 0.5]), FIVE) for _ in range(2))
    assert one.evaluations == len(one)
    np.testing.assert_array_equal(one.trace("theta"), two.trace("theta"))
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_the_largest_eigenvalue_is_found(size):
    rng = np.random.default_rng(size)
    values = np.linspace(-0.3, 0.9, size)
    values[0] = 1.05
    basis = rng.normal(size=(size, size)) + 3 * np.eye(size)
    matrix = basis @ np.diag(values) @ np.linalg.inv(basis)
    value, vector = largest_eigenvalue(lambda v: matrix @ v, size)
    assert value == pytest.approx(1.05, abs=5e-3)
    np.testing.assert_allclose(matrix @ vector, 1.05 * vector, atol=0.05 * np.abs(vector).max())
    assert largest_eigenvalue(lambda v: v, 0)[0] == 0
    assert largest_eigenvalue(lambda v: None, 3)[0] == 0


@pytest.mark.parametrize("accelerate", HOW)
@pytest.mark.parametrize("eps", [1e-6, 5e-7, 3e-7])
def test_rounding_of_nearly_collinear_columns_is_no_fall(eps, accelerate):
    for seed in range(6):
        rng = np.random.default_rng(seed)
        Z = rng.normal(size=(200, 2))
        Z[100:] += 2
        Z[:, 1] = Z[:, 0] + eps * Z[:, 1]
        run = run_em(start_of(GaussianMixture, Z, 2, rng=seed), Z, accelerate=accelerate)
        assert run.reason is not StopReason.DECREASED, run.message


def test_falls_are_not_counted_as_degenerate():
    class Wrong(BinomialMixture):
        def m_step(self, data, responsibilities):
            return Wrong(1 - super().m_step(data, responsibilities).theta)

    result = restart_em(lambda rng: Wrong([0.8, 0.5]), FIVE, restarts=2)
    assert result.degenerate == 0
    assert "2 decreased" in repr(result)


def test_runs_that_have_not_arrived_are_no_optima():
    result = restart_em(BinomialMixture, FIVE, 2, restarts=4, rng=0, max_iter=3)
    assert result.optima == ()
    assert "0 degenerate, 4 not converged" in repr(result)
    assert result.best.log_likelihood == max(run.log_likelihood for run in result.runs)


def test_restarts_keep_the_steps_of_the_best_run_alone():
    options = {"restarts": 6, "rng": 0}
    few = restart_em(BinomialMixture, FIVE, 2, **options)
    assert sorted(len(run) for run in few.runs)[:-1] == [1] * 5
    assert len(few.best) > 1
    rng = np.random.default_rng(0)
    starts = [BinomialMixture.start_from(FIVE, 2, rng=rng) for _ in range(6)]
    for one, start in zip(few.runs, starts, strict=True):
        two = run_em(start, FIVE)
        assert one[-1].iteration == len(two) - 1
        assert one.log_likelihood == two.log_likelihood
        assert (one.reason, one.message) == (two.reason, two.message)


def test_impossible_starts_are_counted():
    def start(rng):
        theta = rng.random(2)
        if theta[0] < 0.5:
            raise DegenerateError("no such coin")
        return BinomialMixture([0.0, 1.0])  # under which no row is possible

    result = restart_em(start, FIVE, restarts=8, rng=0)
    assert result.degenerate == len(result.impossible) == 8
    assert "8 restarts: no optimum, 8 degenerate" in repr(result)
    with pytest.raises(DegenerateError, match="every restart degenerated; the last: row 0"):
        _ = result.best


def narrow(array, dtype):
    array = np.asarray(array, dtype)
    return array / array.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_probabilities_of_few_digits_are_accepted(dtype):
    rng = np.random.default_rng(0)
    for k in (2, 3, 7):
        X = rng.normal(size=(50, 2))
        q = narrow(rng.random((50, k)), dtype)
        exact = q.astype(float) / q.astype(float).sum(axis=1, keepdims=True)
        start = GaussianMixture(
            narrow(rng.random(k) + 1, dtype), rng.normal(size=(k, 2)), [np.eye(2)] * k
        )
        assert start.mixing_weights.sum() == pytest.approx(1, abs=1e-15)
        one, two = start.m_step(X, q), start.m_step(X, exact)
        for name, value in one.parameters().items():
            np.testing.assert_allclose(value, two.parameters()[name], rtol=1e-12)
        CategoricalMixture(narrow(rng.random((k, 4)), dtype))


def test_a_sum_that_misses_1_is_shown_with_its_digits():
    with pytest.raises(ValueError, match=r"they sum to 1\.0000001; divide"):
        BinomialMixture([0.5, 0.5], [0.4, 0.6000001])
    with pytest.raises(ValueError, match=r"row 0 sums to 1\.0000001; normalise"):
        BinomialMixture([0.5, 0.5]).m_step(FIVE, [[0.4, 0.6000001]] * 5)


class Linkage(Mixture):
    """Genes of 197 animals in two hidden classes: one parameter for both (Dempster et al. 1977)."""

    def __init__(self, t):
        self.t = t
        self.mixing_weights = np.array([2 / (2 + t), t / (2 + t)])

    def prepare(self, data):
        return np.asarray(data, dtype=float)

    def parameters(self):
        return {"t": np.array([self.t])}

    def log_joint(self, data):
        raise NotImplementedError

    def m_step(self, data, responsibilities):
        raise NotImplementedError

    def log_likelihood(self, data):
        cells = np.array([0.5 + self.t / 4, (1 - self.t) / 4, (1 - self.t) / 4, self.t / 4])
        return float(data @ np.log(cells))

    def em_step(self, data):
        hidden = data[0] * self.t / (2 + self.t)
        t = (hidden + data[3]) / (hidden + data[1:].sum())
        return Linkage(t), self.log_likelihood(data)


def test_a_parameter_that_all_components_share_is_no_twin():
    run = run_em(Linkage(0.5), [125, 18, 20, 34], tol=1e-15)
    assert run.converged
    assert run.model.t == pytest.approx(0.6268214980, abs=1e-8)
    np.testing.assert_allclose(run.trace("t")[1:4, 0], [0.6082, 0.6243, 0.6265], atol=5e-5)


VALUES = [
    BinomialMixture([0.6, 0.5]),
    PoissonMixture([1, 5]),
    CategoricalMixture([[0.2, 0.8]]),
    GaussianMixture([1], [[0]], [[[1]]], prior=CovariancePrior([[1.0]], 1)),
    FIVE,
    Counts([1, 2], row_weights=[1, 2]),
    Tallies([[1, 2]]),
    Points([[1.0], [2.0]]),
    CovariancePrior([[1.0]], 1),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
def test_copies_are_read_only_too(value, how):
    same = how(value)
    arrays = [array for array in vars(same).values() if isinstance(array, np.ndarray)]
    assert arrays
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 9
    for name in vars(same):
        with pytest.raises(AttributeError, match=f"{name} is set"):
            setattr(same, name, 1)


def test_what_was_pickled_is_read_only():
    # In a process of its own: doctests import the classes a second time, as others.
    program = """
import pickle
from emlib import *
run = run_em(GaussianMixture([1], [[0]], [[[1]]]), Points([[1.0], [2.0]], row_weights=[1, 2]))
same = pickle.loads(pickle.dumps(run))
for array in (same.model.means, same.model.covariances, same.data.x, same.data.row_weights):
    try:
        array[0] = 9
    except ValueError:
        print("read-only")
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert said.stdout.split() == ["read-only"] * 4, said.stderr


def test_a_parameter_on_its_way_to_0_does_not_hide_a_saddle():
    # Its logarithm doubles in every EM step: an eigenvalue above that of the saddle.
    rng = np.random.default_rng(0)
    rows = [rng.multinomial(10, p, 60) for p in ([0.5, 0.25, 0.25], [0.3, 0.3, 0.4])]
    data = np.vstack([*rows, np.tile([2, 8, 0], (10, 1))])
    data = data[(data[:, 2] == 0) | (data[:, 2] > 1)]
    p = [[0.4, 0.3, 0.3], [0.4, 0.3, 0.3], [0.2, 0.8, 0]]
    start = CategoricalMixture(p, [0.4, 0.4, 0.2], fit_mixing_weights=True)
    with pytest.warns(SaddleWarning):
        run = run_em(start, data)
    assert run.reason == "saddle"
    p = run.model.probabilities.copy()
    p[2] = [*p[2, :2] * (1 - 1e-13), 1e-13]
    nearly = CategoricalMixture(p, run.model.mixing_weights, fit_mixing_weights=True)
    here = Climber(run.data, None).visit(nearly)
    found = higher_nearby(run.data, here, 1e-8)
    assert found is not None
    assert found.objective > here.objective + 1e-8
