"""What is drawn is what was computed: places, thicknesses and colours against Python's numbers."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import xlog1py, xlogy
from scipy.stats import norm

from emlib import BinomialMixture, GaussianMixture, HiddenMarkov, Tosses, run_em
from emlib.palette import COMPONENT_COLOURS
from emlib.steppers import climb, complete_likelihood, flows, jensen, race, stepper

pytestmark = pytest.mark.browser

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)
RUN = run_em(BinomialMixture([0.6, 0.5]), TOSSES)
PIXEL: dict[str, float] = {"rtol": 0, "atol": 0.02}


@pytest.fixture(scope="module")
def clouds():
    """A run on two clouds of different size and slope."""
    rng = np.random.default_rng(0)
    points = np.vstack([
        rng.normal(size=(25, 2)) @ [[1, 0.6], [0, 0.5]],
        rng.normal([7, 3], [0.8, 1.5], (15, 2)),
    ])  # fmt: skip
    start = GaussianMixture([0.5, 0.5], [[1, 0], [5, 4]], [np.eye(2)] * 2)
    return run_em(start, points, max_iter=6)


def forward(host, steps):
    for _ in range(steps):
        host.get_by_role("button", name="Next").click()


def drawn(host, selector, attribute="d"):
    """Return an attribute of all shapes that a selector finds in the order they were drawn."""
    found = "(h, [s, a]) => [...h.shadowRoot.querySelectorAll(s)].map((n) => n.getAttribute(a))"
    return host.evaluate(found, [selector, attribute])


def axis(host, place):
    """Return where the first horizontal axis in a place begins and ends."""
    path = drawn(host, f"{place} path.axis")[0]
    return float(re.match(r"M([\d.]+),", path)[1]), float(re.search(r"H([\d.]+)$", path)[1])


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


def points(path):
    """Return the corners of a path of straight lines, shape (n, 2)."""
    return np.reshape(numbers(path), (-1, 2))


def places(host, selector):
    """Return where marks stand, shape (n, 2)."""
    return np.array([numbers(text) for text in drawn(host, selector, "transform")])


# --------------------------------------------------------------------------------------- coins


def test_ribbons_and_bars_are_as_thick_as_the_expected_counts(show):
    host = show(stepper(RUN))
    forward(host, 1)
    r = RUN[0].responsibilities
    counts = r[:, :, None] * np.stack([TOSSES.heads, TOSSES.tails], axis=1)[:, None]
    ribbons = [numbers(re.search(r"v(.*?)C", path)[1])[0] for path in drawn(host, ".flow")]
    flow = counts.ravel()
    assert_allclose(ribbons, flow * sum(ribbons) / flow.sum(), **PIXEL)
    kinds = ("rect[fill]", "rect[stroke].tails")
    bars = [float(height) for kind in kinds for height in drawn(host, kind, "height")]
    arrived = counts.sum(axis=0).T.ravel()
    assert_allclose(bars, arrived * sum(bars) / arrived.sum(), **PIXEL)
    assert host.get_by_text("21.3 H 8.6 T").is_visible()
    forward(host, 1)
    assert host.get_by_text("A 0.600 → 0.713").is_visible()


def test_thetas_stand_on_their_lanes(show):
    host = show(stepper(RUN))
    # 0, 0.2 ... 1
    ticks = [float(x) for x in drawn(host, ".column:nth-child(2) text.middle.tick", "x")[:6]]
    for t, position in ((0, 1), (1, 2), (1, 3), (2, 4)):
        host.get_by_role("slider", name="Half-step").fill(str(position))
        marks = places(host, ".column:nth-child(2) figure:first-child path.mark")
        assert_allclose(marks[:, 0], np.interp(RUN[t].model.theta, np.linspace(0, 1, 6), ticks),
                        **PIXEL)  # fmt: skip


def test_the_trace_is_solid_as_far_as_one_has_stepped(show):
    host = show(stepper(RUN))
    for position, now in ((0, 0), (1, 0), (2, 1), (8, 4), (9, 4)):
        host.get_by_role("slider", name="Half-step").fill(str(position))
        dotted, solid = map(points, drawn(host, "svg.clip .line"))
        assert_allclose(solid, dotted[: now + 1], **PIXEL)
        assert_allclose(places(host, "path.dot")[-1], solid[-1], **PIXEL)
    heights = -dotted[:, 1]
    values = RUN.log_likelihoods
    assert_allclose(
        (heights - heights[0]) / np.ptp(heights), (values - values[0]) / np.ptp(values), atol=1e-3
    )


# --------------------------------------------------------------------------------------- climb


def test_the_bound_touches_lies_below_and_peaks_where_the_next_theta_is(show):
    host = show(climb(RUN, coin=0))
    forward(host, 2)
    curve, bound = map(points, drawn(host, "figure:first-child svg.clip .line")[-2:])
    at = np.isin(curve[:, 0], bound[:, 0])
    below = curve[at, 1] - bound[:, 1]  # the page counts downwards
    assert (below < 0.02).all()
    touch, _ = places(host, "svg.clip path.dot")[:2]
    assert_allclose(np.interp(touch[0], *bound.T), touch[1], atol=0.2)
    assert_allclose(np.interp(touch[0], *curve.T), touch[1], atol=0.2)
    [peak] = places(host, "svg.clip path.best")
    assert abs(peak[0] - bound[bound[:, 1].argmin(), 0]) < 2
    x = np.interp([0.6, 0.713], [0, 1], axis(host, ".column:nth-child(2) figure"))
    assert_allclose([touch[0], peak[0]], x, atol=0.1)
    gap = host.locator(".gap-text").text_content()
    held = BinomialMixture([RUN[1].model.theta[0], 0.5])
    q = RUN[0].responsibilities
    log_posterior = held.log_joint(TOSSES) - held.log_joint(TOSSES).max(axis=1, keepdims=True)
    log_posterior -= np.log(np.exp(log_posterior).sum(axis=1, keepdims=True))
    assert f"gap = KL = {(q * (np.log(q) - log_posterior)).sum():.3f}" in gap


def test_the_map_shows_the_way_and_the_set_where_the_bound_is_higher(show):
    host = show(climb(RUN))
    host.get_by_role("slider", name="Half-step").fill("5")  # the E-step at theta_2
    theta = RUN.trace("theta")
    left, right = axis(host, ".column:first-child")
    size = right - left
    origin = np.array([left, 8 + size])  # at the foot of a square
    spot = origin + theta * [size, -size]
    [way] = [points(path) for path in drawn(host, ".column:first-child .box > svg > g > .line")]
    assert_allclose(way, spot[:3], **PIXEL)
    [dot] = places(host, ".column:first-child path.dot")
    [best] = places(host, ".column:first-child path.best")
    assert_allclose([dot, best], spot[2:4], **PIXEL)
    [bound] = map(points, drawn(host, ".column:first-child .clip .bound"))
    r = RUN[2].responsibilities
    heads, tails = TOSSES.heads @ r, TOSSES.tails @ r

    def above(theta):
        """Return how much the bound has gained on its value at theta_2."""
        here, there = (xlogy(heads, at) + xlog1py(tails, -at) for at in (RUN[2].model.theta, theta))
        return (there - here).sum(axis=-1)

    assert_allclose(above((bound - origin) / [size, -size]), 0, atol=0.05)
    assert bound[:, 0].min() < best[0] < bound[:, 0].max()
    assert bound[:, 1].min() < best[1] < bound[:, 1].max()


def test_the_map_is_darkest_at_the_tops(show):
    host = show(climb(RUN))
    alpha = "(h, [a, b]) => h.shadowRoot.querySelector('canvas').getContext('2d').getImageData("
    alpha += "Math.floor(50 * a), 49 - Math.floor(50 * b), 1, 1).data[3]"
    tops = [host.evaluate(alpha, place) for place in ([0.80, 0.52], [0.52, 0.80])]
    others = [host.evaluate(alpha, place) for place in ([0.52, 0.2], [0.2, 0.8], [0.8, 0.2])]
    assert min(tops) > 120 > 60 > max(others)


# ---------------------------------------------------------------------------------- Gaussians


def to_pixels(host, run):
    """Return the map from the data to the picture, by the marks at the means."""
    marks = places(host, "svg.clip path.mark")
    means = run.model.means
    scale = (marks[1] - marks[0]) / (means[1] - means[0])
    return lambda place: marks[0] + (place - means[0]) * scale


def test_rows_have_their_places_and_the_colour_of_their_component(show, clouds):
    host = show(stepper(clouds))
    host.get_by_role("button", name="Last").click()
    colour = "(h, p) => p.map(([x, y]) => [...h.shadowRoot.querySelector('canvas')"
    colour += ".getContext('2d').getImageData(Math.round(x), Math.round(y), 1, 1).data])"
    found = np.array(host.evaluate(colour, to_pixels(host, clouds)(clouds.data).tolist()))
    assert (found[:, 3] > 200).all()  # nothing is missing
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in COMPONENT_COLOURS[:2]])
    nearest = np.abs(found[:, None, :3] - rgb).sum(axis=2).argmin(axis=1)
    assert (nearest == clouds[-1].responsibilities.argmax(axis=1)).mean() > 0.9  # some overlap


def test_ellipses_are_one_and_two_standard_deviations_from_the_mean(show, clouds):
    host = show(stepper(clouds))
    host.get_by_role("button", name="Last").click()
    pixels = to_pixels(host, clouds)
    unit = pixels(np.ones(2)) - pixels(np.zeros(2))
    for j, path in enumerate(drawn(host, "svg.clip .line[stroke]")):
        away = (points(path.replace("M", " ")) - pixels(clouds.model.means[j])) / unit
        squares = np.einsum("na,ab,nb->n", away, np.linalg.inv(clouds.model.covariances[j]), away)
        assert_allclose(np.sqrt(squares), np.repeat([1, 2], 65), rtol=0.01)


def test_densities_peak_at_their_means_in_proportion(show, clouds):
    line = run_em(GaussianMixture([0.5, 0.5], [[0], [6]], [[[1]], [[1]]]), clouds.data[:, :1])
    host = show(stepper(line))
    host.get_by_role("button", name="Last").click()
    marks = places(host, "svg.clip path.mark")
    curves = [points(path) for path in drawn(host, "svg.clip .line[stroke]")]
    peaks = [curve[curve[:, 1].argmin()] for curve in curves]
    assert_allclose([peak[0] for peak in peaks], marks[:, 0], atol=2)
    floor = max(curve[:, 1].max() for curve in curves)
    heights = [
        weight * norm(mean, sd).pdf(mean)
        for weight, mean, sd in zip(
            line.model.mixing_weights, line.model.means.ravel(),
            np.sqrt(line.model.covariances.ravel()), strict=True,
        )
    ]  # fmt: skip
    assert (floor - peaks[0][1]) / (floor - peaks[1][1]) == pytest.approx(
        heights[0] / heights[1], rel=0.02
    )


def test_weights_and_numbers_of_gaussians(show, clouds):
    host = show(stepper(clouds))
    forward(host, 2)
    model = clouds[1].model
    widths = [float(width) for width in drawn(host, "rect", "width")]
    left, right = axis(host, ".column:nth-child(2)")
    assert_allclose(widths, model.mixing_weights * (right - left), **PIXEL)
    rows = host.get_by_role("table").locator("tbody tr").all_inner_texts()
    N = clouds[0].responsibilities.sum(axis=0)
    for j, row in enumerate(rows):
        cov = model.covariances[j]
        expected = [N[j], model.mixing_weights[j], *model.means[j]]
        expected += [cov[0, 0], cov[1, 1], cov[0, 1], np.sqrt(np.linalg.eigvalsh(cov)[0])]
        found = [float(cell.replace("−", "-")) for cell in row.split("\t")[1:]]
        assert_allclose(found, expected, rtol=0, atol=0.006)


def test_the_e_step_colours_by_the_parameters_shown(show, clouds):
    """An M-step moves the ellipses and leaves the rows; an E-step leaves the ellipses."""
    host = show(stepper(clouds))
    image = "(h) => h.shadowRoot.querySelector('canvas').toDataURL()"
    forward(host, 1)
    rows, ellipses = host.evaluate(image), drawn(host, "svg.clip .line[stroke]")
    forward(host, 1)
    assert host.evaluate(image) == rows
    moved = drawn(host, "svg.clip .line[stroke]")
    assert moved != ellipses
    forward(host, 1)
    assert host.evaluate(image) != rows
    assert drawn(host, "svg.clip .line[stroke]") == moved


# ------------------------------------------------------------------------------- moved by hand


def test_the_gap_of_jensen_is_between_its_two_sides(show):
    host = show(jensen([1.0, 3.0]))
    host.get_by_role("slider", name="weight of A").fill("0.5")
    assert "the gap is 0.144" in host.locator(".status").inner_text()
    [[above], [below]] = places(host, ".side:not(.hollow)"), places(host, ".side.hollow")
    assert above[0] == below[0] and above[1] < below[1]
    assert numbers(drawn(host, ".strong-gap")[-1]) == pytest.approx([*above, below[1]], abs=0.01)
    tops = [float(y) for y in drawn(host, ".halo-text:not(.strong)", "y")]
    assert tops[0] < tops[1]  # f(mean), and the mean of f below it
    tangent = points(drawn(host, "path.line.ahead")[-1])
    slope, height = np.polyfit(*tangent.T, 1)
    assert slope * above[0] + height == pytest.approx(above[1], abs=0.1)
    host.get_by_role("combobox").select_option("(u² − 1)/2")
    tops = [float(y) for y in drawn(host, ".halo-text:not(.strong)", "y")]
    assert tops[1] < tops[0]


def test_the_tangent_touches_the_curve(show):
    host = show(complete_likelihood(Tosses([7, 9, 2], flips=10), [0, 0, 1], theta=[0.6, 0.5]))
    curves, tangents = (
        [points(path) for path in drawn(host, f".column:nth-child(2) svg.clip .line{kind}")]
        for kind in ("[stroke]", ".ahead")
    )
    dots = places(host, ".column:nth-child(2) path.dot")
    for curve, tangent, dot in zip(curves, tangents, dots, strict=True):
        assert_allclose(tangent.mean(axis=0), dot, atol=0.1)
        near = np.abs(curve[:, 0] - dot[0]) < 8
        on_tangent = np.interp(curve[near, 0], *tangent.T)
        assert_allclose(on_tangent, curve[near, 1], atol=1)


# -------------------------------------------------------------------------------------- a race


def test_runners_stand_where_they_are_after_each_em_step(show):
    slow = 1 - 0.5 ** np.arange(5)
    ways = {"slow": np.column_stack([slow, 2 * slow]), "fast": [[0, 0], [1, 2]]}
    host = show(race(ways, lambda theta: -float(np.sum((theta - [1, 2]) ** 2)), end=[1, 2]))
    top = places(host, ".best")[0]
    start = places(host, ".mark:not(.best)")[0]
    behind, before = (one.bounding_box() for one in host.locator(".mark:not(.best)").all()[:2])
    assert behind["width"] > before["width"] + 4  # both stand there, and both are seen
    forward(host, 2)
    runners = places(host, ".mark:not(.best)")
    assert_allclose(runners[0], start + 0.75 * (top - start), **PIXEL)
    assert_allclose(runners[1], top, **PIXEL)
    assert "slow 0.313, fast" in host.locator(".status").inner_text()  # 5 / 16
    host.get_by_role("slider").press("End")
    assert_allclose(places(host, ".mark:not(.best)")[0], start + 15 / 16 * (top - start), **PIXEL)


# ------------------------------------------------------------------------------------- a chain


def test_flows_are_as_thick_as_the_expected_moves_and_bars_as_high_as_the_posterior(show):
    start = HiddenMarkov.discrete(
        [[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.2, 0.3, 0.5]], np.eye(3) * 0.7 + 0.1
    )
    run = run_em(start, start.sample(40, rng=0)[0], max_iter=4)
    host = show(flows(run, states=("low", "middle", "high"), rows=30))
    for t in (0, 3):
        host.get_by_role("slider", name="Step").fill(str(t))
        q = run[t].expectation
        ribbons = [numbers(re.search(r"v(.*?)C", path)[1])[0] for path in drawn(host, ".flow")]
        assert_allclose(ribbons, q.pairs.ravel() * sum(ribbons) / q.pairs.sum(), **PIXEL)
        bars = [float(height) for height in drawn(host, "rect", "height")]
        ends = np.concatenate([q.pairs.sum(axis=1), q.pairs.sum(axis=0)])
        assert_allclose(bars, ends * sum(bars) / ends.sum(), **PIXEL)
        for j, path in enumerate(drawn(host, ".column:first-child path[fill]")):
            tops = np.array([float(y) for y in re.findall(r"V([\d.]+)H", path)])
            foot = float(re.match(r"M[\d.]+,([\d.]+)", path)[1])
            heights, r = foot - tops, q.responsibilities[:30, j]
            assert_allclose(heights, r * heights.sum() / r.sum(), atol=0.2)  # r has 3 digits
    told = f"from low {q.pairs[0, 0]:.1f} to low, {q.pairs[0, 1]:.1f} to middle"
    assert told in host.locator(".status").inner_text()
    row = host.get_by_role("table").locator("tbody tr").first.inner_text().split("\t")
    assert_allclose([float(cell) for cell in row[1:4]], q.pairs[0], atol=6e-4)
    assert_allclose([float(cell) for cell in row[4:]], run[3].model.transitions[0], atol=6e-4)
