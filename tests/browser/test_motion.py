"""Between two half-steps what is drawn travels, and it waits for no one."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from emlib import BinomialMixture, GaussianMixture, Tosses, run_em
from emlib.steppers import stepper

pytestmark = pytest.mark.browser

COINS = run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10))


@pytest.fixture(scope="module")
def clouds():
    rng = np.random.default_rng(0)
    points = np.vstack([rng.normal(size=(25, 2)), rng.normal([7, 3], [0.8, 1.5], (15, 2))])
    start = GaussianMixture([0.5, 0.5], [[1, 0], [4, 4]], [np.eye(2)] * 2)
    return run_em(start, points, max_iter=6)


@pytest.fixture
def moving(page, show):
    """Show a picture to readers who like motion, on a page whose clock stands still."""

    def open_page(run):
        page.emulate_media(reduced_motion="no-preference")
        page.clock.install(time="2000-01-01")
        host = show(stepper(run))
        page.clock.pause_at("2000-01-02")
        return host

    return open_page


def centres(host):
    """Return the centre of each component's ellipses, shape (k, 2)."""
    paths = host.evaluate(
        "(h) => [...h.shadowRoot.querySelectorAll('svg.clip .line[stroke]')]"
        ".map((n) => n.getAttribute('d'))"
    )
    corners = [np.reshape(re.findall(r"-?\d+\.?\d*", d), (-1, 2)).astype(float) for d in paths]
    return np.array([path[:64].mean(axis=0) for path in corners])


def press(host, name):
    host.get_by_role("button", name=name, exact=True).click()


def test_half_way_through_an_m_step_an_ellipse_is_half_way(page, moving, clouds):
    host = moving(clouds)
    press(host, "Next")
    page.clock.run_for(300)
    before = centres(host)
    press(host, "Next")
    assert_allclose(centres(host), before, atol=0.02)
    page.clock.run_for(125)
    middle = centres(host)
    page.clock.run_for(150)
    after = centres(host)
    assert np.abs(after - before).max() > 20
    # The last frame may have been 16 of the 250 milliseconds ago.
    assert_allclose(middle, (before + after) / 2, atol=0.11 * np.abs(after - before).max())
    page.clock.run_for(1000)
    assert_allclose(centres(host), after)


def test_a_new_step_sets_out_from_where_the_last_one_is(page, moving, clouds):
    host = moving(clouds)
    press(host, "Next")
    page.clock.run_for(300)
    before = centres(host)
    press(host, "Next")
    page.clock.run_for(125)
    middle = centres(host)
    press(host, "Previous")
    assert_allclose(centres(host), middle, atol=0.02)
    page.clock.run_for(300)
    assert_allclose(centres(host), before, atol=0.02)


def heights(host):
    return host.evaluate(
        "(h) => [...h.shadowRoot.querySelectorAll('rect[fill]')]"
        ".map((n) => Number(n.getAttribute('height')))"
    )


def test_bars_and_ribbons_of_coins_travel(page, moving):
    host = moving(COINS)
    for _ in range(2):
        press(host, "Next")
        page.clock.run_for(300)
    ribbon = "(h) => h.shadowRoot.querySelector('.flow').getAttribute('d')"
    before, way = heights(host), [host.evaluate(ribbon)]
    press(host, "Next")
    page.clock.run_for(125)
    middle = heights(host)
    way.append(host.evaluate(ribbon))
    page.clock.run_for(300)
    way.append(host.evaluate(ribbon))
    assert_allclose(middle, (np.array(before) + heights(host)) / 2, atol=0.5)
    assert len(set(way)) == 3


@pytest.mark.parametrize("how", ["less motion", "playing fast", "slider", "drag"])
def test_no_motion(page, moving, clouds, how):
    host = moving(clouds)
    if how == "less motion":
        page.emulate_media(reduced_motion="reduce")
        press(host, "Next")
        press(host, "Next")
    elif how == "playing fast":
        host.get_by_role("combobox", name="Speed").select_option("8")
        press(host, "Play")
        page.clock.run_for(260)
        press(host, "Pause")
    elif how == "slider":
        host.get_by_role("slider", name="Half-step").fill("2")
    else:
        ring = host.locator(".handle").first
        ring.focus()
        page.keyboard.press("PageUp")
    there = centres(host)
    page.clock.run_for(300)
    assert_allclose(centres(host), there)
    if how != "drag":
        press(host, "First")
        page.clock.run_for(300)
        assert np.abs(centres(host) - there).max() > 5
