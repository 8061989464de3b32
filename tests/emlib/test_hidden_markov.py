"""Hidden Markov models: against all paths, against plain recursions, and under the driver."""

import itertools
import pickle
import tracemalloc
import warnings

import numpy as np
import pytest
from scipy.special import logsumexp

from emlib import (
    BinomialMixture,
    DegenerateError,
    GaussianMixture,
    HiddenMarkov,
    PoissonMixture,
    Series,
    Tosses,
    bic,
    restart_em,
    run_em,
)
from emlib.models import chain
from tests.slowly import slowly

rng_of = np.random.default_rng


def random_model(rng, k, kind, zeros=False):
    A = rng.dirichlet(np.ones(k), k)
    if zeros:  # left to right: what is left behind never comes back
        A = np.triu(A) / np.triu(A).sum(axis=1, keepdims=True)
    start = rng.dirichlet(np.ones(k))
    if kind == "discrete":
        return HiddenMarkov.discrete(A, rng.dirichlet(np.ones(3), k), start)
    factors = rng.normal(size=(k, 2, 2)) + 2 * np.eye(2)
    covariances = factors @ factors.transpose(0, 2, 1)
    return HiddenMarkov.gaussian(A, 2 * rng.normal(size=(k, 2)), covariances, start)


def all_paths(model, data):
    """Every path of one sequence, and its log joint probability with the data."""
    data = model.prepare(data)
    log_b = model.log_b(data)
    paths = np.array(list(itertools.product(range(model.k), repeat=len(data))))
    with np.errstate(divide="ignore"):
        log_start, log_A = np.log(model.start), np.log(model.transitions)
    joint = log_start[paths[:, 0]] + log_b[paths, np.arange(len(data))].sum(axis=1)
    return paths, joint + log_A[paths[:, :-1], paths[:, 1:]].sum(axis=1)


def plain(model, data):
    """Forward and backward in logarithms, one time after the other; one sequence."""
    log_b = model.log_b(model.prepare(data)).T
    with np.errstate(divide="ignore"):
        log_start, log_A = np.log(model.start), np.log(model.transitions)
    a, w = np.empty_like(log_b), np.zeros_like(log_b)
    a[0] = log_start + log_b[0]
    for t in range(1, len(a)):
        a[t] = logsumexp(a[t - 1][:, None] + log_A, axis=0) + log_b[t]
    for t in range(len(a) - 2, -1, -1):
        w[t] = logsumexp(log_A + log_b[t + 1] + w[t + 1], axis=1)
    height = logsumexp(a[-1])
    pairs = a[:-1, :, None] + log_A + (log_b + w)[1:, None, :] - height
    return height, np.exp(a + w - height), np.exp(pairs).sum(axis=0)


KINDS = [("discrete", False), ("discrete", True), ("gaussian", False), ("gaussian", True)]


@pytest.mark.parametrize(("kind", "zeros"), KINDS)
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_the_posterior_is_that_of_all_paths(kind, zeros, n):
    for seed in range(10):
        model = random_model(rng_of(seed), 3, kind, zeros)
        data, _ = model.sample(n, seed)
        paths, joint = all_paths(model, data)
        q = model.expectation(data)
        assert q.log_likelihood == pytest.approx(logsumexp(joint), rel=1e-12)
        posterior = np.exp(joint - logsumexp(joint))
        states = np.array([posterior @ (paths == j) for j in range(3)]).T
        np.testing.assert_allclose(q.responsibilities, states, atol=1e-12)
        np.testing.assert_allclose(q.first, states[0], atol=1e-12)
        moves = paths[:, :-1] * 3 + paths[:, 1:]
        pairs = [posterior @ (moves == m).sum(axis=1) for m in range(9)]
        np.testing.assert_allclose(q.pairs, np.reshape(pairs, (3, 3)), atol=1e-12)
        sure = posterior[posterior > 0]
        assert q.entropy == pytest.approx(-(sure * np.log(sure)).sum(), abs=1e-11)
        other = random_model(rng_of(seed + 99), 3, kind)
        assert q.Q(other) == pytest.approx(posterior @ all_paths(other, data)[1], rel=1e-11)


@pytest.mark.parametrize(("kind", "zeros"), KINDS)
def test_the_posterior_is_that_of_plain_recursions(kind, zeros):
    for seed in range(12):
        rng = rng_of(seed)
        model = random_model(rng, int(rng.integers(1, 7)), kind, zeros)
        data, _ = model.sample(int(rng.integers(1, 700)), rng)
        height, states, pairs = plain(model, data)
        q = model.expectation(data)
        assert q.log_likelihood == pytest.approx(height, rel=1e-12)
        np.testing.assert_allclose(q.responsibilities, states, atol=1e-10)
        np.testing.assert_allclose(q.pairs, pairs, atol=1e-9)
        assert model.log_likelihood(data) == q.log_likelihood


@pytest.mark.parametrize(("kind", "zeros"), KINDS)
def test_sequences_are_independent(kind, zeros):
    for seed in range(10):
        rng = rng_of(seed)
        model = random_model(rng, 3, kind, zeros)
        lengths = rng.integers(1, 40, size=rng.integers(1, 12))
        data, _ = model.sample(lengths, rng)
        parts = np.split(np.asarray(data.values), np.cumsum(lengths)[:-1])
        each = [model.expectation(part) for part in parts]
        q = model.expectation(data)
        assert q.log_likelihood == pytest.approx(sum(e.log_likelihood for e in each), rel=1e-12)
        states = np.concatenate([e.responsibilities for e in each])
        np.testing.assert_allclose(q.responsibilities, states, atol=1e-12)
        np.testing.assert_allclose(q.pairs, sum(e.pairs for e in each), atol=1e-10)
        np.testing.assert_allclose(q.first, sum(e.first for e in each), atol=1e-12)


def test_a_state_may_fall_behind_by_any_factor_and_come_back():
    """Whoever leaves state 0 cannot return: the first half speaks against it, the rest for it."""
    x = np.r_[np.full(300, 3.0), np.full(900, 0.0)][:, None]
    model = HiddenMarkov.gaussian([[0.9, 0.1], [0.0, 1.0]], [[0.0], [3.0]], [[[1.0]]] * 2)
    q = model.expectation(x)
    height, states, _ = plain(model, x)
    assert q.log_likelihood == pytest.approx(height, rel=1e-12)
    np.testing.assert_allclose(q.responsibilities, states, atol=1e-10)
    assert q.responsibilities[0, 0] > 0.99  # state 0 all the way, though far behind half-way


def test_a_row_far_from_every_state_does_not_underflow():
    model = HiddenMarkov.gaussian([[0.9, 0.1], [0.2, 0.8]], [[0.0], [2.0]], [[[1.0]]] * 2)
    x = np.r_[0.1, -0.3, 90.0, 2.2, -70.0, 1.9][:, None]
    height, states, pairs = plain(model, x)
    q = model.expectation(x)
    assert q.log_likelihood == pytest.approx(height, rel=1e-12)
    np.testing.assert_allclose(q.responsibilities, states, atol=1e-10)
    np.testing.assert_allclose(q.pairs, pairs, atol=1e-10)


def test_no_underflow_in_a_million_steps():
    model = HiddenMarkov.gaussian([[0.95, 0.05], [0.1, 0.9]], [[0.0], [2.0]], [[[1.0]]] * 2)
    data, states = model.sample(1_000_000, rng=0)
    q = model.expectation(data)
    assert np.isfinite(q.responsibilities).all()
    np.testing.assert_allclose(q.responsibilities.sum(axis=1), 1, rtol=1e-9)
    assert q.pairs.sum() == pytest.approx(999_999, rel=1e-10)
    assert -2.5e6 < q.log_likelihood < -1e6
    assert (q.responsibilities.argmax(axis=1) == states).mean() > 0.9
    same = model.expectation(np.asarray(data.values)[:5000])  # what is far off is forgotten
    np.testing.assert_allclose(same.responsibilities[:4900], q.responsibilities[:4900], atol=1e-10)


def test_memory_is_linear_in_time():
    model = HiddenMarkov.discrete([[0.9, 0.1], [0.2, 0.8]], [[0.7, 0.3], [0.2, 0.8]])
    peaks = []
    for n in (50_000, 100_000, 200_000):
        data = model.prepare(model.sample(n, rng=0)[0])
        tracemalloc.start()
        model.em_step(data)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 2.3 * peaks[1] < 2.3**2 * peaks[0]
    assert peaks[2] < 200_000 * 2 * 8 * 12


@pytest.mark.parametrize("kind", ["discrete", "gaussian"])
@pytest.mark.parametrize("problems", [50, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_log_likelihood_never_falls(kind, problems):
    """Nowhere by more than 1e-11 nats a row."""
    steps = 0
    for seed in range(problems):
        rng = rng_of(seed)
        k = int(rng.integers(2, 5))
        truth = random_model(rng, k, kind)
        data, _ = truth.sample(rng.integers(10, 60, size=rng.integers(1, 4)), rng)
        fit_start = bool(seed % 2)
        model = HiddenMarkov.start_from(data, k, rng=rng, fit_start=fit_start)
        data = model.prepare(data)
        before = -np.inf
        for _ in range(6):
            try:
                following, height = model.em_step(data)
            except DegenerateError:  # a state collapsed onto a row or two
                break
            assert height >= before - 1e-11 * len(data)
            model, before, steps = following, height, steps + 1
    assert steps > 4 * problems


def test_the_m_step_is_the_top_of_Q():
    rng = rng_of(3)
    model = random_model(rng, 3, "discrete")
    data, _ = model.sample([60, 40], rng)
    q = model.expectation(data)
    following, _ = model.em_step(data)
    best = q.Q(following)
    for seed in range(30):
        vector = following.coordinates(q.data)
        nearby = following.at_coordinates(q.data, vector + 0.02 * rng_of(seed).normal(size=21))
        assert q.Q(nearby) < best
    np.testing.assert_allclose(following.transitions.sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("accelerate", slowly([None, "anderson", "squarem"], "squarem"))
@pytest.mark.parametrize("kind", ["discrete", "gaussian"])
def test_the_driver_climbs(kind, accelerate):
    truth = HiddenMarkov.gaussian([[0.9, 0.1], [0.2, 0.8]], [[0.0], [2.5]], [[[1.0]], [[0.5]]])
    if kind == "discrete":
        truth = HiddenMarkov.discrete([[0.9, 0.1], [0.2, 0.8]], [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    data, _ = truth.sample([300, 200], 5)
    plain_run = run_em(truth, data, max_iter=5000)
    run = run_em(truth, data, accelerate=accelerate, max_iter=5000)
    assert run.converged
    assert plain_run.converged
    assert run.log_likelihood == pytest.approx(plain_run.log_likelihood, abs=1e-5)
    if (kind, accelerate) == ("discrete", "anderson"):  # the others are as fast without
        assert run.evaluations < plain_run.evaluations
    for step in run[:: max(1, len(run) // 4)]:
        assert step.elbo == pytest.approx(step.log_likelihood, rel=1e-12)
    assert run.trace("transitions").shape == (len(run), 2, 2)
    model = run.model
    free = 1 + 2 + 4
    assert model.n_parameters == free
    assert bic(model, data) == pytest.approx(free * np.log(500) - 2 * run.log_likelihood)


def test_a_chain_that_forgets_is_a_mixture():
    """With equal rows of transitions, one E- and M-step is that of a mixture with those weights."""
    x = rng_of(0).normal(size=(80, 2)) + np.repeat([[0, 0], [3, 1]], 40, axis=0)
    weights, means, covariances = [0.3, 0.7], [[0.0, 0.0], [2.0, 2.0]], [np.eye(2)] * 2
    mixture = GaussianMixture(weights, means, covariances)
    model = HiddenMarkov.gaussian([weights] * 2, means, covariances, weights)
    np.testing.assert_allclose(model.expectation(x).responsibilities, mixture.e_step(x))
    assert model.log_likelihood(x) == pytest.approx(mixture.log_likelihood(x), rel=1e-12)
    np.testing.assert_allclose(model.em_step(x)[0].means, mixture.em_step(x)[0].means, rtol=1e-9)


def test_restarts_and_choice_of_k():
    truth = HiddenMarkov.gaussian(0.1 + 0.7 * np.eye(3), [[0.0], [3.0], [6.0]], [[[1.0]]] * 3)
    data, _ = truth.sample(400, 2)
    found = {}
    for k in (1, 2, 3, 4):
        tops = restart_em(
            lambda rng, k=k: HiddenMarkov.start_from(data, k, rng=rng), data,
            restarts=4, rng=0, accelerate="squarem", max_iter=300,
        )  # fmt: skip
        found[k] = bic(tops.best.model, data)
    assert min(found, key=found.get) == 3


def test_a_fixed_start_stays_and_a_fitted_one_moves():
    truth = random_model(rng_of(1), 2, "discrete")
    data, _ = truth.sample([5] * 40, 1)
    held = HiddenMarkov(truth.transitions, truth.emissions, [0.3, 0.7], fit_start=False)
    np.testing.assert_array_equal(run_em(held, data, max_iter=20).model.start, [0.3, 0.7])
    fitted = HiddenMarkov(truth.transitions, truth.emissions, [0.3, 0.7])
    q = fitted.expectation(data)
    np.testing.assert_allclose(fitted.em_step(data)[0].start, q.first / 40)


def test_other_mixtures_may_emit():
    A = [[0.9, 0.1], [0.1, 0.9]]
    counts = np.r_[np.full(20, 2), np.full(20, 9)]
    run = run_em(HiddenMarkov(A, PoissonMixture([1, 12])), counts)
    np.testing.assert_allclose(run.model.rates, [2, 9], atol=0.2)
    tosses = Tosses(np.r_[np.full(20, 2), np.full(20, 9)], 10)
    run = run_em(HiddenMarkov(A, BinomialMixture([0.1, 0.8])), Series(tosses))
    np.testing.assert_allclose(run.model.theta, [0.2, 0.9], atol=0.02)


def test_samples_follow_the_model():
    model = HiddenMarkov.discrete([[0.9, 0.1], [0.3, 0.7]], [[1.0, 0.0], [0.2, 0.8]], [0.0, 1.0])
    data, states = model.sample([3] * 4000, 1)
    first = states.reshape(-1, 3)
    assert (first[:, 0] == 1).all()
    assert (first[:, 1] == 0).mean() == pytest.approx(0.3, abs=0.03)
    assert np.asarray(data.values)[states == 1].mean() == pytest.approx(0.8, abs=0.02)
    assert np.asarray(data.values)[states == 0].max() == 0


A2 = [[0.5, 0.5], [0.5, 0.5]]
P2 = [[0.5, 0.5], [0.2, 0.8]]
BAD = [
    (lambda: HiddenMarkov.discrete([[0.5, 0.5]], P2), "transitions must have shape"),
    (lambda: HiddenMarkov.discrete([[0.5, 0.4], [0.5, 0.5]], P2), "each row of transitions must"),
    (lambda: HiddenMarkov.discrete([[1.5, -0.5], [0.5, 0.5]], P2), "transitions must not be neg"),
    (lambda: HiddenMarkov.discrete(A2, P2, [0.5, 0.6]), "each row of start must sum to 1"),
    (lambda: HiddenMarkov.discrete(A2, P2, [1.0]), "start must hold one probability per state"),
    (lambda: HiddenMarkov.discrete(A2, [[1.0, 0.0]]), "emissions must have one component"),
    (lambda: HiddenMarkov(A2, P2), "emissions must be a mixture"),
    (
        lambda: HiddenMarkov(A2, PoissonMixture([1, 2], fit_mixing_weights=True)),
        "emissions must hold its mixing weights fixed",
    ),
    (lambda: HiddenMarkov.discrete(A2, P2).expectation([0, 1, 2]), "row 2 is 2"),
    (lambda: HiddenMarkov.discrete(A2, P2).expectation([0, 0.5]), "row 1 is not whole"),
    (lambda: HiddenMarkov.discrete(A2, P2).expectation([]), "data is empty"),
    (lambda: HiddenMarkov.discrete(A2, P2).expectation([[0, 1]]), "must have 1 axis"),
    (lambda: Series([0, 1, 1], [2, 2]), "lengths must sum to the number of rows, 3"),
    (lambda: Series([0, 1, 1], [3, 0]), "lengths must be at least 1, but sequence 1"),
    (
        lambda: HiddenMarkov.gaussian(A2, [[0.0], [1.0]], [[[1.0]]] * 2).expectation([[np.nan]]),
        "must be finite",
    ),
    (
        lambda: HiddenMarkov(A2, BinomialMixture([0.2, 0.5])).expectation(
            Series(Tosses([1, 2], 3, row_weights=[1, 2]))
        ),
        "must not have row_weights",
    ),
    (lambda: run_em(HiddenMarkov.discrete(A2, P2), [1]), "at least as many rows as states"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), BAD)
def test_bad_input_is_refused_in_words(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call()


def test_impossible_rows_are_named():
    never = HiddenMarkov.discrete(A2, [[0.5, 0.5, 0.0]] * 2)
    stuck = HiddenMarkov.discrete([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]])
    for model, data, row in ((never, [0, 1, 2, 0], 2), (stuck, [0] * 50 + [1] * 9, 50)):
        with pytest.raises(DegenerateError, match=f"row {row} has probability 0"):
            model.expectation(data)
        assert model.log_likelihood(data) == -np.inf
        with pytest.raises(DegenerateError, match=f"row {row}"):
            run_em(model, data)


def test_models_are_values():
    model = random_model(rng_of(0), 2, "gaussian")
    data, _ = model.sample(60, 0)
    values = np.asarray(data.values).copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = run_em(model, data, max_iter=30)
    np.testing.assert_array_equal(data.values, values)
    copy = pickle.loads(pickle.dumps(run.model))
    assert copy.log_likelihood(data) == run.log_likelihood
    for value in run.model.parameters().values():
        with pytest.raises(ValueError, match="read-only"):
            value[0] = 0
    with pytest.raises(AttributeError, match="no colour"):
        _ = model.colour


def test_both_arithmetics_agree(monkeypatch):
    model = random_model(rng_of(4), 4, "gaussian")
    data, _ = model.sample([300, 5, 90], 4)
    fast = model.expectation(data)
    monkeypatch.setattr(chain, "SMALL", 2.0)
    slow = model.expectation(data)
    assert fast.log_likelihood == pytest.approx(slow.log_likelihood, rel=1e-13)
    np.testing.assert_allclose(fast.responsibilities, slow.responsibilities, atol=1e-12)
    np.testing.assert_allclose(fast.pairs, slow.pairs, atol=1e-11)
