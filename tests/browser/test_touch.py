"""Every handle follows a finger, and beside the handles a finger scrolls the page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pictures import PICTURES, QUICK, WITH_HANDLES
from tests.slowly import slowly

pytestmark = pytest.mark.browser

MOVES = 15
STEP = 4  # pixels a move
# Far more page than the screen holds, above and below the picture.
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
<meta name="viewport" content="width=device-width"></head>
<body><div style="height: 2000px"></div>{}<div style="height: 2000px"></div></body></html>"""
COUNT = """(host) => {
    const seen = { pointermove: 0, pointercancel: 0 };
    for (const kind in seen) host.shadowRoot.addEventListener(kind, () => { seen[kind] += 1; });
    return seen;
}"""
TWO_FRAMES = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"


class Finger:
    """A finger on the screen of a small phone that shows one picture."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.screen = page.context.new_cdp_session(page)

    def _touch(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        self.screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(self, x: float, y: float, dx: float, dy: float) -> dict[str, float]:
        """Touch at (x, y), move by (dx, dy) again and again; return what came of it."""
        seen = self.page.locator(".emlib").evaluate_handle(COUNT)
        before = self.page.evaluate("scrollY")
        self._touch("touchStart", (x, y))
        for move in range(1, MOVES + 1):
            self._touch("touchMove", (x + move * dx, y + move * dy))
        self._touch("touchEnd")
        self.page.evaluate(TWO_FRAMES)  # by then, scrolling is done
        scrolled = abs(self.page.evaluate("scrollY") - before)
        return {**seen.json_value(), "scrolled": scrolled}


@pytest.fixture
def finger(new_context: Callable[..., Any], tmp_path: Path) -> Callable[[str], Finger]:
    """Open a picture on a phone."""

    def open_picture(name: str) -> Finger:
        file = tmp_path / "page.html"
        file.write_text(PAGE.format(PICTURES[name].html()), encoding="utf-8")
        context = new_context(
            has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
        )
        context.set_offline(True)
        page = context.new_page()
        page.goto(file.as_uri())
        return Finger(page)

    return open_picture


def middle(locator: Any) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def to_the_middle_of_the_screen(node: Any) -> None:
    node.evaluate("(node) => node.scrollIntoView({ block: 'center' })")


@pytest.mark.parametrize("name", WITH_HANDLES)
def test_every_handle_follows_a_finger(finger, name):
    hand = finger(name)
    handles = hand.page.locator(".handle")
    assert handles.count()
    for handle in handles.all():
        to_the_middle_of_the_screen(handle)
        x, y = middle(handle)
        panel = handle.locator("xpath=ancestor::*[local-name() = 'svg']").bounding_box()
        # Away from the nearer side, so that the axis does not end before the drag does.
        dx = STEP if x < panel["x"] + panel["width"] / 2 else -STEP
        dy = STEP if y < panel["y"] + panel["height"] / 2 else -STEP
        assert hand.drag(x, y, dx, dy) == {"pointermove": MOVES, "pointercancel": 0, "scrolled": 0}
        at, _ = middle(handle)
        assert at == pytest.approx(x + MOVES * dx, abs=1)


@pytest.mark.parametrize("name", slowly(PICTURES, QUICK))
def test_a_target_is_as_large_as_a_fingertip(finger, name):
    """24 pixels each way, as the Web Content Accessibility Guidelines 2.2 ask for in 2.5.8."""
    hand = finger(name)
    for handle in hand.page.locator(".handle").all():
        box = handle.bounding_box()
        assert min(box["width"], box["height"]) >= 24
    for control in hand.page.locator("button, select, input, summary").all():
        assert control.bounding_box()["height"] >= 24


@pytest.mark.parametrize("kind", ["mouse", "pen"])
@pytest.mark.parametrize("name", slowly(PICTURES, QUICK))
def test_the_nearest_handle_follows_mouse_and_pen(page, show, name, kind):
    host = show(PICTURES[name])
    screen = page.context.new_cdp_session(page)

    def point(action: str, x: float, y: float) -> None:
        screen.send("Input.dispatchMouseEvent", {
            "type": action, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1,
            "pointerType": kind,
        })  # fmt: skip

    for handle in host.locator(".handle").all():
        to_the_middle_of_the_screen(handle)
        x, y = middle(handle)
        others = [middle(other) for other in host.locator(".handle").all()]
        # Beside its centre, on the side that is away from any other handle that overlaps it.
        away = -9 if any(0 < ox - x < 34 and abs(oy - y) < 34 for ox, oy in others) else 9
        point("mousePressed", x + away, y)
        point("mouseMoved", x + away + 20, y)
        point("mouseReleased", x + away + 20, y)
        assert middle(handle)[0] == pytest.approx(x + away + 20, abs=1)


@pytest.mark.parametrize("name", slowly(PICTURES, QUICK))
def test_beside_the_handles_a_finger_scrolls(finger, name):
    hand = finger(name)
    for panel in hand.page.locator(".box").all():
        to_the_middle_of_the_screen(panel)
        box = panel.bounding_box()
        x, y = box["x"] + 4, box["y"] + box["height"] / 2  # where the axis has its title
        assert hand.drag(x, y, 0, -STEP)["scrolled"] >= (MOVES - 5) * STEP


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", WITH_HANDLES)
def test_a_first_move_leaves_the_picture_where_it_is(page, show, name, width):
    page.set_viewport_size({"width": width, "height": 844})
    host = show(PICTURES[name])
    places = """(host) => [...host.shadowRoot.querySelectorAll(".box")]
        .map((box) => box.getBoundingClientRect().top - host.getBoundingClientRect().top)"""
    before = host.evaluate(places)
    host.locator(".handle").first.focus()
    page.keyboard.press("ArrowRight")
    assert host.evaluate(places) == before
