"""Dawid and Skene's annotators: against the categorical mixture, direct maximisation, samples."""

import numpy as np
import pytest
from scipy.optimize import minimize

from emlib import (
    CategoricalMixture,
    DawidSkene,
    DegenerateError,
    Ratings,
    bic,
    observed_information,
    restart_em,
    run_em,
)
from emlib.data import anaesthetists

WHO = [0, 0, 0, 1, 2, 3, 4]  # columns 0 to 2 are the same anaesthetist


def patients():
    table = anaesthetists()
    return Ratings.listed(np.repeat(np.arange(45), 7), WHO * 45, table.ravel() - 1)


def problem(seed):
    """Few items, some annotators, and a random start."""
    rng = np.random.default_rng(seed)
    n, m, c = rng.integers(8, 40), rng.integers(1, 6), rng.integers(2, 5)
    counts = rng.poisson(0.8, (n, m, c))
    counts[np.arange(n), rng.integers(0, m, n), rng.integers(0, c, n)] += 1
    confusion = rng.dirichlet(np.ones(c), (c, m))
    return Ratings(counts), DawidSkene(confusion, rng.dirichlet(np.full(c, 3.0)))


def test_the_anaesthetists():
    # The same in both copies of the table: classes, and anaesthetist 1 for classes 2 to 4.
    run = run_em(DawidSkene.from_votes(patients()), patients())
    assert run.converged
    np.testing.assert_allclose(run.model.mixing_weights.round(2), [0.40, 0.42, 0.11, 0.07])
    expected = [[0.07, 0.88, 0.05, 0.00], [0.00, 0.34, 0.66, 0.00], [0.00, 0.00, 0.56, 0.44]]
    np.testing.assert_allclose(run.model.confusion[1:, 0].round(2), expected)


def test_one_annotator_is_a_categorical_mixture():
    rng = np.random.default_rng(0)
    rows = rng.multinomial(5, [0.2, 0.3, 0.5], size=30)
    p, weights = rng.dirichlet(np.ones(3), 3), [0.2, 0.3, 0.5]
    dice = CategoricalMixture(p, weights, fit_mixing_weights=True)
    one = run_em(DawidSkene(p[:, None], weights), rows[:, None], max_iter=50)
    other = run_em(dice, rows, max_iter=50)
    np.testing.assert_allclose(one.log_likelihoods, other.log_likelihoods, rtol=1e-12)
    assert bic(one.model, rows[:, None]) == pytest.approx(bic(other.model, rows))


def test_em_maximises_the_likelihood():
    model = DawidSkene(
        [[[0.8, 0.2], [0.7, 0.3], [0.9, 0.1]], [[0.3, 0.7], [0.1, 0.9], [0.2, 0.8]]], [0.4, 0.6]
    )
    data, classes = model.sample(300, rng=1)
    run = run_em(model, data, tol=1e-13, max_iter=5000)
    right = (run[-1].responsibilities.argmax(axis=1) == classes).mean()
    assert right > 0.85

    def negative(vector):
        return -run.model.at_coordinates(run.data, vector).log_likelihood(run.data)

    best = minimize(negative, model.coordinates(data), method="BFGS")
    assert -best.fun == pytest.approx(run.log_likelihood, abs=1e-6)
    # The information is the curvature that the same differences find.
    information = observed_information(run.model, run.data)
    assert information.standard_errors["confusion"].shape == (2, 3, 2)
    assert 0 < information.rate < 1

    def height(step):
        tables = run.model.confusion.copy()
        tables[0, 0] += [step, -step]
        return DawidSkene(tables, run.model.mixing_weights).log_likelihood(run.data)

    curvature = (height(1e-4) - 2 * height(0) + height(-1e-4)) / 1e-8
    others_known = 1 / np.sqrt(-curvature)
    assert others_known <= information.standard_errors["confusion"][0, 0, 0] < 2 * others_known


@pytest.mark.parametrize("accelerate", ["squarem", "anderson"])
def test_leaps_reach_the_same_top(accelerate):
    start = DawidSkene.from_votes(patients())
    leaping = run_em(start, patients(), accelerate=accelerate)
    plain = run_em(start, patients())
    assert leaping.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-7)


def test_restarts_start_from_noisy_votes():
    found = restart_em(DawidSkene, patients(), 4, restarts=6, rng=0)
    assert len(found.optima) > 1
    with pytest.raises(ValueError, match="k must be the number of labels: 4, not 3"):
        restart_em(DawidSkene, patients(), 3)


def test_equal_items_are_merged():
    data, start = patients(), DawidSkene.from_votes(patients())
    assert len(data.distinct) < len(data)
    plain = start.m_step(data, start.e_step(data))
    np.testing.assert_allclose(start.em_step(data)[0].confusion, plain.confusion, atol=1e-14)


def test_an_annotator_who_says_nothing_keeps_the_table():
    counts = np.zeros((3, 2, 2))
    counts[:, 0] = [[1, 0], [0, 1], [0, 1]]
    start = DawidSkene([[[0.9, 0.1], [0.7, 0.3]], [[0.2, 0.8], [0.4, 0.6]]])
    run = run_em(start, counts, max_iter=5)
    np.testing.assert_array_equal(run.model.confusion[:, 1], [[0.7, 0.3], [0.4, 0.6]])


def falls(problems):
    """Return the problems whose log-likelihood falls by more than rounding, 1e-12 a nat."""
    fallen = []
    for seed in problems:
        data, model = problem(seed)
        ls = run_em(model, data, max_iter=40).log_likelihoods
        fallen += [seed] * bool((np.diff(ls) < -1e-12 * np.abs(ls[1:])).any())
    return fallen


def test_the_log_likelihood_never_falls():
    assert not falls(range(150))


@pytest.mark.slow
def test_the_log_likelihood_never_falls_in_a_thousand_problems():
    assert not falls(range(150, 1000))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Ratings([[1, 0]]), ValueError, "counts must have 3 axes"),
        (
            lambda: Ratings([[[1, 0]], [[0, 0]]]),
            ValueError,
            "something in every row, but row 1 is 0",
        ),
        (lambda: Ratings([[[0.5, 1]]]), ValueError, "row 0 is not whole"),
        (lambda: Ratings.listed([0, 1], [0], [1, 1]), ValueError, "one number per rating each"),
        (lambda: Ratings.listed([0], [0], [-1]), ValueError, "labels must be whole numbers"),
        (lambda: DawidSkene(np.full((2, 1, 3), 1 / 3)), ValueError, "as many classes as labels"),
        (lambda: DawidSkene([[[0.5, 0.6]], [[0.5, 0.5]]]), ValueError, "row 0 sums to 1.1"),
        (lambda: DawidSkene([[[1, 0]], [[0, 1]]], [1, 0]), ValueError, "component 1 has weight 0"),
        (
            lambda: DawidSkene([[[1, 0]], [[0, 1]]]).e_step([[[1, 0], [1, 0]]]),
            ValueError,
            "each row of data must have shape",
        ),
        (
            lambda: DawidSkene([[[1, 0]], [[0, 1]]]).m_step([[[1, 0]]], [[1, 0]]),
            DegenerateError,
            "component 1 is empty",
        ),
    ],
)
def test_bad_input_is_told_in_words(make, error, words):
    with pytest.raises(error, match=words):
        make()
