"""One expectation for all models: a chain that is no mixture, and rows that weigh."""

import warnings

import matplotlib.figure
import numpy as np
import pytest

from emlib import (
    BinomialMixture,
    CategoricalMixture,
    Counts,
    CovariancePrior,
    GaussianMixture,
    Points,
    PoissonMixture,
    Tallies,
    Tosses,
    bic,
    icl,
    observed_information,
    restart_em,
    run_em,
)
from emlib.models.model import Expectation, Model
from emlib.plots import coin_toss_em
from emlib.plots.picture import Picture
from emlib.steppers import climb, complete_likelihood, stepper, stills

TOSSES = Tosses([5, 9, 8, 4, 7], 10, row_weights=[3, 1, 1, 1, 2])
REPEATED = Tosses(np.repeat([5, 9, 8, 4, 7], [3, 1, 1, 1, 2]), 10)


class Chain(Model):
    """A hidden Markov chain of coins: transitions A, first state uniform, thetas of the coins."""

    def __init__(self, A, theta):
        self.A, self.theta = A, theta

    def prepare(self, data):
        return np.asarray(data)

    def parameters(self):
        return {"A": self.A, "theta": self.theta}

    def log_likelihood(self, data):
        return self.expectation(data).log_likelihood

    def expectation(self, data):
        return ChainExpectation(self, data)

    def em_step(self, data):
        q = self.expectation(data)
        pairs, theta = q.pairs.sum(axis=0), data @ q.responsibilities / q.responsibilities.sum(0)
        return Chain(pairs / pairs.sum(axis=1, keepdims=True), theta), q.log_likelihood

    def coordinates(self, data):
        return np.concatenate([np.log(self.A).ravel(), np.log(self.theta / (1 - self.theta))])

    def at_coordinates(self, data, vector):
        k = len(self.theta)
        A = np.exp(vector[: k * k].reshape(k, k))
        return Chain(A / A.sum(axis=1, keepdims=True), 1 / (1 + np.exp(-vector[k * k :])))


class ChainExpectation(Expectation):
    """The posterior of the states: marginals and pairs, by forward and backward recursions."""

    def __init__(self, model, data):
        B, A = np.where(data[:, None] == 1, model.theta, 1 - model.theta), model.A
        self.data, n, k = data, *B.shape
        forward, back, scale = np.empty((n, k)), np.ones((n, k)), np.empty(n)
        for i in range(n):
            forward[i] = B[i] * (forward[i - 1] @ A if i else 1 / k)
            scale[i] = forward[i].sum()
            forward[i] /= scale[i]
        for i in reversed(range(n - 1)):
            back[i] = A @ (B[i + 1] * back[i + 1]) / scale[i + 1]
        self.responsibilities = forward * back
        following = (B * back)[1:] / scale[1:, None]
        self.pairs = forward[:-1, :, None] * A * following[:, None, :]
        self.log_likelihood = float(np.log(scale).sum())

    @property
    def entropy(self):
        r, pairs = self.responsibilities, self.pairs
        return -(pairs * np.log(pairs)).sum() + (r[1:-1] * np.log(r[1:-1])).sum()

    def Q(self, model):
        heads, rows = self.data @ self.responsibilities, self.responsibilities.sum(axis=0)
        first = -np.log(len(model.theta)) + (self.pairs.sum(axis=0) * np.log(model.A)).sum()
        return first + heads @ np.log(model.theta) + (rows - heads) @ np.log(1 - model.theta)


def chain_start(rng):
    A = rng.dirichlet([4, 1], size=2)
    return Chain(np.array([A[0], A[1][::-1]]), rng.uniform(0.1, 0.9, 2))


def flips_of_a_chain(n=300):
    rng, state, data = np.random.default_rng(0), 0, []
    for _ in range(n):
        state = state if rng.random() < 0.9 else 1 - state
        data.append(int(rng.random() < (0.75, 0.3)[state]))
    return np.array(data)


CHAIN = Chain(np.array([[0.7, 0.3], [0.3, 0.7]]), np.array([0.6, 0.4]))


@pytest.mark.parametrize("accelerate", [None, "anderson", "squarem"])
def test_the_driver_climbs_a_hidden_markov_chain(accelerate):
    data = flips_of_a_chain()
    run = run_em(CHAIN, data, accelerate=accelerate, max_iter=3000)
    assert run.converged
    assert (np.diff(run.log_likelihoods) >= -1e-10).all()
    plain = run_em(CHAIN, data, max_iter=3000)
    assert run.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)
    if accelerate:
        assert run.evaluations < plain.evaluations
    for step in run[:: len(run) // 4]:
        assert step.elbo == pytest.approx(step.log_likelihood, rel=1e-12)
        assert step.Q + step.entropy == pytest.approx(step.log_likelihood, rel=1e-12)
    assert run.trace("A").shape == (len(run), 2, 2)


def test_the_chain_is_the_one_of_all_paths():
    data = np.array([1, 0, 0, 1, 1])
    paths = np.array(np.meshgrid(*[[0, 1]] * 5)).reshape(5, -1).T
    joint = np.full(len(paths), 0.5)
    for i, x in enumerate(data):
        theta = CHAIN.theta[paths[:, i]]
        joint *= theta if x else 1 - theta
        joint *= CHAIN.A[paths[:, i - 1], paths[:, i]] if i else 1
    q = CHAIN.expectation(data)
    assert q.log_likelihood == pytest.approx(np.log(joint.sum()), rel=1e-12)
    posterior = joint / joint.sum()
    assert q.entropy == pytest.approx(-(posterior * np.log(posterior)).sum(), rel=1e-12)


def test_the_bound_of_a_chain_is_below_and_touches():
    data = flips_of_a_chain()
    q = CHAIN.expectation(data)
    gaps = []
    for theta in np.linspace(0.1, 0.9, 9):
        other = Chain(CHAIN.A, np.array([theta, 0.4]))
        gaps.append(other.log_likelihood(data) - q.elbo(other))
    assert min(gaps) >= -1e-10
    assert max(gaps) > 1
    assert q.elbo(CHAIN) == pytest.approx(q.log_likelihood, rel=1e-12)


def test_restarts_of_a_chain():
    result = restart_em(chain_start, flips_of_a_chain(), restarts=6, rng=1, max_iter=5000)
    best = run_em(CHAIN, flips_of_a_chain(), max_iter=5000).log_likelihood
    assert result.best.log_likelihood == pytest.approx(best, abs=1e-4)


# The same rows, weighted and typed in repeatedly; the last weighs nothing and is absent.

WEIGHTS = np.array([2, 1, 3, 1, 2, 1, 1, 2, 1, 0])
X = np.random.default_rng(5).normal([1, 0], [1, 2], size=(10, 2))
X[5:] += [4, 1]
X[9] = [1e200, 1]
COUNTS = np.array([0, 1, 1, 2, 7, 9, 8, 0, 1, 1000])
PAIRS = [
    (
        BinomialMixture([0.8, 0.5], fit_mixing_weights=True),
        lambda rows, **w: Tosses(np.minimum(rows, 10), 10, **w),
        COUNTS,
    ),
    (PoissonMixture([1, 6], fit_mixing_weights=True), Counts, COUNTS),
    (
        CategoricalMixture([[0.2, 0.3, 0.5], [0.4, 0.4, 0.2]]),
        Tallies,
        np.random.default_rng(1).multinomial(9, [0.3, 0.3, 0.4], size=10),
    ),
    *(
        (
            GaussianMixture(
                [0.5, 0.5], X[[0, 6]], [np.eye(2)] * 2, covariance_type=kind, prior=prior
            ),
            Points,
            X,
        )
        for kind in ("full", "tied", "diag", "spherical")
        for prior in (None, CovariancePrior(np.eye(2), 1))
    ),
]


@pytest.mark.parametrize(("model", "make", "rows"), PAIRS)
def test_weighted_rows_are_rows_typed_repeatedly(model, make, rows):
    weighted = make(rows, row_weights=WEIGHTS)
    repeated = make(np.repeat(rows, WEIGHTS, axis=0))
    some = slice(None, 9)
    q, p = model.expectation(weighted), model.expectation(repeated)
    np.testing.assert_allclose(
        np.repeat(q.responsibilities, WEIGHTS, axis=0), p.responsibilities, rtol=1e-12
    )
    following = model.m_step(weighted, q.responsibilities)
    for name in ("log_likelihood", "entropy"):
        assert getattr(q, name) == pytest.approx(getattr(p, name), rel=1e-12)
    for other in (model, following):
        assert q.Q(other) == pytest.approx(p.Q(other), rel=1e-12)
        assert q.elbo(other) == pytest.approx(p.elbo(other), rel=1e-12)
        assert other.log_likelihood(weighted) == pytest.approx(other.log_likelihood(repeated))
    for one, two in (
        (following, model.m_step(repeated, p.responsibilities)),
        (model.em_step(weighted)[0], model.em_step(repeated)[0]),
    ):
        for name, value in one.parameters().items():
            np.testing.assert_allclose(value, two.parameters()[name], rtol=1e-9, atol=1e-12)
    runs = [run_em(model, data, max_iter=20) for data in (weighted, repeated)]
    np.testing.assert_allclose(runs[0].log_likelihoods, runs[1].log_likelihoods, rtol=1e-11)
    np.testing.assert_array_equal(len(runs[0][-1].responsibilities[some]), 9)
    for step in runs[0]:
        assert step.elbo == pytest.approx(step.log_likelihood, rel=1e-10)
    last = runs[0].model
    for criterion in (bic, icl):
        assert criterion(last, weighted) == pytest.approx(criterion(last, repeated), rel=1e-10)
    if getattr(model, "prior", None) is None:
        one, two = (observed_information(last, data).observed for data in (weighted, repeated))
        np.testing.assert_allclose(one, two, rtol=1e-8, atol=1e-8 * np.abs(one).max())


@pytest.mark.parametrize(("model", "make", "rows"), PAIRS[:4])
def test_restarts_count_weights_as_rows(model, make, rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, two = (
            restart_em(type(model), data, 2, restarts=4, rng=0, max_iter=200)
            for data in (
                make(rows, row_weights=WEIGHTS), make(np.repeat(rows, WEIGHTS, axis=0)),
            )
        )  # fmt: skip
    for a, b in zip(one.runs, two.runs, strict=True):
        assert a.reason is b.reason
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-9)


def test_heavy_rows_are_enough_rows():
    two = Points([[0.0], [1.0]], row_weights=[2, 1])
    start = GaussianMixture(
        [0.4, 0.3, 0.3], [[0.0], [1.0], [2.0]], [[[1.0]]] * 3,
        prior=CovariancePrior([[1.0]], 1),
    )  # fmt: skip
    run_em(start, two, max_iter=2)
    with pytest.raises(ValueError, match="as many rows as components: 3, not 2"):
        run_em(start, [[0.0], [1.0]])


def test_an_impossible_row_without_weight_is_absent():
    run = run_em(BinomialMixture([0.0, 1.0]), Tosses([0, 5, 2], 5, row_weights=[1, 1, 0]))
    assert run.log_likelihood == pytest.approx(2 * np.log(0.5))
    np.testing.assert_array_equal(run[-1].responsibilities, [[1, 0], [0, 1], [0.5, 0.5]])
    stepper(run).html()
    points = Points([[1e200, 1], [0, 1], [1, 0], [2, 2], [3, 1]], row_weights=[0, 1, 1, 1, 1])
    model = GaussianMixture([1], [[0, 0]], [np.eye(2)])
    run = run_em(model, points)
    np.testing.assert_allclose(run.model.means, [[1.5, 1]], rtol=1e-12)
    np.testing.assert_array_equal(np.asarray(run.data)[0], [1e200, 1])


def test_the_impossible_row_is_named_though_equal_rows_are_merged():
    with pytest.raises(ValueError, match="row 3 has probability 0"):
        run_em(BinomialMixture([0.0, 1.0]), Tosses([0, 0, 5, 2], 5))


def lines_of(monkeypatch, draw):
    """The curves that a picture draws, and its words."""
    figures = []
    for module in (stills,):
        monkeypatch.setattr(
            module, "_draw", lambda f, alt: figures.append(f) or Picture(b"", alt, 1)
        )
    monkeypatch.setattr(Picture, "draw", lambda f, alt: figures.append(f) or Picture(b"", alt, 1))
    shown = draw()
    words = getattr(shown, "picture", shown).alt
    (figure,) = figures
    assert isinstance(figure, matplotlib.figure.Figure)
    curves = [line.get_xydata() for axes in figure.axes for line in axes.lines]
    paths = [p.vertices for axes in figure.axes for c in axes.collections for p in c.get_paths()]
    return words, curves + paths


PICTURES = {
    "bound_climb": lambda t, z: coin_toss_em.bound_climb(t, theta_A=0.25, theta_B=0.5),
    "likelihood_surface": lambda t, z: coin_toss_em.likelihood_surface(
        t, [run_em(BinomialMixture([0.6, 0.5]), t).trace("theta")]
    ),
    "complete_likelihood": lambda t, z: complete_likelihood(t, z),
    "climb": lambda t, z: climb(run_em(BinomialMixture([0.6, 0.5]), t)),
    "climb of one coin": lambda t, z: climb(run_em(BinomialMixture([0.1, 0.5]), t), coin=0),
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_count_weights_as_rows(monkeypatch, name):
    labels = np.array([0, 1, 1, 0, 1])
    repeats = TOSSES.row_weights.astype(int)
    draw = PICTURES[name]
    words, curves = lines_of(monkeypatch, lambda: draw(TOSSES, labels))
    same, others = lines_of(monkeypatch, lambda: draw(REPEATED, np.repeat(labels, repeats)))
    assert words == same
    assert len(curves) == len(others)
    for one, two in zip(curves, others, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-9)


def test_the_drawn_bound_touches_the_log_likelihood_of_weighted_rows(monkeypatch):
    _, curves = lines_of(
        monkeypatch, lambda: coin_toss_em.bound_climb(TOSSES, theta_A=0.25, theta_B=0.5)
    )
    curve, bound, touch = curves[:3]
    assert (bound[:, 1] <= curve[:, 1] + 1e-9).all()
    at = np.argmin(np.abs(bound[:, 0] - 0.25))
    assert bound[at, 1] == pytest.approx(touch[0, 1], abs=0.05)
