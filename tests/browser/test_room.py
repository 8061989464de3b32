"""A picture fits the screen with all its controls, and nothing moves while it is used."""

import re

import pytest

from emlib import BinomialMixture, SaddleWarning, Tosses, run_em
from emlib.steppers import stepper
from tests.browser.pictures import PICTURES, QUICK, WIDTHS, WITH_HANDLES
from tests.slowly import slowly

pytestmark = pytest.mark.browser

# What JupyterLab's bars leave of a laptop's screen, and a browser of a phone's.
LAPTOP, PHONE = (1366, 640), (390, 664)
PLACES = """(host) => [host, ...host.shadowRoot.querySelectorAll("*")]
    .filter((node) => !node.closest("svg svg, .words > *, .tables *"))
    .map((node) => [node.tagName, node.ariaLabel ?? node.title ?? "",
        ...["x", "y", "width", "height"].map((side) => node.getBoundingClientRect()[side])])
    .filter(([tag]) => ["DIV", "P", "FIGURE", "FIGCAPTION", "BUTTON", "INPUT", "SELECT", "DETAILS",
        "SUMMARY", "svg"].includes(tag))"""

# What holds words that need more room than it has, up to a pixel of rounding.
TOO_LARGE = """(host) => [...host.shadowRoot.querySelectorAll(".words, figcaption, button")]
    .filter((node) => node.scrollHeight > node.clientHeight + 1
        || node.scrollWidth > node.clientWidth + 1)
    .map((node) => node.textContent)"""
SCALES = """(host) => [...host.shadowRoot.querySelectorAll(".box > svg")]
    .map((node) => node.getBoundingClientRect().width / node.viewBox.baseVal.width)"""


def opened(page, show, name, width, height=900):
    page.set_viewport_size({"width": width, "height": height})
    host = show(PICTURES[name], folded=True)
    host.evaluate(f"(host) => {{ host.style.maxWidth = '{WIDTHS[width]}px'; }}")
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    return host


@pytest.mark.parametrize(("width", "height"), [LAPTOP, PHONE])
@pytest.mark.parametrize("name", slowly(PICTURES, QUICK))
def test_the_whole_card_fits(page, show, name, width, height):
    host = opened(page, show, name, width)
    card = host.locator(".card").bounding_box()
    assert card["height"] <= height
    assert card["width"] <= width
    tops = [host.locator(part).first.bounding_box()["y"] for part in (".box", ".bar", ".words")]
    assert tops == sorted(tops)  # picture first


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", slowly(PICTURES, QUICK))
def test_nothing_moves_while_one_steps_and_drags(page, show, name, width):
    host = opened(page, show, name, width)
    before = host.evaluate(PLACES)
    assert len(before) > 15

    def check():
        now = host.evaluate(PLACES)
        assert [
            (was, there)
            for was, there in zip(before, now, strict=True)
            if (was[0], was[2:]) != (there[0], there[2:])
        ] == []

    slider = host.get_by_role("slider", name=re.compile("^(Half-step|Step)$"))

    def step_through():
        if slider.count():
            for position in range(0, int(slider.get_attribute("max")) + 1):
                slider.fill(str(position))
                check()

    step_through()
    for ring in host.locator(".handle").all():
        ring.focus()
        for key in ("ArrowRight", "End", "Home", "PageUp"):
            page.keyboard.press(key)
            check()
        step_through()
    if name not in WITH_HANDLES:
        return
    box = host.locator(".handle").first.bounding_box()
    page.mouse.move(box["x"] + 17, box["y"] + 17)
    page.mouse.down()
    for away in (3, 9, 27):
        page.mouse.move(box["x"] + 17 + away, box["y"] + 17 - away)
        page.evaluate("new Promise(requestAnimationFrame)")
        check()
    page.mouse.up()
    check()


@pytest.mark.parametrize(("width", "height"), [LAPTOP, PHONE])
@pytest.mark.parametrize("name", slowly(PICTURES, QUICK))
def test_no_word_is_cut_or_made_small(page, show, name, width, height):
    """What is said has room at every step; drawings are no smaller than they were made for."""
    host = opened(page, show, name, width, height)
    slider = host.get_by_role("slider", name=re.compile("^(Half-step|Step)$"))
    for position in range(int(slider.get_attribute("max")) + 1 if slider.count() else 1):
        if slider.count():
            slider.fill(str(position))
        assert host.evaluate(TOO_LARGE) == [], position
    assert all(abs(scale - 1) < 0.03 for scale in host.evaluate(SCALES))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_words_of_a_saddle_have_room(page, show, width):
    """They are the longest of all ends."""
    start = BinomialMixture([0.3, 0.3], fit_mixing_weights=True)
    with pytest.warns(SaddleWarning):
        run = run_em(start, Tosses([5, 9, 8, 4, 7], 10))
    page.set_viewport_size({"width": width, "height": 900})
    host = show(stepper(run), folded=True)
    host.evaluate(f"(host) => {{ host.style.maxWidth = '{WIDTHS[width]}px'; }}")
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    height = host.locator(".card").bounding_box()["height"]
    host.get_by_role("slider", name="Half-step").press("End")
    assert "EM stopped (saddle): A and B are equal, which" in host.locator(".words").inner_text()
    assert host.evaluate(TOO_LARGE) == []
    assert host.locator(".card").bounding_box()["height"] == height


def test_tables_are_folded_and_remembered(page, show):
    host = show(PICTURES["03b-26"], folded=True)
    assert not host.get_by_role("table").first.is_visible()
    host.get_by_text("Numbers", exact=True).click()
    assert host.get_by_role("table").first.is_visible()
    page.reload()
    assert host.get_by_role("table").first.is_visible()


def test_sizes_follow_the_readers_font(page, show):
    host = show(PICTURES["04a-48"])
    size = "(h) => h.shadowRoot.querySelector('svg .tick').getBoundingClientRect().height"
    before = host.evaluate(size)
    page.add_style_tag(content=":root { --jp-content-font-size1: 21px; }")
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert host.evaluate(size) == pytest.approx(1.5 * before, rel=0.1)


@pytest.mark.parametrize("name", WITH_HANDLES)
def test_no_question_is_answered_before_anything_is_done(page, show, name):
    """Hidden are what is to come of the log-likelihood, and which of two means is higher."""
    host = show(PICTURES[name], folded=True)
    answers = host.locator(".answer")
    assert answers.count() or name == "02b-25"
    assert not any(answer.is_visible() for answer in answers.all())
    assert "log-likelihood −6.502, the maximum" not in host.inner_text()
    ring = host.locator(".handle").first
    ring.focus()
    page.keyboard.press("ArrowRight")
    assert all(answer.is_visible() for answer in answers.all())


def test_escape_leaves_the_card_for_what_is_around_it(page, show):
    host = show(PICTURES["03b-26"])
    page.evaluate(
        """() => {
            const cell = document.querySelector("main");
            cell.tabIndex = -1;
            window.heard = 0;
            cell.addEventListener("keydown", ({ key }) => { window.heard += key === "Escape"; });
        }"""
    )
    for inside in (".handle", "button", "input", "select", "summary"):
        host.locator(inside).first.focus()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "MAIN", inside
    assert page.evaluate("window.heard") == 5
