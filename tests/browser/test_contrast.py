"""What is drawn can be told from its background in all colours that a reader may choose."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.browser.pictures import DARK, LIGHT, PICTURES
from tests.browser.test_pages import EXTREMES, VIEWS, press
from tests.slowly import slowly

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::emlib.SaddleWarning")]

OWN = ":root {}"
COLOURS = {
    "light": (OWN, {"color_scheme": "light"}),
    "dark": (OWN, {"color_scheme": "dark"}),
    "Jupyter": (LIGHT, {"color_scheme": "light"}),
    "Jupyter, dark": (DARK, {"color_scheme": "light"}),
    # Exported notebooks carry the light theme whatever their reader has chosen.
    "forced, light": (LIGHT, {"color_scheme": "light", "forced_colors": "active"}),
    "forced, dark": (LIGHT, {"color_scheme": "dark", "forced_colors": "active"}),
}
# As the Web Content Accessibility Guidelines 2.2 ask for, in 1.4.3 and 1.4.11.
OF_TEXT, OF_MARKS = 4.5, 3
MARKS = (
    ".axis, .line, .ahead, .dot, .mark, .gap, .ring, .side, .stops, .way, rect.heads, rect.tails"
)
PAINTS = """(host, shapes) => [...host.shadowRoot.querySelectorAll(shapes)]
    .filter((node) => node.getBoundingClientRect().width || node.getBoundingClientRect().height)
    .map((node) => {
        const { fill, stroke, color, backgroundColor } = getComputedStyle(node);
        const name = `${node.tagName} ${node.getAttribute("class")} ${node.textContent}`;
        return [name, node instanceof SVGElement ? [fill, stroke] : [color, backgroundColor]];
    })"""


def seen(paint: str, background: tuple[float, ...] = (1, 1, 1)) -> tuple[float, ...]:
    """Return the shares of red, green and blue of a CSS colour on a background."""
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+(?:e-\d+)?", paint))
    share, whole = alpha[0] if alpha else 1, 1 if paint.startswith("color(") else 255
    return tuple(
        share * part / whole + (1 - share) * below
        for part, below in zip((red, green, blue), background, strict=True)
    )


def luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(paint: str, background: str) -> float:
    below = seen(background)
    lower, higher = sorted(map(luminance, (seen(paint, below), below)))
    return (higher + 0.05) / (lower + 0.05)


def dressed(page, host, colours):
    theme, media = COLOURS[colours]
    page.emulate_media(**media)
    page.add_style_tag(content=theme)
    return host


SHOWN = {
    **VIEWS,
    **{name: EXTREMES[name] for name in ("thirty coins", "thirty Gaussians")},
    "race": lambda: next(one for one in PICTURES.values() if one.show == "race"),
}


def test_contrast_is_that_of_the_guidelines():
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("name", slowly(SHOWN, "coins", "plane", "race"))
def test_words_and_marks_stand_out(page, show, name, colours):
    host = dressed(page, show(SHOWN[name]()), colours)
    for button in ["Next", "Next"] if host.get_by_role("button", name="Next").count() else [None]:
        if button:
            press(host, button)
        [[_, [_, background]]] = host.evaluate(PAINTS, ".card")
        found = {}
        for shapes, least in (("svg text", OF_TEXT), (MARKS, OF_MARKS)):
            drawn = host.evaluate(PAINTS, shapes)
            assert drawn
            for what, paints in drawn:
                best = max(contrast(paint, background) for paint in paints if paint != "none")
                if best < least:
                    found[what] = round(best, 2)
        assert found == {}


@pytest.mark.parametrize("colours", COLOURS)
def test_the_half_step_stands_out(page, show, colours):
    host = dressed(page, show(VIEWS["coins"]()), colours)
    press(host, "Next")
    [[_, lit]], [[_, unlit]], [[_, card]] = (
        host.evaluate(PAINTS, shape) for shape in (".phase.on", ".phase:not(.on)", ".card")
    )
    assert contrast(*lit) >= OF_TEXT
    assert contrast(unlit[0], card[1]) >= OF_TEXT
    assert contrast(lit[1], card[1]) >= OF_MARKS
    # Where colours are forced, browsers may lay a plate of their own under letters: so look at it.
    shot = Image.open(BytesIO(host.locator(".phase.on").screenshot())).convert("L")
    rows = np.asarray(shot).astype(int)
    strokes = (np.abs(np.diff(np.where(rows > 128, 1, 0), axis=1)).sum(axis=1)).max()
    assert strokes >= 8, "the letters cannot be seen"
