"""All that a live picture shows or says can be translated.

In a pseudo-translation each message stands in brackets; what stands outside was written where no
translator finds it.
"""

import copy
import re

import pytest

from emlib import words
from emlib.steppers.runs import Interactive
from tests.browser.pictures import PICTURES
from tests.pseudo import CLOSE, OPEN, Pseudo, bare

pytestmark = pytest.mark.browser

ONE_OF_EACH = {shown.show: name for name, shown in PICTURES.items()}
NAMES = {"log", "expm", "rA", "rB", "qt"}  # of functions and symbols: the same in every language
WITH_WORDS = "p, text, th, td, caption, figcaption, button, option, summary, label > span, .phase"
SAID = f"""(host) => [
    ...[...host.shadowRoot.querySelectorAll("{WITH_WORDS}")].map((node) => node.textContent),
    host.shadowRoot.querySelector(".status").textContent,
    ...[...host.shadowRoot.querySelectorAll("*")].flatMap((node) =>
        ["aria-label", "title", "aria-valuetext", "aria-roledescription"].map((name) =>
            node.getAttribute(name))),
].filter(Boolean)"""


def bare_words(host):
    """Return what a picture shows or says outside of brackets, and which words these are."""
    said = host.evaluate(SAID)
    assert len(said) > 20
    left = {text: set(bare(text)) - NAMES for text in said}
    return {text: words for text, words in left.items() if words}


def anonymous(shown):
    """Return a picture without the words that its notebook gave it, and without why it stopped.

    That is said in English, as errors are.
    """
    spec = copy.deepcopy(dict(shown.spec))
    spec |= {"states": ["A", "B"]} if "states" in spec else {}
    spec |= {"axes": ["x", "y"]} if "axes" in spec else {}
    spec |= {"runs": [{**run, "name": "A"} for run in spec["runs"]]} if "runs" in spec else {}
    spec |= {"run": {**spec["run"], "message": "", "reason": ""}} if "run" in spec else {}
    return Interactive(shown.picture, spec, shown.show, shown.module)


class Parted(Pseudo):
    """A pseudo-translation in which values stand outside of the brackets of what they stand in."""

    def gettext(self, message):
        return super().gettext(re.sub(r"(\{\d+\})", rf"{CLOSE}\1{OPEN}", message))


@pytest.mark.parametrize("name", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_a_live_picture_holds_no_bare_word(page, show, monkeypatch, name):
    monkeypatch.setattr(words, "translation", Parted())
    host = show(anonymous(PICTURES[name]))
    slider = host.get_by_role("slider", name=re.compile("Half-step|Step"))
    for position in range(int(slider.get_attribute("max")) + 1 if slider.count() else 1):
        if slider.count():
            slider.fill(str(position))
        assert bare_words(host) == {}
    for ring in host.locator(".handle").all()[:1]:
        ring.press("ArrowRight")
        assert bare_words(host) == {}
