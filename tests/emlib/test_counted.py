"""Mixtures of counts: grouping, row weights, and the Poisson and categorical models."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multinomial, poisson

from emlib import (
    BinomialMixture,
    CategoricalMixture,
    Counts,
    DegenerateError,
    PoissonMixture,
    Tallies,
    Tosses,
    run_em,
)
from emlib.models.rows import merge_equal

RNG = np.random.default_rng(0)
WEIGHTS = RNG.integers(0, 4, 40).astype(float)
HEADS = RNG.integers(0, 6, 40)
TALLIES = RNG.multinomial(5, [0.2, 0.3, 0.5], size=40)
CASES: list[Any] = [
    (BinomialMixture([0.3, 0.6], fit_mixing_weights=True), lambda rows, **w: Tosses(rows, 5, **w)),
    (PoissonMixture([1, 3], [0.4, 0.6]), Counts),
    (CategoricalMixture([[0.2, 0.3, 0.5], [0.4, 0.4, 0.2]]), Tallies),
]


def rows_of(model):
    return TALLIES if isinstance(model, CategoricalMixture) else HEADS


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=30))
@settings(deadline=None, derandomize=True)
def test_merging_counts_every_row_once(rows):
    table = np.array(rows, dtype=float)
    first, weights = merge_equal(table, None)
    assert (np.diff(first) > 0).all()
    assert weights.sum() == len(rows)
    for row, weight in zip(table[first], weights, strict=True):
        assert (table == row).all(axis=1).sum() == weight
    assert len({tuple(row) for row in table[first]}) == len(first)
    _, merged = merge_equal(table, np.arange(len(rows), dtype=float))
    assert merged.sum() == np.arange(len(rows)).sum()


@pytest.mark.parametrize(("model", "make"), CASES)
def test_grouped_and_weighted_rows_are_the_same_data(model, make):
    rows = rows_of(model)
    repeated = make(np.repeat(rows, WEIGHTS.astype(int), axis=0))
    weighted = make(rows, row_weights=WEIGHTS)
    assert len(repeated.distinct) < len(repeated)
    runs = [run_em(model, data, max_iter=30) for data in (repeated, weighted)]
    np.testing.assert_allclose(runs[0].log_likelihoods, runs[1].log_likelihoods, rtol=1e-12)
    # The plain steps, row by row, without any grouping.
    plain = model
    for step in runs[0]:
        assert step.log_likelihood == pytest.approx(
            np.logaddexp.reduce(plain.log_joint(repeated), axis=1).sum(), rel=1e-12
        )
        for name, value in plain.parameters().items():
            np.testing.assert_allclose(step.model.parameters()[name], value, rtol=1e-10)
        plain = plain.m_step(repeated, plain.e_step(repeated))
    for step in (runs[0][-1], runs[1][-1]):
        assert step.elbo == pytest.approx(step.log_likelihood, rel=1e-11)
    assert len(runs[0][-1].responsibilities) == len(repeated)


def test_an_iteration_does_not_grow_with_the_number_of_rows():
    class Counting(BinomialMixture):
        rows = 0

        def log_joint(self, data):
            Counting.rows = max(Counting.rows, len(data))
            return super().log_joint(data)

    data = Tosses(RNG.binomial(10, 0.4, 100_000), 10)
    run_em(Counting([0.3, 0.6]), data, max_iter=3)
    assert Counting.rows <= 11


def test_log_joints_against_scipy():
    model = PoissonMixture([0.5, 4.0], [0.3, 0.7])
    expected = np.log([0.3, 0.7]) + poisson.logpmf(HEADS[:, None], [0.5, 4.0])
    np.testing.assert_allclose(model.log_joint(HEADS), expected, rtol=1e-12)
    dice = CASES[2][0]
    orders = multinomial.logpmf(TALLIES, 5, [1 / 3] * 3) - 5 * np.log(1 / 3)
    expected = np.stack(
        [np.log(0.5) + multinomial.logpmf(TALLIES, 5, p) - orders for p in dice.probabilities], 1
    )
    np.testing.assert_allclose(dice.log_joint(TALLIES), expected, rtol=1e-11)


def test_two_categories_are_coins():
    coins = BinomialMixture([0.6, 0.5], fit_mixing_weights=True)
    dice = CategoricalMixture([[0.6, 0.4], [0.5, 0.5]], fit_mixing_weights=True)
    heads = np.array([5, 9, 8, 4, 7])
    one = run_em(coins, Tosses(heads, 10))
    other = run_em(dice, np.column_stack([heads, 10 - heads]))
    np.testing.assert_allclose(other.log_likelihoods, one.log_likelihoods, rtol=1e-12)
    np.testing.assert_allclose(other.model.probabilities[:, 0], one.model.theta, rtol=1e-9)


@pytest.mark.parametrize("fit", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_properties_of_every_run(seed, fit):
    rng = np.random.default_rng(seed)
    k, c = rng.integers(1, 4), rng.integers(2, 5)
    weights = rng.dirichlet(np.full(k, 3.0))
    models = [
        (PoissonMixture(rng.uniform(0.1, 9, k), weights, fit_mixing_weights=fit), HEADS),
        (
            CategoricalMixture(rng.dirichlet(np.ones(c), k), weights, fit_mixing_weights=fit),
            rng.multinomial(6, np.ones(c) / c, size=20),
        ),
    ]
    for model, data in models:
        run = run_em(model, data, max_iter=40)
        falls = np.diff(run.log_likelihoods)
        assert (falls >= -1e-12 * np.abs(run.log_likelihoods[1:])).all()
        assert run[-1].elbo == pytest.approx(run.log_likelihood, rel=1e-11)
        np.testing.assert_allclose(run[-1].responsibilities.sum(axis=1), 1, rtol=1e-13)
        np.testing.assert_array_equal(run.model.mixing_weights == weights, [not fit or k == 1] * k)


def test_number_of_free_parameters():
    for fit, extra in ((True, 2), (False, 0)):
        options = {"fit_mixing_weights": fit}
        assert BinomialMixture([0.1, 0.2, 0.3], **options).n_parameters == 3 + extra
        assert PoissonMixture([1, 2, 3], **options).n_parameters == 3 + extra
        dice = CategoricalMixture(np.full((3, 4), 0.25), **options)
        assert dice.n_parameters == 3 * 3 + extra


def test_samples_follow_the_model():
    model = PoissonMixture([1, 8], [0.25, 0.75])
    data, labels = model.sample(20_000, rng=1)
    assert labels.mean() == pytest.approx(0.75, abs=0.02)
    assert data.counts[labels == 1].mean() == pytest.approx(8, abs=0.1)
    dice = CASES[2][0]
    tallies, labels = dice.sample(np.full(20_000, 6), rng=1)
    shares = tallies.counts[labels == 0].mean(axis=0) / 6
    np.testing.assert_allclose(shares, dice.probabilities[0], atol=0.01)


def test_rates_and_probabilities_of_zero_are_legal():
    run = run_em(PoissonMixture([0.0, 3.0]), [0, 0, 2, 5])
    assert run.model.rates[0] == 0
    run = run_em(CategoricalMixture([[1.0, 0.0], [0.5, 0.5]]), [[3, 0], [2, 2]])
    np.testing.assert_array_equal(run.model.probabilities[0], [1, 0])


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (
            lambda: Counts([1, -1]),
            ValueError,
            "counts must be whole numbers from 0, but row 1 is negative",
        ),
        (
            lambda: Counts([0.5]),
            ValueError,
            "counts must be whole numbers from 0, but row 0 is not whole",
        ),
        (lambda: Counts([1], row_weights=[1, 2]), ValueError, "one weight per row: 1, not 2"),
        (lambda: Tosses([1], 2, row_weights=[-1]), ValueError, "row 0 weighs -1"),
        (lambda: Tallies([[1, 2], [0, 0]]), ValueError, "something in every row, but row 1"),
        (lambda: Tallies([[1, 2], [0, -1]]), ValueError, "row 1 is negative: -1"),
        (lambda: PoissonMixture([1, -2]), ValueError, "rates .* component 1 has -2"),
        (lambda: PoissonMixture([1, 2], [1]), ValueError, "one weight per component"),
        (lambda: PoissonMixture([0.0]).e_step([1]), DegenerateError, "row 0 has probability 0"),
        (lambda: CategoricalMixture([[0.5, 0.6]]), ValueError, "row 0 sums to 1.1; normalise"),
        (lambda: CategoricalMixture([[1.5, -0.5]]), ValueError, "must not be negative, but row 0"),
        (
            lambda: CASES[2][0].e_step([[1, 2]]),
            ValueError,
            r"each row of data must .* \(3,\)",
        ),
        (
            lambda: PoissonMixture([1, 2]).m_step([1, 2], [[1, 0], [1, 0]]),
            DegenerateError,
            "component 1 is empty",
        ),
    ],
)
def test_bad_input_names_the_argument(make, error, words):
    with pytest.raises(error, match=words):
        make()
