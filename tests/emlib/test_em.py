"""The driver: alignment of the steps, reasons for stopping, bad input."""

import itertools

import numpy as np
import pytest

from emlib import (
    BinomialMixture,
    CategoricalMixture,
    DegenerateError,
    GaussianMixture,
    Points,
    PoissonMixture,
    StopReason,
    Tosses,
    run_em,
)
from emlib.models.mixture import bayes, entropy, expected_log_joint

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)
START = BinomialMixture([0.6, 0.5])


def test_every_value_of_a_step_belongs_to_its_parameters():
    run = run_em(START, TOSSES, max_iter=4)
    assert [step.iteration for step in run] == [0, 1, 2, 3, 4]
    assert run[0].model is START
    for step, following in itertools.pairwise(run):
        assert step.log_likelihood == step.model.log_likelihood(TOSSES)
        np.testing.assert_array_equal(step.responsibilities, step.model.e_step(TOSSES))
        expected = step.model.m_step(TOSSES, step.responsibilities)
        np.testing.assert_array_equal(following.model.theta, expected.theta)


def test_the_bound_is_below_and_the_gap_is_a_kl():
    # log p(x; theta) - ELBO(q, theta) = KL(q || posterior), for any q.
    rng = np.random.default_rng(3)
    q = rng.dirichlet([1, 1], size=5)
    log_joint = START.log_joint(TOSSES)
    gap = START.log_likelihood(TOSSES) - (expected_log_joint(q, log_joint) + entropy(q))
    kl = (q * np.log(q / START.e_step(TOSSES))).sum()
    assert gap == pytest.approx(kl, rel=1e-12)
    assert gap > 0.1


def test_a_run_is_a_sequence():
    run = run_em(START, TOSSES, max_iter=3)
    assert len(run) == 4
    assert run[-1].iteration == 3
    assert [step.iteration for step in run[1:3]] == [1, 2]
    assert run.trace("theta").shape == (4, 2)
    assert run.log_likelihoods.shape == (4,)
    assert "3 EM iterations, iteration limit" in repr(run)
    with pytest.raises(KeyError, match="name must be one of theta, mixing_weights"):
        run.trace("mu")


def test_converged_means_little_is_left_to_gain():
    best = run_em(START, TOSSES, tol=0, max_iter=10_000).log_likelihood
    for tol in (1e-3, 1e-6, 1e-9):
        run = run_em(START, TOSSES, tol=tol)
        assert run.reason is StopReason.CONVERGED
        assert best - run.log_likelihood <= 2 * tol * len(TOSSES)


def test_a_start_at_the_optimum_ends_at_once():
    best = run_em(START, TOSSES, tol=0, max_iter=10_000).model
    assert len(run_em(best, TOSSES)) <= 10


@pytest.mark.parametrize("excess", [9e-9, 1e-9, 1e-12, -9e-9])
def test_weights_that_sum_to_1_but_for_rounding_cause_no_fall(excess):
    # They would lend each row `excess` nats, which the first M-step takes back.
    data, _ = GaussianMixture([0.4, 0.6], [[0.0], [4.0]], [[[1.0]], [[2.0]]]).sample(500, rng=0)
    best = run_em(GaussianMixture([0.4, 0.6], [[0.0], [4.0]], [[[1.0]], [[2.0]]]), data).model
    start = GaussianMixture(best.mixing_weights * (1 + excess), best.means, best.covariances)
    assert run_em(start, data).converged
    dice = CategoricalMixture([[0.2, 0.3, 0.5], [0.4, 0.4, 0.2]])
    tallies, _ = dice.sample(np.full(300, 9), rng=0)
    best = run_em(dice, tallies).model
    start = CategoricalMixture(best.probabilities * (1 + excess), best.mixing_weights)
    assert run_em(start, tallies).converged
    np.testing.assert_allclose(start.probabilities.sum(axis=1), 1, rtol=1e-15)


def test_the_data_of_a_run_keeps_its_weights():
    points = Points(np.random.default_rng(0).normal(size=(30, 1)), row_weights=np.arange(30))
    start = GaussianMixture([1.0], [[0.0]], [[[1.0]]])
    run = run_em(start, points)
    assert run.model.log_likelihood(run.data) == pytest.approx(run.log_likelihood, rel=1e-13)
    assert run.data.shape == (30, 1)


def test_nothing_underflows_loudly():
    far = np.concatenate([np.zeros((9, 1)), np.full((9, 1), 200.0)]) + np.arange(18)[:, None] / 9
    with np.errstate(all="raise"):
        assert run_em(BinomialMixture([0.9, 0.1]), Tosses([1900, 100], 2000)).converged
        assert run_em(PoissonMixture([1, 2000]), [1, 2, 3, 2000, 2010]).converged
        assert run_em(GaussianMixture([0.5, 0.5], [[0], [200]], [[[1]], [[1]]]), far).converged


def test_the_first_equal_pair_of_many_components_is_found():
    theta = np.linspace(0.1, 0.9, 1001)
    assert BinomialMixture(theta).twins() is None
    theta[[200, 700, 800]] = theta[500]
    assert BinomialMixture(theta).twins() == (200, 500)
    means = [[0.0, 0], [0, 1], [0, 1]]
    spread = GaussianMixture([0.2, 0.3, 0.5], means, np.eye(2) * [[[1]], [[1]], [[2]]])
    assert spread.twins() is None
    assert GaussianMixture([0.2, 0.3, 0.5], means, [np.eye(2)] * 3).twins() == (1, 2)


def test_iteration_limit():
    run = run_em(START, TOSSES, max_iter=0)
    assert (len(run), run.reason) == (1, StopReason.ITERATION_LIMIT)


class WrongMStep(BinomialMixture):
    """An M-step with heads and tails swapped: the log-likelihood falls."""

    def m_step(self, data, responsibilities):
        right = super().m_step(data, responsibilities)
        return WrongMStep(1 - right.theta)


def test_a_fall_stops_the_run_and_is_called_a_fall():
    run = run_em(WrongMStep([0.8, 0.5]), TOSSES)
    assert run.reason is StopReason.DECREASED
    assert not run.converged
    assert "fell by" in run.message
    assert run.log_likelihoods[-1] < run.log_likelihoods[-2]


class SlightlyWrong(BinomialMixture):
    """An M-step that misses by 3e-5: at the top, the log-likelihood falls by about 4e-8 nats."""

    def m_step(self, data, responsibilities):
        return SlightlyWrong(super().m_step(data, responsibilities).theta - 3e-5)


def test_a_slight_fall_is_a_fall():
    best = run_em(START, TOSSES).model
    run = run_em(SlightlyWrong(best.theta), TOSSES)
    assert run.reason is StopReason.DECREASED
    assert 1e-9 < run[0].log_likelihood - run[1].log_likelihood < 1e-6


def test_tol_is_per_row():
    weighted = Tosses(TOSSES.heads, 10, row_weights=[1000] * 5)
    assert len(run_em(START, weighted)) == len(run_em(START, TOSSES))


def test_a_collapse_stops_the_run_and_names_the_component():
    data = np.concatenate([np.random.default_rng(0).normal(size=20), [9.0, 9.0]])[:, None]
    start = GaussianMixture([0.5, 0.5], [[0.0], [9.0]], [[[1.0]], [[0.1]]])
    run = run_em(start, data)
    assert run.reason is StopReason.DEGENERATE
    assert "component 1" in run.message
    assert np.isfinite(run.log_likelihoods).all()


@pytest.mark.parametrize("impossible", [-np.inf, np.nan])
def test_an_impossible_row_is_named(impossible):
    with pytest.raises(DegenerateError, match="row 1 has probability 0 under every component"):
        bayes(np.array([[0.0, -1.0], [impossible, impossible]]))


def test_bayes_never_underflows():
    log_joint = np.array([[-2000.0, -2001.0], [-np.inf, -1e5]])
    r = bayes(log_joint)[0]
    np.testing.assert_allclose(r[0], [1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))], rtol=1e-14)
    np.testing.assert_array_equal(r[1], [0, 1])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"tol": -1}, ValueError, "tol must not be negative"),
        ({"tol": np.nan}, ValueError, "tol must be finite, not nan"),
        ({"tol": "small"}, TypeError, "tol must hold real numbers"),
        ({"tol": [1e-3]}, ValueError, "tol must be one number"),
        ({"accelerate": ["anderson"]}, ValueError, "accelerate must be one of 'anderson'"),
        ({"max_iter": 2.5}, TypeError, "max_iter must be a whole number"),
        ({"max_iter": -1}, ValueError, "max_iter must be at least 0"),
    ],
)
def test_bad_options_name_the_argument(options, error, words):
    with pytest.raises(error, match=words):
        run_em(START, TOSSES, **options)


def test_bad_start_and_data():
    with pytest.raises(TypeError, match="start must be a model such as"):
        run_em([0.6, 0.5], TOSSES)
    with pytest.raises(TypeError, match="data must be Tosses"):
        run_em(START, [5, 9])


def test_the_entropy_of_one_distribution_is_one_number():
    assert entropy(np.array([0.5, 0.5])) == pytest.approx(np.log(2), rel=1e-15)
