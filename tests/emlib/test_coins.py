"""Binomial mixtures: published numbers, properties and bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from emlib import BinomialMixture, DegenerateError, SaddleWarning, StopReason, Tosses, run_em

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)


def exact_run(start, **options):
    return run_em(start, TOSSES, tol=0, max_iter=10_000, **options)


def test_first_iteration_of_do_and_batzoglou():
    # Do and Batzoglou 2008, figure 1b.
    start = BinomialMixture([0.6, 0.5])
    r = start.e_step(TOSSES)
    np.testing.assert_array_equal(r[:, 0].round(2), [0.45, 0.80, 0.73, 0.35, 0.65])
    heads, tails = TOSSES.heads @ r, TOSSES.tails @ r
    np.testing.assert_array_equal(heads.round(1), [21.3, 11.7])
    np.testing.assert_array_equal(tails.round(1), [8.6, 8.4])


def test_theta_and_log_likelihood_of_every_iteration():
    run = run_em(BinomialMixture([0.6, 0.5]), TOSSES, max_iter=5)
    assert run.reason is StopReason.ITERATION_LIMIT
    table = [  # the last column: Q without log 1/2, often printed as the log-likelihood
        (0.6, 0.5, -33.093863, -32.69),
        (0.71301224, 0.58133931, -31.859258, -31.26),
        (0.74529204, 0.56925575, -31.723116, -30.76),
        (0.76809883, 0.54953591, -31.627827, -30.33),
        (0.78316458, 0.53461745, -31.584947, -30.07),
        (0.79105525, 0.52628117, -31.573058, -29.95),
    ]
    for step, (a, b, log_likelihood, q) in zip(run, table, strict=True):
        np.testing.assert_array_equal(step.model.theta.round(8), [a, b])
        assert round(step.log_likelihood, 6) == log_likelihood
        assert round(step.Q + 5 * np.log(2), 2) == q
    bounds = [round(step.elbo + 5 * np.log(2), 2) for step in run]
    assert bounds == [-29.63, -28.39, -28.26, -28.16, -28.12, -28.11]


def test_limit_and_its_four_numbers():
    last = exact_run(BinomialMixture([0.6, 0.5]))[-1]
    limit = last.model
    for _ in range(30):  # the log-likelihood is flat at its top: theta still gains digits
        limit, _ = limit.em_step(TOSSES)
    np.testing.assert_array_equal(limit.theta.round(10), [0.7967890669, 0.5195831201])
    assert round(last.log_likelihood, 6) == -31.570200
    assert round(last.log_likelihood + TOSSES.log_orders, 6) == -9.796924
    assert round(last.Q + 5 * np.log(2), 4) == -29.8687
    np.testing.assert_allclose(last.elbo, last.log_likelihood, rtol=1e-13)


def test_q_may_fall_while_the_log_likelihood_rises():
    run = run_em(BinomialMixture([0.20, 0.95]), TOSSES, max_iter=5)
    q = [round(step.Q + 5 * np.log(2), 4) for step in run[1:]]
    assert q == [-29.6007, -29.7497, -29.8190, -29.8483, -29.8603]
    log_likelihoods = run.log_likelihoods[1:].round(6)
    assert log_likelihoods.tolist() == [-31.678072, -31.586168, -31.572858, -31.570647, -31.570275]


def test_equal_coins_stay_on_the_saddle():
    with pytest.warns(SaddleWarning, match="components 0 and 1 start equal"):
        run = run_em(BinomialMixture([0.3, 0.3]), TOSSES)
    np.testing.assert_allclose(run.model.theta, 0.66, rtol=1e-12)
    assert round(run.log_likelihood, 6) == -32.051774


def test_fitted_mixing_weights():
    last = exact_run(BinomialMixture([0.6, 0.5], fit_mixing_weights=True))[-1]
    np.testing.assert_array_equal(last.model.theta.round(5), [0.79337, 0.51392])
    assert last.model.mixing_weights[0].round(5) == 0.52275
    assert round(last.log_likelihood, 6) == -31.568695


def test_synthetic_coins():
    rng = np.random.RandomState(1234)
    heads = np.concatenate([rng.binomial(100, 0.8, 50), rng.binomial(100, 0.35, 50)])
    run = run_em(BinomialMixture([0.6, 0.5]), Tosses(heads, 100))
    np.testing.assert_array_equal(run.model.theta.round(4), [0.7982, 0.3516])
    assert round(run[-1].Q + 100 * np.log(2), 6) == -5756.595652


def test_known_labels_give_the_closed_form():
    labels, data = np.array([0, 0, 1, 0, 1]), Tosses([7, 9, 2, 6, 0], flips=10)
    model = BinomialMixture([0.8, 0.3]).m_step(data, np.eye(2)[labels])
    np.testing.assert_array_equal(model.theta.round(7), [0.7333333, 0.1])
    complete = model.log_joint(data)[range(5), labels].sum() + 5 * np.log(2) + data.log_orders
    assert round(-complete, 7) == 7.6552678
    # Do and Batzoglou 2008, figure 1a.
    labels = np.array([1, 0, 0, 1, 0])
    model = BinomialMixture([0.6, 0.5]).m_step(TOSSES, np.eye(2)[labels])
    np.testing.assert_array_equal(model.theta, [24 / 30, 9 / 20])
    hard = BinomialMixture([0.6, 0.5])
    for _ in range(20):
        hard = hard.m_step(TOSSES, hard.e_step(TOSSES).round())
    np.testing.assert_array_equal(hard.theta, model.theta)


def test_log_joint_against_scipy():
    rng = np.random.default_rng(5)
    flips = rng.integers(1, 30, 7)
    data = Tosses(rng.binomial(flips, 0.4), flips)
    model = BinomialMixture([0.15, 0.5, 0.8], [0.5, 0.3, 0.2])
    pmf = model.mixing_weights * binom.pmf(data.heads[:, None], flips[:, None], model.theta)
    expected = np.log(pmf.sum(axis=1)).sum()
    np.testing.assert_allclose(model.log_likelihood(data) + data.log_orders, expected, rtol=1e-12)
    expected = pmf / pmf.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.e_step(data), expected, rtol=1e-11)


def test_two_thousand_flips_do_not_underflow():
    model = BinomialMixture([0.8, 0.35])
    data = Tosses([1600, 700], flips=2000)
    np.testing.assert_allclose(model.e_step(data), [[1, 0], [0, 1]], atol=1e-100)
    assert np.isfinite(model.log_likelihood(data))


def test_theta_of_zero_and_one_is_legal():
    run = run_em(BinomialMixture([0.0, 1.0, 0.5]), Tosses([0, 10, 4], flips=10))
    assert run.converged
    np.testing.assert_array_equal(run.model.theta[:2], [0, 1])


tosses = st.integers(1, 12).flatmap(
    lambda n: st.lists(
        st.integers(1, 40).flatmap(lambda f: st.tuples(st.integers(0, f), st.just(f))),
        min_size=n,
        max_size=n,
    )
)


@given(tosses, st.integers(1, 4), st.booleans(), st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True)
def test_properties_of_every_run(rows, k, fit, seed):
    rng = np.random.default_rng(seed)
    heads, flips = zip(*rows, strict=True)
    start = BinomialMixture(
        rng.uniform(0.05, 0.95, k), rng.dirichlet(np.full(k, 3.0)), fit_mixing_weights=fit
    )
    data = Tosses(heads, flips)
    run = run_em(start, data, max_iter=50)
    assert run.reason is not StopReason.DECREASED
    assert (np.diff(run.log_likelihoods) >= -1e-12 * np.abs(run.log_likelihoods[1:])).all()
    for step in run:
        np.testing.assert_allclose(step.responsibilities.sum(axis=1), 1, rtol=1e-13)
        np.testing.assert_allclose(step.elbo, step.log_likelihood, rtol=1e-11, atol=1e-11)
        assert step.log_likelihood == pytest.approx(step.model.log_likelihood(data), rel=1e-13)


@given(st.permutations(range(3)), st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True)
def test_relabelling_the_components_changes_nothing(order, seed):
    rng = np.random.default_rng(seed)
    theta, weights = rng.uniform(0.05, 0.95, 3), rng.dirichlet([3, 3, 3])
    order = list(order)
    one = run_em(BinomialMixture(theta, weights, fit_mixing_weights=True), TOSSES, max_iter=5)
    other = run_em(
        BinomialMixture(theta[order], weights[order], fit_mixing_weights=True), TOSSES, max_iter=5
    )
    np.testing.assert_allclose(other.log_likelihoods, one.log_likelihoods, rtol=1e-12)
    np.testing.assert_allclose(other.model.theta, one.model.theta[order], rtol=1e-8)
    np.testing.assert_allclose(
        other[-1].responsibilities, one[-1].responsibilities[:, order], rtol=1e-8, atol=1e-12
    )


def test_sample_follows_the_model_and_the_seed():
    model = BinomialMixture([0.9, 0.2], [0.25, 0.75])
    data, labels = model.sample(np.full(20_000, 10), rng=7)
    assert labels.mean() == pytest.approx(0.75, abs=0.02)
    for j in (0, 1):
        rows = labels == j
        mean = data.heads[rows].mean() / 10
        assert mean == pytest.approx(model.theta[j], abs=0.01)
    again, _ = model.sample(np.full(20_000, 10), rng=7)
    np.testing.assert_array_equal(again.heads, data.heads)


def test_arguments_are_copied_and_frozen():
    theta = np.array([0.6, 0.5])
    model = BinomialMixture(theta)
    theta[0] = 0.1
    assert model.theta[0] == 0.6
    with pytest.raises(ValueError, match="read-only"):
        model.theta[0] = 0.1
    heads = np.array([5, 9], dtype=np.int8)
    data = Tosses(heads, 10)
    model.m_step(data, model.e_step(data))
    np.testing.assert_array_equal(heads, [5, 9])


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Tosses([11], 10), ValueError, "row 0: more heads than flips"),
        (
            lambda: Tosses([1, -1], 10),
            ValueError,
            "heads must be whole numbers from 0, but row 1 is negative",
        ),
        (lambda: Tosses([1, 1], [3, 0]), ValueError, "row 1: has no flips"),
        (
            lambda: Tosses([1.5], 10),
            ValueError,
            "heads must be whole numbers from 0, but row 0 is not whole",
        ),
        (lambda: Tosses([1, np.nan], 10), ValueError, "heads must be finite, but row 1 holds nan"),
        (lambda: Tosses([1, np.inf], 10), ValueError, "heads must be finite, but row 1 holds inf"),
        (lambda: Tosses([1e16], 1e16), ValueError, r"heads .* row 0 is above 2\^53: 1e\+16"),
        (lambda: Tosses([1], [[1], [1, 2]]), ValueError, "rows of flips must all have the same"),
        (lambda: Tosses(["a"], 10), TypeError, "heads must hold real numbers"),
        (lambda: Tosses([1 + 2j], 10), TypeError, "heads must hold real numbers"),
        (lambda: Tosses([None], 10), TypeError, "heads must hold real numbers"),
        (lambda: Tosses([], 10), ValueError, "heads is empty"),
        (lambda: Tosses([[1, 2]], 10), ValueError, "heads must have 1 axis"),
        (lambda: Tosses([1, 2], [10, 10, 10]), ValueError, "flips must be one number or one per"),
        (lambda: BinomialMixture([0.5, 1.2]), ValueError, "theta .* component 1 is 1.2"),
        (lambda: BinomialMixture([]), ValueError, "theta is empty"),
        (lambda: BinomialMixture([0.5, 0.6], [0.5, 0.6]), ValueError, "mixing_weights must sum"),
        (
            lambda: BinomialMixture([0.5, 0.6], [1, 0]),
            ValueError,
            "mixing_weights must be positive",
        ),
        (lambda: BinomialMixture([0.5, 0.6], [1]), ValueError, "one weight per component: 2"),
        (lambda: BinomialMixture([0.5]).e_step([5, 9]), TypeError, "data must be Tosses"),
        (lambda: BinomialMixture([0.0]).e_step(TOSSES), DegenerateError, "row 0 has probability 0"),
        (
            lambda: BinomialMixture([0.5, 0.6]).m_step(TOSSES, np.ones((5, 2))),
            ValueError,
            "each row of responsibilities must sum to 1, but row 0 sums to 2",
        ),
        (
            lambda: BinomialMixture([0.5, 0.6]).m_step(TOSSES, np.ones((2, 5)) / 5),
            ValueError,
            r"responsibilities must have shape \(n, k\) = \(5, 2\)",
        ),
        (
            lambda: BinomialMixture([0.5, 0.6]).m_step(TOSSES, [[2, -1]] * 5),
            ValueError,
            "responsibilities must not be negative, but row 0",
        ),
        (
            lambda: BinomialMixture([0.5, 0.6]).m_step(TOSSES, [[1, 0]] * 5),
            DegenerateError,
            "component 1 is empty",
        ),
        (lambda: BinomialMixture([0.5]).sample([3], rng=-1), TypeError, "rng must be a NumPy Gen"),
        (lambda: BinomialMixture([0.5]).sample([-1]), ValueError, "flips must be whole numbers"),
    ],
)
def test_bad_input_names_the_argument(make, error, words):
    with pytest.raises(error, match=words):
        make()
