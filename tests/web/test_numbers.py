"""The front end's arithmetic against emlib's: the same numbers to 1e-9."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import entr, log_softmax

from emlib import BinomialMixture, GaussianMixture, SaddleWarning, StopReason, Tosses, run_em
from emlib.data import old_faithful
from emlib.models.gaussian.full import Full
from emlib.models.gaussian.points import Points
from emlib.models.mixture import expected_log_joint
from emlib.models.rows import expected_counts, weighted_sum
from emlib.steppers.runs import MOST_ITERATIONS, gaussian_options, run_spec, stopping_rule
from tests.browser.pictures import PICTURES
from tests.web.starts import groups

pytestmark = pytest.mark.filterwarnings("ignore:.*start nearly equal")  # as starts near saddles do
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-9}
GROUPS = {what: (models, data) for what, models, data in groups()}
# A coin that moves alone goes another way than the run of all that Python sends.
NOTEBOOKS = [
    name for name, shown in PICTURES.items() if "run" in shown.spec and not shown.spec.get("rerun")
]

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)
COINS = {
    "the classic": (BinomialMixture([0.6, 0.5]), TOSSES),
    "edges": (BinomialMixture([0.0, 1.0, 0.4]), Tosses([0, 3, 10, 0], flips=[4, 9, 10, 1])),
    "long rows": (BinomialMixture([0.35, 0.8]), Tosses([1600, 700, 1201], flips=2000)),
    "one coin, one row": (BinomialMixture([0.3]), Tosses([3], flips=7)),
    "unequal weights": (
        BinomialMixture([0.2, 0.7], [0.9, 0.1], fit_mixing_weights=True),
        Tosses([3, 8, 5], flips=[9, 11, 6], row_weights=[2, 1, 3.5]),
    ),
}


def as_given(model, data):
    """Return data and parameters as the browser holds them."""
    weights = None if data.row_weights is None else data.row_weights.tolist()
    if isinstance(model, BinomialMixture):
        parameters = {
            "theta": model.theta.tolist(),
            "mixing_weights": model.mixing_weights.tolist(),
        }
        rows = {"heads": data.heads.tolist(), "flips": data.flips.tolist()}
        return {"parameters": parameters, "data": {"n": len(data), "weights": weights, **rows}}
    factors = np.linalg.cholesky(model.covariances)
    parameters = {
        "mixing_weights": model.mixing_weights.tolist(),
        "means": model.means.ravel().tolist(),
        "factors": factors.ravel().tolist(),
    }
    n, d = data.values.shape
    rows = {"n": n, "d": d, "points": data.values.ravel().tolist(), "weights": weights}
    rows |= {"origin": data.origin.tolist(), "unit": data.unit.tolist()}
    return {"parameters": parameters, "data": rows}


E_STEP = """(() => {
    const logJoint = MODEL.logJoint(given.data, given.parameters);
    const k = given.parameters.mixing_weights.length;
    const { weights } = given.data;
    const e = eStep(logJoint, k, weights);
    const q = given.q ?? e.r;
    return { ...e, ...decompose(q, logJoint, e.logDensity, weights) };
})()"""


def compare_e_step(front_end, name, model, data, q):
    given = as_given(model, data)
    found = front_end(E_STEP.replace("MODEL", name), q=q.ravel().tolist(), **given)
    r = model.e_step(data)
    assert_allclose(np.reshape(found["r"], r.shape), r, **CLOSE)
    assert_allclose(found["logLikelihood"], model.log_likelihood(data), **CLOSE)
    Q = expected_log_joint(expected_counts(data, q), model.log_joint(data))
    assert_allclose(found["Q"], Q, **CLOSE)
    log_posterior = log_softmax(model.log_joint(data), axis=1)
    KL = -weighted_sum(data, entr(q).sum(axis=1))
    KL -= expected_log_joint(expected_counts(data, q), log_posterior)
    assert_allclose(found["KL"], KL, **CLOSE)
    assert_allclose(found["Q"] + found["H"] + found["KL"], found["logLikelihood"], **CLOSE)


@pytest.mark.parametrize("name", COINS)
def test_e_step_and_bound_of_coins(front_end, name):
    model, data = COINS[name]
    compare_e_step(front_end, "coins", model, data, q=model.e_step(data))


@pytest.mark.parametrize("name", ["the classic", "unequal weights"])
def test_bound_of_coins_for_another_q(front_end, name):
    model, data = COINS[name]
    q = BinomialMixture([0.8, 0.3]).e_step(data)
    compare_e_step(front_end, "coins", model, data, q)


@pytest.mark.parametrize("name", COINS)
def test_m_step_of_coins(front_end, name):
    model, data = COINS[name]
    r = model.e_step(data)
    if (data.flips @ expected_counts(data, r) == 0).any():
        pytest.skip("a coin is left without flips, and both refuse it")
    found = front_end(
        "coins.mStep(given.data, given.r, given.parameters, given.options)",
        r=r.ravel().tolist(), options={"fitWeights": model.fit_mixing_weights, "alone": None},
        **as_given(model, data),
    )  # fmt: skip
    after = model.m_step(data, r)
    assert_allclose(found["theta"], after.theta, **CLOSE)
    assert_allclose(found["mixing_weights"], after.mixing_weights, **CLOSE)


def gaussians(d, k, covariance_type="full", fitted=True):
    rng = np.random.default_rng(d + 10 * k)
    data = rng.normal(size=(40, d)) * rng.uniform(0.5, 3, d)
    data[:15] += 4
    root = rng.normal(size=(d, d)) / 3 + np.eye(d)
    covariances = {
        "full": np.stack([(1 + j) * root @ root.T for j in range(k)]),
        "tied": root @ root.T,
        "diag": rng.uniform(0.5, 2, (k, d)),
        "spherical": rng.uniform(0.5, 2, k),
    }[covariance_type]
    model = GaussianMixture(
        rng.dirichlet(np.full(k, 4.0)), rng.normal(size=(k, d)), covariances,
        covariance_type=covariance_type, fit_mixing_weights=fitted,
    )  # fmt: skip
    return model, model.prepare(data)


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("k", [1, 3])
def test_e_step_and_bound_of_gaussians(front_end, d, k):
    model, data = gaussians(d, k)
    other = gaussians(d, k)[0].m_step(data, model.e_step(data))
    compare_e_step(front_end, "gaussians", model, data, q=other.e_step(data))


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
@pytest.mark.parametrize("fitted", [True, False])
def test_m_step_of_gaussians(front_end, covariance_type, fitted):
    model, data = gaussians(2, 2, covariance_type, fitted)
    r = model.e_step(data)
    found = front_end(
        "gaussians.mStep(given.data, given.r, given.parameters, given.options)",
        r=r.ravel().tolist(), options=gaussian_options(model), **as_given(model, data),
    )  # fmt: skip
    after = model.m_step(data, r)
    assert_allclose(found["mixing_weights"], after.mixing_weights, **CLOSE)
    assert_allclose(np.reshape(found["means"], (2, 2)), after.means, **CLOSE)
    L = np.reshape(found["factors"], (2, 2, 2))
    assert_allclose(L @ L.swapaxes(1, 2), after.covariances, **CLOSE)


def test_weighted_rows_of_gaussians(front_end):
    model, unweighted = gaussians(2, 3)
    weights = np.random.default_rng(1).choice([0, 0.5, 1, 3], len(unweighted))
    data = Points(unweighted.values, row_weights=weights)
    r = model.e_step(data)
    compare_e_step(front_end, "gaussians", model, data, q=model.m_step(data, r).e_step(data))
    found = front_end(
        "gaussians.mStep(given.data, given.r, given.parameters)",
        r=r.ravel().tolist(), **as_given(model, data),
    )  # fmt: skip
    after = model.m_step(data, r)
    assert_allclose(found["mixing_weights"], after.mixing_weights, **CLOSE)
    assert_allclose(np.reshape(found["means"], (3, 2)), after.means, **CLOSE)
    L = np.reshape(found["factors"], (3, 2, 2))
    assert_allclose(L @ L.swapaxes(1, 2), after.covariances, **CLOSE)


@pytest.mark.parametrize(
    ("factor", "mean", "is_collapsed"),
    [
        ([[1, 0], [1, 3e-7]], 0, False),
        ([[1, 0], [1, 3e-8]], 0, True),
        ([[1e-3, 0], [0, 1e-3]], 1e9, False),
        ([[1e-3, 0], [0, 1e-3]], 1e12, True),
    ],
)
def test_a_collapse_in_the_browser_is_one_in_python(front_end, factor, mean, is_collapsed):
    L, means = np.array(factor), np.array([mean, 0.0])
    assert Full().collapsed(means[None], L[None])[0] == is_collapsed
    expression = "(() => { try { factorise(given.c, given.means, 2); return ''; }"
    said = front_end(
        f"{expression} catch (error) {{ return error.message; }} }})()",
        c=(L @ L.T).ravel().tolist(), means=means.tolist(),
    )  # fmt: skip
    assert said == ("component 0 collapsed: its covariance is singular" if is_collapsed else "")


RUN = "runEM(MODEL, given.data, given.parameters, given.options, given.stopping)"
RUNS = """given.specs.map((spec) => {
    const data = readData(spec.data);
    const [start] = readRun(spec.run).steps;
    const model = "heads" in data ? coins : gaussians;
    return runEM(model, data, start.parameters, spec.options, spec.stopping);
})"""
ENDS = (
    f"{RUNS}.map(({{ steps, reason }}) => [steps.length - 1, reason, steps.at(-1).logLikelihood])"
)


@pytest.mark.parametrize("name", COINS)
def test_a_run_in_the_browser_is_the_run_of_python(front_end, name):
    model, data = COINS[name]
    run = run_em(model, data, max_iter=MOST_ITERATIONS)
    [found] = front_end(RUNS, specs=[run_spec(run)])
    assert found["reason"] == run.reason
    assert_allclose([s["logLikelihood"] for s in found["steps"]], run.log_likelihoods, **CLOSE)
    assert_allclose([s["parameters"]["theta"] for s in found["steps"]], run.trace("theta"), **CLOSE)


def test_a_run_of_gaussians_in_the_browser_is_the_run_of_python(front_end):
    run = run_em(*gaussians(2, 2), max_iter=MOST_ITERATIONS)
    [found] = front_end(RUNS, specs=[run_spec(run)])
    assert found["reason"] == run.reason
    assert_allclose([s["logLikelihood"] for s in found["steps"]], run.log_likelihoods, **CLOSE)


@pytest.mark.parametrize(("models", "data"), GROUPS.values(), ids=GROUPS)
def test_the_browser_stops_where_python_stops(front_end, models, data):
    runs = [run_em(model, data, max_iter=MOST_ITERATIONS) for model in models]
    found = front_end(ENDS, specs=[run_spec(run) for run in runs])
    expected = [[len(run) - 1, run.reason.value] for run in runs]
    assert [end[:2] for end in found] == expected
    assert_allclose([end[2] for end in found], [run.log_likelihood for run in runs], rtol=1e-9)


def on_two_lines():
    """Rows on two lines side by side, a mirror image of themselves."""
    x = np.r_[np.linspace(-6, -2, 20), np.linspace(2, 6, 20)]
    return np.vstack([np.column_stack([x, np.full(40, y)]) for y in (-0.5, 0.5)])


def in_a_square():
    """Four clusters at the corners of a square, mirror images of each other."""
    corner = np.random.default_rng(5).normal(3, 1, (25, 2))
    return np.vstack([corner * signs for signs in ([1, 1], [-1, 1], [1, -1], [-1, -1])])


# Where EM comes to rest on a saddle: starts that are equal, or mirror images like the data.  The
# last two are none: equal coins are best for rows that differ less than those of one coin.
SADDLES = {
    "equal coins": (BinomialMixture([0.3, 0.3]), TOSSES),
    "two of three coins": (BinomialMixture([0.1, 0.5, 0.1], fit_mixing_weights=True), TOSSES),
    "mirrored coins": (BinomialMixture([0.1, 0.3, 0.7, 0.9]), Tosses([0, 2, 5, 8, 10], 10)),
    "equal Gaussians": (GaussianMixture([0.5, 0.5], [[3, 70]] * 2, [np.diag([1, 90])] * 2), None),
    # Where components are equal, the ground is level to the fourth order: a small push will not do.
    "equal Gaussians, tied": (
        GaussianMixture([0.5, 0.5], [[3, 70]] * 2, np.diag([1, 90]), covariance_type="tied"),
        None,
    ),
    "nearly equal Gaussians, tied": (
        GaussianMixture(
            [0.5, 0.5], [[3, 70], [3 + 1e-6, 70]], np.diag([1, 90]), covariance_type="tied"
        ),
        None,
    ),
    "unequal weights": (BinomialMixture([0.3, 0.3], [0.4, 0.6]), TOSSES),
    "mirrored Gaussians": (
        GaussianMixture([0.5, 0.5], [[0, -1], [0, 1]], [4, 4], covariance_type="spherical"),
        Points(on_two_lines()),
    ),
    "a top": (BinomialMixture([0.3, 0.3]), Tosses([5, 5, 5, 5], 10)),
    "a top that a long push leaves": (
        GaussianMixture([1 / 3] * 3, [[-1, 0], [0, 0], [1, 0]], [np.eye(2) * 4] * 3),
        Points(in_a_square()),
    ),
}


@pytest.mark.parametrize("name", SADDLES)
@pytest.mark.filterwarnings("ignore::emlib.SaddleWarning")
def test_no_run_in_the_browser_converges_on_a_saddle(front_end, name):
    model, data = SADDLES[name]
    run = run_em(model, old_faithful() if data is None else data, max_iter=MOST_ITERATIONS)
    [[_, reason, height]] = front_end(ENDS, specs=[run_spec(run)])
    assert reason == run.reason
    assert_allclose(height, run.log_likelihood, atol=1e-5)


def test_a_coin_alone_is_not_held_by_equal_ones_that_are(front_end):
    found = front_end(
        RUN.replace("MODEL", "coins"), options={"alone": 0}, stopping=stopping_rule(),
        **as_given(BinomialMixture([0.66, 0.66, 0.66]), TOSSES),
    )  # fmt: skip
    assert found["reason"] != "saddle"


def test_what_was_drawn_of_half_a_run_is_not_kept(front_end):
    """The height to draw densities to is remembered with the run that it belongs to."""
    run = run_em(*gaussians(1, 2), max_iter=MOST_ITERATIONS)
    [(early, late)] = front_end(
        """given.specs.map((spec) => {
            const [data, { steps: [start] }] = [readData(spec.data), readRun(spec.run)];
            const { options, stopping } = spec;
            const climbing = iterate(gaussians, data, start.parameters, options, stopping);
            climbing.next().value.top = 7;
            let at = climbing.next();
            while (!at.done) at = climbing.next();
            return [at.value.steps.length, at.value.top ?? "none"];
        })""",
        specs=[run_spec(run)],
    )
    assert (early, late) == (len(run), "none")


def test_a_coin_alone_stays_where_the_others_hold_it(front_end):
    """Its curve has a top at every end, though all coins together would climb higher."""
    found = front_end(
        RUN.replace("MODEL", "coins"), options={"alone": 1}, stopping=stopping_rule(),
        **as_given(BinomialMixture([0.66, 0.3]), TOSSES),
    )  # fmt: skip
    assert found["reason"] == "converged"
    assert {step["parameters"]["theta"][0] for step in found["steps"]} == {0.66}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_browser_goes_the_way_of_every_notebooks_run(front_end, name):
    spec = PICTURES[name].spec
    [found], sent = front_end(RUNS, specs=[spec]), front_end("readRun(given.run)", run=spec["run"])
    values, expected = ([step["logLikelihood"] for step in run["steps"]] for run in (found, sent))
    if sent["reason"] == StopReason.OWN_RULE:  # the reader's: the same way, as far as both go
        both = min(len(values), len(expected))
        values, expected = values[:both], expected[:both]
        assert both > 2
    else:
        assert found["reason"] == sent["reason"]
    assert_allclose(values, expected, **CLOSE)


def test_a_fall_ends_a_run(front_end):
    """A model whose M-step goes astray."""
    astray = RUN.replace("MODEL", "{ ...coins, mStep: () => given.worse }")
    found = front_end(
        astray, worse={"theta": [0.1, 0.2], "mixing_weights": [0.5, 0.5]}, options={},
        stopping=stopping_rule(), **as_given(BinomialMixture([0.6, 0.5]), TOSSES),
    )  # fmt: skip
    assert found["reason"] == "decreased"
    assert "the log-likelihood fell by" in found["message"] and "in iteration 1" in found["message"]


@pytest.mark.parametrize("limit", [0, 3])
def test_a_run_ends_at_its_limit(front_end, limit):
    spec = run_spec(run_em(BinomialMixture([0.6, 0.5]), TOSSES))
    [found] = front_end(RUNS, specs=[{**spec, "stopping": stopping_rule() | {"maxIter": limit}}])
    assert (len(found["steps"]) - 1, found["reason"]) == (limit, "iteration limit")


def test_a_collapse_in_the_browser_ends_as_in_python(front_end):
    points = np.vstack([np.random.default_rng(0).normal(size=(20, 2)), [[9, 9]]])
    model = GaussianMixture([0.5, 0.5], [[0, 0], [9, 9]], [np.eye(2)] * 2)
    run = run_em(model, points)
    found = front_end(
        RUN.replace("MODEL", "gaussians"), options=gaussian_options(model),
        stopping=stopping_rule(), **as_given(model, model.prepare(points)),
    )  # fmt: skip
    assert found["reason"] == run.reason == "degenerate"
    assert "component 1 collapsed" in found["message"]


def test_an_impossible_start_is_said_to_be_so(front_end):
    found = front_end(
        RUN.replace("MODEL", "coins"),
        options={},
        stopping=stopping_rule(),
        **as_given(BinomialMixture([0.0, 1.0]), TOSSES),
    )
    assert found["reason"] == "degenerate"
    assert "row 0 has probability 0" in found["message"]


def test_one_coin_alone_climbs_its_own_curve(front_end):
    found = front_end(
        RUN.replace("MODEL", "coins"), options={"alone": 0}, stopping=stopping_rule(),
        **as_given(BinomialMixture([0.6, 0.5]), TOSSES),
    )  # fmt: skip
    theta = np.array([step["parameters"]["theta"] for step in found["steps"]])
    assert (theta[:, 1] == 0.5).all()
    assert (np.diff([step["logLikelihood"] for step in found["steps"]]) > -1e-12).all()
    r = BinomialMixture(theta[0]).e_step(TOSSES)
    assert_allclose(theta[1, 0], TOSSES.heads @ r[:, 0] / (TOSSES.flips @ r[:, 0]), **CLOSE)


def test_one_coin_alone_leaves_the_mixing_weights(front_end):
    model, data = COINS["unequal weights"]
    found = front_end(
        "coins.mStep(given.data, given.r, given.parameters, { fitWeights: true, alone: 1 })",
        r=model.e_step(data).ravel().tolist(), **as_given(model, data),
    )  # fmt: skip
    assert found["mixing_weights"] == model.mixing_weights.tolist()
    assert found["theta"][0] == model.theta[0] and found["theta"][1] != model.theta[1]


@pytest.mark.parametrize("pair", [[0], [1, 2], [2, 0]])
def test_the_surface_is_the_log_likelihood(front_end, pair):
    model = BinomialMixture([0.2, 0.5, 0.9], [0.5, 0.3, 0.2])
    data = Tosses([1500, 3, 5, 5, 0], flips=[2000, 9, 5, 5, 4])
    grid = [0.05, 0.3, 0.77, 0.99]
    found = front_end(
        "coinSurface(compress(given.data), given.parameters, given.pair, given.grid,"
        " given.pair.length > 1 ? given.grid : undefined)",
        pair=pair, grid=grid, **as_given(model, data),
    )  # fmt: skip
    expected = []
    for b in grid if len(pair) > 1 else [None]:
        for a in grid:
            theta = model.theta.copy()
            theta[pair] = [a] if b is None else [a, b]
            expected.append(BinomialMixture(theta, model.mixing_weights).log_likelihood(data))
    assert_allclose(found, expected, **CLOSE)


def test_the_bound_is_the_elbo(front_end):
    model, data = COINS["the classic"]
    q = model.e_step(data)
    grid = np.array([0.01, 0.4, 0.6, 0.95])
    found = front_end(
        "boundChange(given.heads, given.flips, 0.6, given.grid)",
        heads=data.heads @ q[:, 0], flips=data.flips @ q[:, 0], grid=grid.tolist(),
    )  # fmt: skip
    Q = [expected_log_joint(q, BinomialMixture([a, 0.5]).log_joint(data)) for a in grid]
    assert_allclose(found, np.array(Q) - Q[2], **CLOSE)


@pytest.mark.parametrize("power", [-1, 0, 0.3, 1, 2.5])
def test_both_sides_of_jensen(front_end, power):
    u, w = np.array([0.2, 1.0, 5.0]), np.array([0.3, 0.3, 0.4])
    found = front_end(
        f"jensenSides([...given.u], [...given.w], powerFunction({power}))",
        u=u.tolist(), w=(2 * w).tolist(),
    )  # fmt: skip
    f = np.log if power == 0 else lambda values: (values**power - 1) / power
    assert_allclose([found["fOfMean"], found["meanOfF"]], [f(w @ u), w @ f(u)], **CLOSE)


def test_slopes_are_derivatives(front_end):
    at, h = 0.3, 1e-5
    found = front_end(
        f"[coinSlope(7, 4, {at}), coinLogLikelihood(7, 4, {at - h}),"
        f" coinLogLikelihood(7, 4, {at + h})]"
    )
    assert_allclose(found[0], (found[2] - found[1]) / (2 * h), rtol=1e-6)


def test_equal_components_are_seen(front_end):
    with pytest.warns(SaddleWarning):
        run_em(BinomialMixture([0.1, 0.5, 0.5]), TOSSES, max_iter=0)
    same = as_given(BinomialMixture([0.1, 0.5, 0.5]), TOSSES)["parameters"]
    assert front_end("twins(given.same)", same=same) == [1, 2]
    unequal = {**same, "mixing_weights": [0.2, 0.3, 0.5]}
    assert front_end("twins(given.same)", same=unequal) == [1, 2]  # weights do not part them
    assert front_end("twins(given.same)", same={**same, "theta": [0.1, 0.5, 0.6]}) is None


def test_numbers_arrive_bit_by_bit(front_end):
    from emlib.steppers.runs import encode

    values = [0.1, -1e-300, float(np.pi), 5e-324, 1.7976931348623157e308]
    assert front_end("decode(given.text)", text=encode(values)) == values
