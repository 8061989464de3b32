"""Starts, restarts and criteria."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture as PeerMixture

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
    Tosses,
    bic,
    icl,
    restart_em,
    run_em,
)
from emlib.models.starts import chosen_rows

RNG = np.random.default_rng(0)
CENTRES = np.array([[0, 0], [8, 0], [0, 8]])
DATA = np.concatenate([RNG.normal(centre, 1, size=(40, 2)) for centre in CENTRES])
TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)
SAMPLES = {
    GaussianMixture: DATA,
    BinomialMixture: TOSSES,
    PoissonMixture: [0, 1, 1, 2, 7, 9, 8, 0, 1, 10],
    CategoricalMixture: RNG.multinomial(9, [0.2, 0.3, 0.5], size=30),
}


def test_k_means_plus_plus_prefers_far_rows():
    clusters = np.repeat(range(3), 40)
    hits = {"k-means++": 0, "random": 0}
    for method in hits:
        for seed in range(200):
            rows = chosen_rows(DATA, 3, method, seed)
            hits[method] += len(set(clusters[rows])) == 3
    # Three rows at random lie in three clusters with probability 2/9.
    assert hits["random"] < 70 < 150 < hits["k-means++"]


@pytest.mark.parametrize("method", ["k-means++", "random"])
def test_chosen_rows_are_distinct_and_weighted(method):
    x = np.array([[0.0], [0.0], [1.0], [2.0]])
    for seed in range(20):
        assert len(np.unique(x[chosen_rows(x, 3, method, seed)])) == 3
        rows = chosen_rows(x, 2, method, seed, weights=np.array([1.0, 0, 1, 0]))
        assert set(rows) == {0, 2}
    with pytest.raises(ValueError, match="k must be at most the number of distinct rows: 3"):
        chosen_rows(x, 4, method, 0)


@pytest.mark.parametrize("model", SAMPLES)
@pytest.mark.parametrize("method", ["k-means++", "random"])
def test_every_model_starts_and_converges(model, method):
    start = model.start_from(SAMPLES[model], 2, method=method, rng=3)
    assert type(start) is model
    assert run_em(start, SAMPLES[model]).converged
    again = model.start_from(SAMPLES[model], 2, method=method, rng=3)
    for name, value in start.parameters().items():
        np.testing.assert_array_equal(again.parameters()[name], value)


@pytest.mark.parametrize("scale", [1e-150, 1.0, 1e150])
@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_gaussian_starts_at_any_scale(scale, covariance_type):
    start = GaussianMixture.start_from(DATA * scale, 3, rng=0, covariance_type=covariance_type)
    run = run_em(start, DATA * scale)
    assert run.converged
    np.testing.assert_allclose(
        np.sort(run.model.means / scale, axis=0), np.sort(CENTRES, axis=0), atol=0.6
    )


def test_a_gaussian_start_counts_weights_as_rows():
    weights = np.arange(120) % 4
    start = GaussianMixture.start_from(Points(DATA, row_weights=weights), 3, rng=0)
    variances = np.repeat(DATA, weights, axis=0).var(axis=0)
    expected = [np.diag(variances) / 3] * 3  # three clusters fill the area of the data
    np.testing.assert_allclose(start.covariances, expected, rtol=1e-12)
    for seed in range(30):  # rows without weight are never chosen
        means = GaussianMixture.start_from(Points(DATA, row_weights=weights), 3, rng=seed).means
        assert all((DATA[weights > 0] == mean).all(axis=1).any() for mean in means)


def test_poisson_starts_are_drawn_halfway_to_the_weighted_mean():
    data = Counts([0, 10], row_weights=[3, 1])
    assert sorted(PoissonMixture.start_from(data, 2, rng=0).rates) == [1.25, 6.25]


def test_a_constant_column_is_named():
    data = np.column_stack([DATA[:, 0], np.ones(120)])
    with pytest.raises(ValueError, match="column 1 of the data is constant"):
        GaussianMixture.start_from(data, 2)


def test_restarts_keep_the_histogram_of_optima():
    result = restart_em(GaussianMixture, DATA, 3, restarts=30, method="random", rng=0)
    assert len(result.runs) == 30
    assert len(result.optima) > 1
    assert sum(optimum.count for optimum in result.optima) + result.degenerate == 30
    heights = [optimum.log_likelihood for optimum in result.optima]
    assert heights == sorted(heights, reverse=True)
    assert min(np.abs(np.diff(heights))) > 1e-4
    assert result.best.log_likelihood == max(run.log_likelihood for run in result.runs)
    again = restart_em(GaussianMixture, DATA, 3, restarts=30, method="random", rng=0)
    assert repr(again) == repr(result)
    assert "30 restarts: " in repr(result)


def test_restarts_from_a_function_and_with_options():
    result = restart_em(lambda rng: BinomialMixture(rng.random(2)), TOSSES, restarts=15, rng=0)
    assert len(result.optima) == 1  # the labels switch, the height does not
    weights = [2.0] * 120
    result = restart_em(
        GaussianMixture,
        Points(DATA, row_weights=weights),
        3,
        restarts=3,
        rng=0,
        accelerate="anderson",
        covariance_type="tied",
        prior=CovariancePrior(np.eye(2), 1),
    )
    assert result.best.model.covariance_type == "tied"
    assert result.optima[0].log_likelihood == result.best[-1].objective


def test_degenerate_restarts_are_counted_apart():
    data = np.vstack([DATA[:5], [[50, 50]] * 3])
    result = restart_em(GaussianMixture, data, 3, restarts=10, rng=0)
    assert result.degenerate == 10
    with pytest.raises(DegenerateError, match="every restart degenerated; the last: after"):
        _ = result.best


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (
            {"model": dict, "k": 2},
            TypeError,
            "model must be a model class .*, such as BinomialMixture",
        ),
        ({"model": Mixture}, TypeError, "model must be a model class with starts of its own"),
        ({"model": None}, TypeError, "model must be a model class or a function, not None"),
        ({"model": lambda rng: 3}, TypeError, "function returns must be a model such as"),
        ({"model": BinomialMixture, "k": 2, "data": [5]}, TypeError, "data must be Tosses"),
        ({"k": 2, "rng": "a"}, TypeError, "rng must be a NumPy Generator"),
        ({"k": 2, "data": DATA * 1e160}, ValueError, "column 0 .* out of floating-point range"),
        ({"k": 2, "data": DATA * 1e-160}, ValueError, "column 0 .* out of floating-point range"),
        ({"k": 0}, ValueError, "k must be at least 1"),
        ({"k": None}, TypeError, "k must be a whole number"),
        ({"k": 2, "method": "kmeans"}, ValueError, "method must be one of 'k-means\\+\\+'"),
        ({"k": 2, "restarts": 0}, ValueError, "restarts must be at least 1"),
    ],
)
def test_bad_arguments_of_restarts(arguments, error, words):
    with pytest.raises(error, match=words):
        restart_em(**{"model": GaussianMixture, "data": DATA, **arguments})


def peer_of(model):
    """scikit-learn's mixture with the same parameters."""
    peer, kind = PeerMixture(model.k, covariance_type=model.covariance_type), model.covariance_type
    roots = np.linalg.inv(model.cholesky).transpose(0, 2, 1)
    pivots = np.diagonal(roots, axis1=1, axis2=2)
    peer.weights_, peer.means_ = model.mixing_weights, model.means
    peer.precisions_cholesky_ = {
        "full": roots, "tied": roots[0], "diag": pivots, "spherical": pivots[:, 0]
    }[kind]  # fmt: skip
    return peer


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_criteria_agree_with_scikit_learn_and_choose_three(covariance_type):
    scores = {}
    for k in range(1, 5):
        options = {"covariance_type": covariance_type}
        run = restart_em(GaussianMixture, DATA, k, restarts=4, rng=1, **options).best
        peer = peer_of(run.model)
        assert bic(run.model, DATA) == pytest.approx(peer.bic(DATA), rel=1e-10)
        assert icl(run.model, DATA) >= bic(run.model, DATA)
        scores[k] = bic(run.model, DATA)
    assert min(scores, key=lambda k: scores[k]) == 3


def test_criteria_count_weights_as_rows():
    model = BinomialMixture([0.8, 0.5])
    double = Tosses([5, 9, 8, 4, 7], 10, row_weights=[2] * 5)
    assert bic(model, double) == pytest.approx(2 * np.log(10) - 4 * model.log_likelihood(TOSSES))
    entropy = run_em(model, TOSSES)[0].entropy
    assert icl(model, TOSSES) - bic(model, TOSSES) == pytest.approx(2 * entropy)


@pytest.mark.parametrize("function", [lambda m: bic(m, 1), lambda m: icl(m, 1)])
def test_what_is_no_model_is_named(function):
    with pytest.raises(TypeError, match=r"model must be a (mixture )?model"):
        function({"theta": [0.5]})
