"""Pictures to step through and to move, in a page opened from a file with the network cut."""

import re
from dataclasses import replace

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from emlib import (
    BinomialMixture,
    CovariancePrior,
    GaussianMixture,
    HiddenMarkov,
    Tosses,
    run_em,
)
from emlib.steppers.chains import flows
from emlib.steppers.manipulable import complete_likelihood, jensen
from emlib.steppers.runs import climb, stepper
from tests.slowly import slowly

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::emlib.SaddleWarning")]

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)
CLASSIC = run_em(BinomialMixture([0.6, 0.5]), TOSSES)
LAST = len(CLASSIC) - 1
UNSOUND = re.compile(r"NaN|undefined|Infinity|\[object")


def coins(theta, heads, flips=10, **options):
    return run_em(BinomialMixture(theta), Tosses(heads, flips), **options)


def gaussians(points, means, **options):
    points = np.asarray(points, dtype=float)
    k, d = np.shape(means)
    start = GaussianMixture(np.full(k, 1 / k), means, [np.eye(d)] * k)
    return run_em(start, points, **options)


def cloud(n=60, d=2, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) + 4 * (rng.random((n, 1)) < 0.4)


def scaled(unit):
    """The same run in another unit."""
    means = unit * np.array([[0, 0], [1, 1]])
    start = GaussianMixture([0.5, 0.5], means, [unit**2 * np.eye(2)] * 2)
    return run_em(start, unit * cloud(), max_iter=8)


def of_type(covariance_type, covariances, *, prior=None, accelerate=None):
    start = GaussianMixture(
        [0.5, 0.5], [[0, 0], [1, 1]], covariances, covariance_type=covariance_type, prior=prior
    )
    return run_em(start, cloud(), accelerate=accelerate)


def chained(k, n=80):
    """A run of a chain of k states that goes round, and never back."""
    A = 0.7 * np.eye(k) + 0.3 * np.roll(np.eye(k), 1, axis=1)
    start = HiddenMarkov.discrete(A, 0.8 * np.eye(k) + 0.2 / k)
    return run_em(start, start.sample(n, rng=0)[0], max_iter=4)


VIEWS = {
    "coins": lambda: stepper(CLASSIC),
    "many rows": lambda: stepper(coins([0.2, 0.9], np.arange(80) % 11, max_iter=5)),
    "climb": lambda: climb(CLASSIC),
    "climb alone": lambda: climb(CLASSIC, coin=1),
    "plane": lambda: stepper(gaussians(cloud(), [[0, 0], [1, 1]], max_iter=8)),
    "line": lambda: stepper(gaussians(cloud(d=1), [[0], [1]], max_iter=8)),
    "jensen": lambda: jensen([0.5, 1.5, 3.0], [0.5, 0.2, 0.3]),
    "complete likelihood": lambda: complete_likelihood(
        Tosses([7, 9, 2, 6, 0], flips=10), [0, 0, 1, 0, 1]
    ),
    "a chain": lambda: flows(chained(3)),
}
EXTREMES = {
    "theta 0 and 1": lambda: stepper(coins([0.0, 1.0, 0.5], [0, 10, 4])),
    "climb from 0 and 1": lambda: climb(coins([0.0, 1.0, 0.5], [0, 10, 4])),
    "one row": lambda: stepper(coins([0.6, 0.5], [3])),
    "climb on one row": lambda: climb(coins([0.6, 0.5], [3])),
    "one coin": lambda: climb(coins([0.2], [3, 5])),
    "only heads": lambda: climb(coins([0.6, 0.5], [10, 10])),
    "identical starts": lambda: stepper(coins([0.5, 0.5], [3, 8, 10])),
    "identical starts, climb": lambda: climb(coins([0.5, 0.5], [3, 8, 10])),
    "a single step": lambda: stepper(coins([0.6, 0.5], [3, 8], max_iter=0)),
    "a single step, climb": lambda: climb(coins([0.6, 0.5], [3, 8], max_iter=0)),
    "ten coins": lambda: stepper(coins(np.linspace(0.05, 0.95, 10), [3, 8, 1], max_iter=2)),
    "thirty coins": lambda: stepper(coins(np.linspace(0.01, 0.99, 30), [3, 8, 1], max_iter=2)),
    "thirty coins, climb": lambda: climb(coins(np.linspace(0.01, 0.99, 30), [3, 8], max_iter=2)),
    "millions of flips": lambda: stepper(coins([0.3, 0.6], [1e7, 4e7], flips=7e7)),
    "thousands of rows": lambda: stepper(
        coins([0.3, 0.6], np.arange(2000) % 101, flips=100, max_iter=300)
    ),
    "long rows": lambda: climb(coins([0.35, 0.8], [1600, 700, 900], flips=2000)),
    "weights": lambda: stepper(
        run_em(BinomialMixture([0.6, 0.5]), Tosses([3, 9], 10, row_weights=[2.5, 1]))
    ),
    "one point": lambda: stepper(gaussians([[1.0, 2.0]], [[0, 0]])),
    "one Gaussian": lambda: stepper(gaussians(cloud(), [[0, 0]])),
    "equal Gaussians": lambda: stepper(gaussians(cloud(), [[0, 0], [0, 0]], max_iter=3)),
    "a collapse": lambda: stepper(
        gaussians([[0, 0], [1, 0.2], [0.3, 1], [9, 9]], [[0, 0], [9, 9]])
    ),
    "a collapse on the line": lambda: stepper(gaussians([[0], [1], [0.3], [9]], [[0], [9]])),
    "eight Gaussians, 300 iterations": lambda: stepper(
        gaussians(cloud(500), cloud(8, seed=1), max_iter=300, tol=0)
    ),
    "thirty Gaussians": lambda: stepper(gaussians(cloud(300), cloud(30, seed=1), max_iter=2)),
    "small as atoms": lambda: stepper(scaled(1e-9)),
    "large as stars": lambda: stepper(scaled(1e9)),
    "far from zero": lambda: stepper(gaussians(cloud() + 1e6, [[1e6, 1e6], [1e6 + 1, 1e6 + 1]])),
    "a start far away": lambda: stepper(gaussians(cloud(), [[0, 0], [90, 90]], max_iter=3)),
    "tied": lambda: stepper(of_type("tied", np.eye(2))),
    "diagonal": lambda: stepper(of_type("diag", np.ones((2, 2)))),
    "spherical": lambda: stepper(of_type("spherical", np.ones(2))),
    "a prior": lambda: stepper(
        of_type("full", [np.eye(2)] * 2, prior=CovariancePrior(np.eye(2), strength=4))
    ),
    "accelerated": lambda: stepper(of_type("full", [np.eye(2)] * 2, accelerate="anderson")),
    "three columns": lambda: stepper(gaussians(cloud(d=3), [[0, 0, 0], [1, 1, 1]], max_iter=3)),
    "equal columns": lambda: stepper(gaussians([[1, 2], [1, 2], [1, 2]], [[0, 0]], max_iter=3)),
    "jensen, one point": lambda: jensen([2.0]),
    "jensen, one weight": lambda: jensen([1, 2], [0, 1], power=3),
    "likelihood at the edges": lambda: complete_likelihood(
        Tosses([0, 10], flips=10), [0, 1], theta=[0, 1]
    ),
    "a chain of six states, of which few are seen": lambda: flows(chained(6, n=7)),
    "impossible likelihood": lambda: complete_likelihood(
        Tosses([3, 4, 5], flips=10), [0, 1, 2], theta=[0, 1, 0.5]
    ),
}


def status(host):
    return host.locator(".status").inner_text().replace("\n", "")


def press(host, name, times=1):
    for _ in range(times):
        # Forced, because a button may be clicked though there is nowhere to go.
        host.get_by_role("button", name=name, exact=True).click(force=True)


def check_sound(host):
    """No number that is none has come into words or drawings."""
    text = host.evaluate("(host) => host.shadowRoot.querySelector('.card').outerHTML")
    assert not UNSOUND.search(text), UNSOUND.search(text)


# ------------------------------------------------------------------------------------ stepping


def test_buttons(show):
    host = show(stepper(CLASSIC))
    assert status(host).startswith(f"Start, before iteration 1 of {LAST}: θA = 0.600, θB = 0.500;")
    press(host, "Next")
    assert status(host).startswith(
        f"EM iteration 1 of {LAST}, E-step: responsibilities at θA = 0.6"
    )
    press(host, "Next")
    assert f"EM iteration 1 of {LAST}, M-step: θA = 0.713, θB = 0.581;" in status(host)
    assert "log-likelihood −31.859 (+1.2)" in status(host)
    press(host, "Previous")
    assert "iteration 1" in status(host) and "E-step" in status(host)
    press(host, "Last")
    assert status(host).startswith(f"After iteration {LAST} of {LAST}, last E-step")
    assert "EM stopped (converged)" in status(host)
    press(host, "First")
    assert status(host).startswith("Start")


def test_keys(page, show):
    host = show(stepper(CLASSIC))
    host.get_by_role("button", name="Next").focus()
    page.keyboard.press("End")
    assert status(host).startswith("After iteration")
    page.keyboard.press("ArrowLeft")
    assert f"EM iteration {LAST} of {LAST}, M-step" in status(host)
    page.keyboard.press("Home")
    assert status(host).startswith("Start")
    page.keyboard.press("ArrowLeft")
    assert status(host).startswith("Start")
    page.keyboard.press("ArrowRight")
    assert "E-step" in status(host)


def test_slider(page, show):
    host = show(stepper(CLASSIC))
    slider = host.get_by_role("slider", name="Half-step")
    slider.fill("6")
    assert "EM iteration 3 of" in status(host) and "M-step" in status(host)
    assert slider.get_attribute("aria-valuetext") == f"EM iteration 3 of {LAST}, M-step"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert "EM iteration 4 of" in status(host) and "E-step" in status(host)


def test_every_step_shows_its_numbers(show):
    host = show(stepper(CLASSIC))
    for step in CLASSIC[1:]:
        press(host, "Next", 2)
        a, b = step.model.theta
        assert f"θA = {a:.3f}, θB = {b:.3f}; log-likelihood −{-step.log_likelihood:.3f}" in status(
            host
        )


def test_play_at_a_chosen_speed(page, show):
    page.clock.install(time="2000-01-01")
    host = show(stepper(CLASSIC))
    page.clock.pause_at("2000-01-02")  # from here on, time passes only when told
    host.get_by_role("combobox", name="Speed").select_option("4")
    press(host, "Play")
    page.clock.run_for(260)
    assert "iteration 1" in status(host) and "E-step" in status(host)
    page.clock.run_for(250)
    assert "iteration 1" in status(host) and "M-step" in status(host)
    press(host, "Pause")
    page.clock.run_for(5000)
    assert "iteration 1" in status(host) and "M-step" in status(host)
    press(host, "Play")
    page.clock.run_for(60_000)
    assert status(host).startswith("After iteration")
    assert host.get_by_role("button", name="Play").is_visible()
    press(host, "Play")  # from the end, it plays again from the start
    assert status(host).startswith("Start")


def test_the_numbers_are_a_table(show):
    host = show(stepper(CLASSIC))
    press(host, "Next", 2)
    rows = host.get_by_role("table", name="The rows").locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[3] for row in rows] == ["0.45", "0.80", "0.73", "0.35", "0.65"]
    table = host.get_by_role("table", name="The numbers of this step").locator("tbody tr")
    assert table.all_inner_texts()[0].split("\t")[3:] == ["21.30", "8.57", "0.7130"]


def test_the_climb_adds_up(show):
    host = show(climb(CLASSIC))
    press(host, "Next", 2)
    table = host.get_by_role("table", name="The numbers of this step").locator("tbody tr")
    before, after = (
        [float(cell.replace("−", "-")) for cell in row.split("\t")[1:]]
        for row in table.all_inner_texts()
    )
    for row in (before, after):
        Q, H, bound, KL, log_likelihood = row[2:]
        assert bound == pytest.approx(Q + H, abs=2e-3)
        assert log_likelihood == pytest.approx(bound + KL, abs=2e-3)
    assert before[-1] == pytest.approx(CLASSIC[0].log_likelihood, abs=1e-3)
    assert after[-1] == pytest.approx(CLASSIC[1].log_likelihood, abs=1e-3)
    assert before[-2] == 0 < after[-2]


def test_a_step_is_drawn_from_the_parameters(show):
    host = show(stepper(gaussians(cloud(), [[0, 0], [1, 1]], max_iter=8)))
    canvas = host.locator("canvas")
    first = canvas.evaluate("(canvas) => canvas.toDataURL()")
    press(host, "Next")
    assert canvas.evaluate("(canvas) => canvas.toDataURL()") != first


def test_a_step_prepared_while_idle_looks_the_same(page, show):
    host = show(stepper(gaussians(cloud(), [[0, 0], [1, 1]], max_iter=8)))
    page.evaluate(
        """() => {
            const pen = CanvasRenderingContext2D.prototype;
            const { drawImage } = pen;
            window.shownAtOnce = 0;
            pen.drawImage = function (...given) {
                window.shownAtOnce += 1;
                drawImage.apply(this, given);
            };
        }"""
    )
    jump = """(host, position) => {
        const slider = host.shadowRoot.querySelector("input");
        slider.value = position;
        slider.dispatchEvent(new Event("input"));
        return host.shadowRoot.querySelector("canvas").toDataURL();
    }"""
    stepped = []
    for _ in range(3):
        page.evaluate("() => new Promise((done) => requestIdleCallback(done))")
        press(host, "Next")
        stepped.append(host.locator("canvas").evaluate("(canvas) => canvas.toDataURL()"))
        press(host, "Next")
    assert page.evaluate("window.shownAtOnce") == 3
    assert stepped == [host.evaluate(jump, position) for position in (1, 3, 5)]
    assert len(set(stepped)) == 3


def test_the_half_step_can_be_seen(show):
    host = show(stepper(CLASSIC))
    lit = host.locator(".phase.on")
    assert lit.count() == 0
    for phase, formula in 2 * [("E-step", "are shared out"), ("M-step", "expected heads / its")]:
        press(host, "Next")
        assert lit.all_inner_texts() == [phase]
        assert formula in host.locator(".formula").inner_text()


@pytest.mark.parametrize("d", [1, 2])
def test_the_m_step_shows_where_components_were(show, d):
    host = show(stepper(gaussians(cloud(d=d), [[0] * d, [1] * d], max_iter=8)))
    drawn = (
        "(h) => [...h.shadowRoot.querySelectorAll('svg.clip PATH')].map((n) => n.getAttribute('d'))"
    )
    now, before = (drawn.replace("PATH", path) for path in (".line[stroke]", ".before"))
    press(host, "Next")
    old = host.evaluate(now)
    assert host.evaluate(before) == ["", ""]
    press(host, "Next")
    assert host.evaluate(before) == old != host.evaluate(now)


def test_a_unit_of_measurement_is_no_collapse(show):
    """Minutes beside milliseconds: narrow in one column only because of its unit."""
    points = cloud() * [1, 1e4]
    start = GaussianMixture([0.5, 0.5], [[0, 0], [3, 3e4]], [np.diag([1, 1e8])] * 2)
    host = show(stepper(run_em(start, points)))
    for _ in range(4):
        assert "collapsing" not in status(host)
        press(host, "Next")


def test_small_and_large_units_keep_their_digits(show):
    for unit, power in ((1e-9, "e−9"), (1e9, "e9")):
        host = show(stepper(scaled(unit)))
        press(host, "Last")
        means = host.get_by_role("table").locator("tbody tr td:nth-child(4)").all_inner_texts()
        assert all(re.fullmatch(r"−?\d\.\d+e−?\d+", mean) for mean in means)
        assert means[1].endswith(power)
        ring = host.get_by_role("slider", name="Start of the mean of component B")
        assert f"x 2 1.000{power}" in ring.get_attribute("aria-valuetext")


def test_a_start_beyond_the_axes_can_be_taken_hold_of(page, show):
    host = show(stepper(gaussians(cloud(), [[0, 0], [90, 90]], max_iter=3)))
    ring = host.get_by_role("slider", name="Start of the mean of component B")
    assert "x 1 90.000" in ring.get_attribute("aria-valuetext")
    drag(page, ring, -100, 100)
    assert value(ring) < 9


def test_a_collapse_is_shown_collapsing(show):
    points = np.vstack([cloud(30)[:, :2] % 2, [[9, 9]]])
    start = GaussianMixture([0.5, 0.5], [[0, 0], [6, 6]], [np.eye(2), 9 * np.eye(2)])
    host = show(stepper(run_em(start, points)))
    assert not host.get_by_text("B collapsing").count()
    press(host, "Last")
    assert "collapsing: B" in status(host)
    assert "EM stopped (degenerate)" in status(host) and "component B" in status(host)
    assert host.get_by_text("B collapsing").is_visible()


# ------------------------------------------------------------------------------------ dragging


def drag(page, ring, dx, dy):
    box = ring.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def value(ring):
    return float(ring.get_attribute("aria-valuenow"))


def check_ran_from(host, start):
    """The browser's run ends where Python's does."""
    run = run_em(BinomialMixture(start), TOSSES)
    press(host, "Last")
    press(host, "Previous")
    a, b = run.model.theta
    assert f"iteration {len(run) - 1} of {len(run) - 1}, M-step" in status(host)
    assert f"θA = {a:.3f}, θB = {b:.3f}" in status(host)


def test_drag_a_coin(page, show):
    host = show(stepper(CLASSIC))
    press(host, "Next", 3)
    ring = host.get_by_role("slider", name="Start of theta A")
    drag(page, ring, -120, 0)
    assert value(ring) < 0.45
    assert status(host).startswith("Start")
    check_ran_from(host, [value(ring), 0.5])
    press(host, "Back to the first start")
    check_ran_from(host, [0.6, 0.5])


def test_drag_on_the_map(page, show):
    host = show(climb(CLASSIC))
    ring = host.get_by_role("slider", name="Start of theta A and theta B")
    drag(page, ring, -150, -100)
    a, b = map(float, re.findall(r"[\d.]+", ring.get_attribute("aria-valuetext")))
    assert a < 0.4 and b > 0.6
    page.keyboard.press("Home")  # the ring has the focus: theta A to 0
    assert ring.get_attribute("aria-valuetext").startswith("theta A 0.00")
    press(host, "Next")  # every row holds heads, so none can be coin A's
    check_sound(host)
    press(host, "Last")
    assert "component A is empty: no row belongs to it" in status(host)
    check_sound(host)


def test_drag_a_mean(page, show):
    host = show(stepper(gaussians(cloud(), [[0, 0], [1, 1]], max_iter=8)))
    ring = host.get_by_role("slider", name="Start of the mean of component B")
    drag(page, ring, 60, -60)
    x, y = map(
        float, re.findall(r"-?[\d.]+", ring.get_attribute("aria-valuetext").replace("−", "-"))[1::2]
    )
    assert x > 1.5 and y > 1.5
    press(host, "Last")
    assert "EM stopped (converged)" in status(host)


def test_move_a_start_by_keys(page, show):
    host = show(stepper(CLASSIC))
    ring = host.get_by_role("slider", name="Start of theta A")
    ring.focus()
    for key, expected in {
        "ArrowRight": 0.61, "ArrowUp": 0.62, "ArrowLeft": 0.61, "ArrowDown": 0.6,
        "Shift+ArrowRight": 0.7, "PageDown": 0.6, "End": 1, "Home": 0,
    }.items():  # fmt: skip
        page.keyboard.press(key)
        assert value(ring) == expected
    page.keyboard.press("Shift+ArrowRight")
    check_ran_from(host, [0.1, 0.5])


def test_an_impossible_start_says_so(page, show):
    host = show(climb(CLASSIC))
    host.get_by_role("slider", name="Start of theta A and theta B").focus()
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowDown")
    assert status(host) == "EM cannot start here: row 1 has probability 0 under every component."
    check_sound(host)
    press(host, "Next")
    press(host, "Last")
    assert status(host).startswith("EM cannot start here")
    page.keyboard.press("Tab")
    press(host, "Back to the first start")
    assert status(host).startswith("Start")


def test_equal_starts_say_so(page, show):
    host = show(stepper(CLASSIC))
    host.get_by_role("slider", name="Start of theta A").focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert "A and B start equal, and EM can never part them." in status(host)
    press(host, "Last")
    assert "θA = 0.660, θB = 0.660" in status(host)


def test_one_coin_alone(show):
    host = show(climb(CLASSIC))
    host.get_by_role("combobox", name="EM moves").select_option("coin A alone moves")
    press(host, "Last")
    assert "θB = 0.500" in status(host)
    host.get_by_role("combobox", name="EM moves").select_option("all coins move, seen along B")
    press(host, "Last")
    assert "θA = 0.797, θB = 0.520" in status(host)


def test_jensen_by_hand(page, show):
    host = show(jensen([1.0, 3.0]))
    assert status(host) == "Drag a ring, or move a weight."  # the reader is to find it out
    host.get_by_role("slider", name="weight of A").fill("0.5")
    assert "f is concave" in status(host) and "the gap is 0.144" in status(host)
    host.get_by_role("combobox").select_option("(u² − 1)/2")
    assert "f is convex" in status(host) and "the gap is 0.500" in status(host)
    host.get_by_role("combobox").select_option("u − 1")
    assert "the gap is 0." in status(host)
    host.get_by_role("slider", name="p", exact=True).fill("0")
    assert "the gap is 0.144" in status(host)
    host.get_by_role("slider", name="weight of A").fill("0")
    assert "all the weight is on that value" in status(host)
    host.get_by_role("slider", name="weight of B").fill("0.5")  # and A gets the rest
    assert host.get_by_role("slider", name="weight of A").input_value() == "0.5"
    assert "the gap is 0.144" in status(host)
    ring = host.get_by_role("slider", name="Point B")
    drag(page, ring, -80, 0)
    assert 1 < value(ring) < 3
    ring.focus()
    page.keyboard.press("Home")
    assert 0 < value(ring) < 0.1
    check_sound(host)


def test_the_likelihood_by_hand(page, show):
    host = show(VIEWS["complete likelihood"]())
    ring = host.get_by_role("slider", name="Theta A and theta B")
    drag(page, ring, 60, 60)
    assert value(ring) > 0.55
    press(host, "Go to the maximum")
    assert "log-likelihood −23.899, the maximum." in status(host)
    slopes = host.get_by_role("table").locator("tbody tr td:nth-child(6)").all_inner_texts()
    assert slopes[:2] == ["0.000", "0.000"]
    host.get_by_role("slider", name="Theta A", exact=True).focus()
    page.keyboard.press("End")
    assert "impossible" in status(host)
    check_sound(host)


@pytest.mark.parametrize("name", slowly(EXTREMES, "theta 0 and 1", "one coin", "identical starts"))
def test_extremes_neither_crash_nor_mislead(page, show, name):
    host = show(EXTREMES[name]())
    check_sound(host)
    if host.get_by_role("button", name="Next").count():
        for button in ("Next", "Next", "Next", "Last", "Next", "Previous"):
            press(host, button)
            check_sound(host)
    for ring in host.locator(".handle").all():
        for key in ("Home", "End"):
            ring.focus()
            page.keyboard.press(key)
            check_sound(host)


# ------------------------------------------------------------------------------ a page of its own


def test_instances_do_not_meet(page, show):
    page.add_init_script("window.before = new Set(Object.getOwnPropertyNames(window));")
    host = show(stepper(CLASSIC), stepper(CLASSIC), climb(CLASSIC), jensen())
    other = page.locator(".emlib").nth(1)
    press(other, "Next")
    assert status(host).startswith("Start") and "E-step" in status(other)
    assert page.evaluate(
        "Object.getOwnPropertyNames(window).filter((name) => !window.before.has(name))"
    ) == ["before"]


def test_nothing_is_fetched(page, show):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for make in VIEWS.values():
        host = show(make())
        if host.get_by_role("button", name="Last").count():
            press(host, "Last")
    assert asked
    assert all(url.startswith(("file:", "data:")) for url in asked)


@pytest.mark.parametrize("name", VIEWS)
def test_without_scripts_the_still_picture_stands(new_context, tmp_path, name):
    shown = VIEWS[name]()
    (tmp_path / "page.html").write_text(shown.html(), encoding="utf-8")
    page = new_context(java_script_enabled=False).new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.get_by_alt_text(shown.picture.alt).is_visible()
    assert page.get_by_text("A still picture.").is_visible()


def test_on_paper_the_still_picture_stands(page, show):
    host = show(stepper(CLASSIC))
    picture = page.get_by_role("img", name=stepper(CLASSIC).picture.alt)
    assert not picture.is_visible()
    page.emulate_media(media="print")
    assert picture.is_visible()
    assert not host.get_by_role("button", name="Next").is_visible()


def test_a_copy_of_the_script_finds_its_picture(page, show):
    """Some viewers insert the HTML first, and then run copies of its scripts beside it."""
    show(stepper(CLASSIC))
    page.evaluate(
        """(html) => {
            const output = document.createElement("section");
            document.querySelector("main").append(output);
            output.innerHTML = html;
            for (const script of [...output.getElementsByTagName("script")]) {
                const copy = document.createElement("script");
                copy.text = script.text;
                output.appendChild(copy);
                copy.remove();
            }
        }""",
        stepper(CLASSIC).html() + climb(CLASSIC).html(),
    )
    for i in (1, 2):
        host = page.locator(".emlib").nth(i)
        press(host, "Next")
        assert "E-step" in status(host)


def test_a_failure_leaves_the_still_picture(page, tmp_path):
    broken = replace(stepper(CLASSIC), spec={"data": {}})
    (tmp_path / "page.html").write_text(broken.html(), encoding="utf-8")
    page.context.new_page()
    other = page.context.new_page()
    other.goto((tmp_path / "page.html").as_uri())
    assert other.get_by_alt_text(broken.picture.alt).is_visible()


# ---------------------------------------------------------------------------------- for everyone


@pytest.mark.parametrize("scheme", slowly(["light", "dark"], "light"))
@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing(page, show, name, scheme):
    page.emulate_media(color_scheme=scheme)
    host = show(VIEWS[name]())
    steps = host.get_by_role("button", name="Next").count()
    for button in ["Next", "Next", "Last"] if steps else [None]:
        if button:
            press(host, button)
        results = Axe().run(page)
        assert results.response["violations"] == []


def test_the_sentence_is_spoken(page, show):
    page.clock.install(time="2000-01-01")
    host = show(stepper(CLASSIC))
    page.clock.pause_at("2000-01-02")  # from here on, time passes only when told
    live = host.locator("[aria-live=polite]")
    page.clock.run_for(1000)
    assert live.inner_text() == ""  # a page of steppers must not all speak at once
    press(host, "Next", 2)
    page.clock.run_for(1000)
    assert live.inner_text() == (
        f"EM iteration 1 of {LAST}, M-step: theta A = 0.713, theta B = 0.581; "
        "log-likelihood −31.859 (+1.2)."
    )
    press(host, "Play")
    page.clock.run_for(2000)
    assert live.inner_text().startswith("EM iteration 1 of")  # no flood while it plays
    page.clock.run_for(60_000)
    assert live.inner_text().startswith("After iteration")


@pytest.mark.parametrize("name", VIEWS)
def test_everything_has_a_name_and_the_keyboard_reaches_it(page, show, name):
    host = show(VIEWS[name]())
    wanted = host.locator("button:visible, input, select, .handle").count()
    reached: set[int] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const root = document.activeElement?.shadowRoot;
                const node = root?.activeElement;
                if (!node) return null;
                const style = getComputedStyle(node.querySelector(".ring") ?? node);
                const all = [...root.querySelectorAll("button, input, select, .handle, .scroll")];
                const isThick = parseFloat(style.strokeWidth) >= 3;
                return [all.indexOf(node), isThick || style.outlineStyle !== "none"];
            }"""
        )
        if found is None and reached:
            break
        if found:
            index, has_visible_focus = found
            assert has_visible_focus, index
            reached.add(index)
    assert len(reached) >= wanted
    # Not every browser lets the keyboard into what scrolls.
    assert host.locator(".scroll").count() == host.locator(".scroll[tabindex='0']").count()
    pictures = host.locator(".box > svg:not(.overlay)")
    assert pictures.count() == host.locator("svg[role='img']").count() > 0
    for node in host.locator("button, input, select, .handle, .scroll, .card, svg[role]").all():
        name = (
            "(n) => n.ariaLabel ?? n.labels?.[0]?.textContent ?? n.closest('button')?.textContent"
        )
        assert (node.evaluate(name) or "").strip()


@pytest.mark.parametrize("width", slowly([700, 350], 350))
@pytest.mark.parametrize("name", VIEWS)
def test_narrow_pages_and_great_zoom(page, show, name, width):
    """700 pixels wide; and at 200 % zoom, which leaves half as many."""
    page.set_viewport_size({"width": width, "height": 800})
    host = show(VIEWS[name]())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    card = host.evaluate("(h) => { const c = h.shadowRoot.querySelector('.card');"
                         " return [c.scrollWidth, c.clientWidth]; }")  # fmt: skip
    assert card[0] <= card[1]
    heights = host.evaluate(
        "(h) => [...h.shadowRoot.querySelectorAll('svg text')].filter((t) => t.textContent.trim())"
        ".map((t) => t.getBoundingClientRect().height).filter((height) => height)"
    )
    assert min(heights) >= {700: 11, 350: 9}[width]  # pixels; at 200 % zoom the screen shows twice


WORDS = """(host) => {
    const root = host.shadowRoot;
    const box = (node) => node.getBoundingClientRect();
    const say = (node) => `"${node.textContent}" in "${node.closest("figure").innerText}"`;
    // Names of what moves stand where it is; everything else must be readable.
    const shown = [...root.querySelectorAll("figure text:not(.halo-text)")]
        .filter((node) => node.textContent.trim() && box(node).width);
    const { left, right } = box(root.querySelector(".card"));
    const outside = shown.filter((node) => box(node).left < left || box(node).right > right);
    // Above and below its letters a line has air.
    const common = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
    const meet = (a, b) => common(a, b, "left", "right") > 1
        && common(a, b, "top", "bottom") > 0.4 * Math.min(a.height, b.height);
    const over = shown.flatMap((one, i) => shown.slice(i + 1)
        .filter((other) => meet(box(one), box(other)))
        .map((other) => `${say(one)} and ${say(other)}`));
    return [outside.map(say), over];
}"""


@pytest.mark.parametrize("name", [*VIEWS, *EXTREMES])
def test_words_in_pictures_can_be_read(show, name):
    host = show({**VIEWS, **EXTREMES}[name]())
    for button in ("Next", "Next", "Last"):
        assert host.evaluate(WORDS) == [[], []]
        if host.get_by_role("button", name="Next").count():
            press(host, button)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_chooses_light_or_dark(page, show, scheme):
    page.emulate_media(color_scheme=scheme)
    host = show(stepper(CLASSIC))
    paper, ink = colours(host)
    assert (sum(paper) > 600 and sum(ink) < 200) == (scheme == "light")
    assert (sum(paper) < 200 and sum(ink) > 600) == (scheme == "dark")


def test_jupyter_has_the_last_word_on_colours(page, show):
    page.emulate_media(color_scheme="dark")
    host = show(stepper(CLASSIC))
    page.add_style_tag(
        content=":root { --jp-layout-color1: #fefdfc; --jp-content-font-color1: #010203; }"
    )
    assert colours(host) == ([254, 253, 252], [1, 2, 3])


def colours(host):
    style = host.evaluate(
        "(h) => { const s = getComputedStyle(h.shadowRoot.querySelector('.card'));"
        " return [s.backgroundColor, s.color]; }"
    )
    return tuple([int(part) for part in re.findall(r"\d+", colour)[:3]] for colour in style)


def test_less_motion_is_respected(page, show):
    page.emulate_media(reduced_motion="reduce")
    host = show(stepper(CLASSIC))
    assert host.get_by_role("combobox", name="Speed").input_value() == "0.5"
    moving = host.evaluate(
        "(h) => [...h.shadowRoot.querySelectorAll('*')].filter((n) => n.getAnimations().length)"
        ".length"
    )
    assert moving == 0
