"""The information against second derivatives, textbook formulas and measured rates."""

import numpy as np
import pytest

from emlib import (
    BinomialMixture,
    DegenerateError,
    GaussianMixture,
    HiddenMarkov,
    SaddleWarning,
    Tosses,
    observed_information,
    run_em,
)
from emlib.models.categorical import CategoricalMixture, Tallies
from emlib.models.gaussian.points import Points
from emlib.models.gaussian.prior import CovariancePrior
from emlib.models.poisson import Counts, PoissonMixture

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)


def free_parameters(model):
    """The free parameters as people write them, one vector, and the model they make."""
    name = next(iter(model.parameters()))
    k, own = model.k, model.parameters()[name]
    if isinstance(model, GaussianMixture):
        k, d = model.means.shape
        rows, columns = np.tril_indices(d)
        own = {
            "full": model.covariances[:, rows, columns],
            "tied": model.covariances[0][rows, columns],
            "diag": np.diagonal(model.covariances, axis1=1, axis2=2),
            "spherical": model.covariances[:, 0, 0],
        }[model.covariance_type]
        own = np.concatenate([model.means.ravel(), own.ravel()])
    elif name == "probabilities":
        own = own[:, :-1]
    fitted = model.mixing_weights[: (k - 1) * model.fit_mixing_weights]

    def made(vector):
        weights, values = model.mixing_weights, vector[len(fitted) :]
        if len(fitted):
            weights = np.append(vector[: len(fitted)], 1 - vector[: len(fitted)].sum())
        if name == "probabilities":
            values = values.reshape(k, -1)
            return type(model)(np.column_stack([values, 1 - values.sum(axis=1)]), weights)
        if name != "mixing_weights":
            return type(model)(values, weights)
        means, values = values[: k * d].reshape(k, d), values[k * d :]
        shape = {"full": (k, -1), "tied": (1, -1), "diag": (k, d), "spherical": (k,)}
        values = values.reshape(shape[model.covariance_type])
        if model.covariance_type in ("full", "tied"):
            full = np.zeros((len(values), d, d))
            full[:, rows, columns] = full[:, columns, rows] = values
            values = full if model.covariance_type == "full" else full[0]
        return type(model)(weights, means, values, covariance_type=model.covariance_type)

    return np.concatenate([fitted, own.ravel()]), made


def minus_hessian(value, at, step=1e-4):
    """Minus the second derivatives of a function of a vector, by central differences."""
    moves, p = step * np.eye(len(at)), len(at)
    out = np.empty((p, p))
    for i in range(p):
        for j in range(p):
            corners = [
                value(at + a * moves[i] + b * moves[j]) * a * b for a in (-1, 1) for b in (-1, 1)
            ]
            out[i, j] = -sum(corners) / (4 * step**2)
    return out


RNG = np.random.default_rng(4)
WEIGHTS = RNG.integers(0, 4, 60).astype(float)


def gaussian(covariance_type, **options):
    factors = np.tril(RNG.normal(size=(2, 2, 2))) * 0.3 + np.eye(2)
    covariances = factors @ factors.transpose(0, 2, 1)
    if covariance_type == "tied":
        covariances[:] = covariances[0]
    if covariance_type == "diag":
        covariances = np.array([[1.0, 2.0], [0.5, 1.5]])
    if covariance_type == "spherical":
        covariances = np.array([1.0, 2.0])
    means = [[0, 0], [2, 1]]
    return GaussianMixture(
        [0.3, 0.7], means, covariances, covariance_type=covariance_type, **options
    )


KINDS = ["full", "tied", "diag", "spherical"]
CASES = [
    (BinomialMixture([0.3, 0.6], [0.4, 0.6], fit_mixing_weights=True), TOSSES),
    (BinomialMixture([0.3, 0.6, 0.8]), TOSSES),
    (
        PoissonMixture([2.0, 6.0], [0.4, 0.6], fit_mixing_weights=True),
        Counts(RNG.poisson(np.repeat([2, 7], 30)), row_weights=WEIGHTS),
    ),
    (
        CategoricalMixture([[0.2, 0.3, 0.5], [0.4, 0.4, 0.2]], [0.4, 0.6], fit_mixing_weights=True),
        Tallies(RNG.multinomial(9, [0.3, 0.3, 0.4], size=60), row_weights=WEIGHTS),
    ),
    *((gaussian(kind), gaussian(kind).sample(200, 5)[0]) for kind in KINDS),
    (gaussian("full", fit_mixing_weights=False), gaussian("full").sample(200, 5)[0]),
]


@pytest.mark.parametrize(("model", "data"), CASES)
def test_standard_errors_are_those_of_the_curvature(model, data):
    run = run_em(model, data, tol=1e-14, max_iter=20_000, accelerate="anderson")
    information = observed_information(run.model, run.data)
    assert information.observed.shape == (model.n_parameters, model.n_parameters)
    top, made = free_parameters(run.model)
    curvature = minus_hessian(lambda vector: made(vector).log_likelihood(run.data), top)
    variances = np.diag(np.linalg.inv(curvature))
    found = observed_information(run.model, run.data).standard_errors
    name = next(iter(found))
    if name == "mixing_weights":
        name = "means"
    fitted = (model.k - 1) * model.fit_mixing_weights
    np.testing.assert_allclose(
        found["mixing_weights"][:fitted], np.sqrt(variances[:fitted]), rtol=1e-4
    )
    expected = np.sqrt(variances[fitted:])
    own = found[name][:, :-1] if name == "probabilities" else found[name]
    np.testing.assert_allclose(own.ravel(), expected[: own.size], rtol=1e-4)


def test_coins_at_the_optimum_and_on_the_saddle():
    run = run_em(BinomialMixture([0.6, 0.5]), TOSSES, tol=0, max_iter=10_000)
    information = observed_information(run.model, run.data)
    np.testing.assert_array_equal(information.fractions_missing.round(4), [0.4097, 0.3780])
    assert information.is_maximum
    with pytest.warns(SaddleWarning):
        saddle = run_em(BinomialMixture([0.3, 0.3]), TOSSES)
    information = observed_information(saddle.model, saddle.data)
    assert information.rate.__round__(3) == 1.533
    assert not information.is_maximum
    with pytest.raises(DegenerateError, match="no maximum of the log-likelihood but a saddle"):
        _ = information.standard_errors


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_the_rate_is_the_largest_eigenvalue_of_the_em_map(covariance_type):
    points = Points(gaussian(covariance_type).sample(200, rng=3)[0])
    model = run_em(gaussian(covariance_type), points, tol=0, max_iter=20_000).model
    centre = model.coordinates(points)

    def em_map(coordinates):
        return model.at_coordinates(points, coordinates).em_step(points)[0].coordinates(points)

    steps = 1e-5 * np.eye(len(centre))
    columns = [(em_map(centre + h) - em_map(centre - h)) / 2e-5 for h in steps]
    eigenvalues = np.linalg.eigvals(np.transpose(columns))
    rate = observed_information(model, points).rate
    assert np.abs(eigenvalues).max() == pytest.approx(rate, abs=1e-6)


def test_standard_errors_of_one_gaussian_are_the_textbook_ones():
    data = RNG.normal([3, -1], [1, 10], size=(400, 2)) @ [[1, 0.5], [0, 1]]
    run = run_em(GaussianMixture([1], [[0, 0]], [np.eye(2)]), data)
    information = observed_information(run.model, data)
    assert information.rate == pytest.approx(0, abs=1e-8)
    errors, sigma = information.standard_errors, run.model.covariances[0]
    variances = np.diag(sigma)
    np.testing.assert_allclose(errors["means"][0], np.sqrt(variances / 400), rtol=1e-6)
    expected = np.sqrt((np.outer(variances, variances) + sigma**2) / 400)
    np.testing.assert_allclose(errors["covariances"][0], expected, rtol=1e-6)
    np.testing.assert_array_equal(errors["mixing_weights"], [0])


def test_standard_errors_of_coins_cover():
    # Of 300 replications, about 95 % must lie within 1.96 standard errors.
    truth = BinomialMixture([0.75, 0.3], [0.4, 0.6], fit_mixing_weights=True)
    rng, within = np.random.default_rng(8), np.zeros(3)
    for _ in range(300):
        data, _ = truth.sample(np.full(150, 20), rng)
        model = run_em(truth, data).model
        errors = observed_information(model, data).standard_errors
        off = np.abs([*(model.theta - truth.theta), model.mixing_weights[0] - 0.4])
        within += off <= 1.96 * np.array([*errors["theta"], errors["mixing_weights"][0]])
    assert ((within > 300 * 0.91) & (within < 300 * 0.985)).all()


def test_far_from_a_maximum_there_is_no_rate():
    model = GaussianMixture([0.5, 0.5], [[0, 0], [4, 1]], [100 * np.eye(2)] * 2)
    with pytest.raises(DegenerateError, match="complete information is singular"):
        _ = observed_information(model, gaussian("full").sample(100, rng=1)[0]).rate


def test_units_do_not_matter():
    start = gaussian("full")
    data, _ = start.sample(100, rng=1)
    units = np.array([2.0**300, 2.0**-300])
    plain = run_em(start, data)
    scaled_start = GaussianMixture(
        start.mixing_weights, start.means * units, start.covariances * np.outer(units, units)
    )
    scaled = run_em(scaled_start, data * units)
    one, other = (observed_information(run.model, run.data) for run in (plain, scaled))
    np.testing.assert_allclose(other.fractions_missing, one.fractions_missing, atol=1e-6)
    np.testing.assert_allclose(
        other.standard_errors["means"] / units, one.standard_errors["means"], rtol=1e-5
    )


@pytest.mark.parametrize(
    ("model", "data", "error", "words"),
    [
        (BinomialMixture([0.0, 0.5]), TOSSES, DegenerateError, "a parameter is at its bound"),
        ([0.5], TOSSES, TypeError, "model must be a model such as"),
        (BinomialMixture([0.5, 1e-300]), TOSSES, DegenerateError, "a parameter is at its bound"),
        (
            BinomialMixture([0.6, 0.5], [1, 1e-200], fit_mixing_weights=True),
            TOSSES,
            DegenerateError,
            "a parameter is at its bound",
        ),
        (
            GaussianMixture([1], [[0]], [[[1]]], prior=CovariancePrior([[1.0]], 1)),
            [[1.0], [2.0]],
            ValueError,
            "model must not have a prior",
        ),
    ],
)
def test_bad_models(model, data, error, words):
    with pytest.raises(error, match=words):
        observed_information(model, data)


def test_standard_errors_of_a_chain_are_those_of_new_series():
    truth = HiddenMarkov.gaussian(
        [[0.9, 0.1], [0.3, 0.7]], [[0.0], [3.0]], [[[1.0]]] * 2, fit_start=False
    )
    run = run_em(truth, truth.sample([300, 300], rng=1)[0], tol=0)
    information = observed_information(run.model, run.data)
    fits = [
        run_em(run.model, run.model.sample([300, 300], rng=seed)[0], tol=1e-7).model.parameters()
        for seed in range(60)
    ]
    for name, errors in information.standard_errors.items():
        spread = np.std([fit[name] for fit in fits], axis=0)
        # Two Monte Carlo errors of a standard deviation, each 1 / sqrt(2 R) of it.
        np.testing.assert_allclose(errors, spread, rtol=2 / np.sqrt(2 * 60))
    assert information.is_maximum
    # EM closes in on its end by this factor.
    start = run.model.at_coordinates(run.data, run.model.coordinates(run.data) + 0.01)
    slow = run_em(start, run.data, max_iter=15)
    steps = [np.abs(step.model.means - run.model.means).max() for step in slow[-2:]]
    assert steps[-1] / steps[-2] == pytest.approx(information.rate, abs=0.05)


def test_a_chain_with_a_parameter_at_its_bound_has_no_standard_errors():
    truth = HiddenMarkov.discrete([[0.9, 0.1], [0.3, 0.7]], [[0.8, 0.2], [0.1, 0.9]])
    run = run_em(truth, truth.sample(200, rng=0)[0])  # one beginning is surely in one state
    with pytest.raises(DegenerateError, match="fit_start=False"):
        observed_information(run.model, run.data)
