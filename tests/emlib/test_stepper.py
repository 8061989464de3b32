"""What a stepper sends to the page; what the page does with it is tested in tests/browser."""

import base64
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from emlib import BinomialMixture, Run, StopReason, Tosses, run_em
from emlib.palette import COMPONENT_DASHES
from emlib.stepper import FRONT_END, STYLE, Interactive, encode, stepper

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)


@pytest.fixture(scope="module")
def run() -> Run:
    return run_em(BinomialMixture([0.6, 0.5]), TOSSES)


def sent(shown: Interactive) -> dict:
    """Read back what the HTML hands to `mount`."""
    found = re.search(r"\nmount\(document\.currentScript, (\{.*\})\);\n", shown.html())
    assert found
    return json.loads(found.group(1))


def decode(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype="<f8")


class Page(HTMLParser):
    """The elements of a page, what a reader without scripts sees, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.visible = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] != "script":
            self.visible += data


def test_the_page_gets_every_step_exactly(run):
    spec = sent(stepper(run))
    steps = spec["run"]["steps"]
    np.testing.assert_array_equal(decode(steps["log_likelihood"]), run.log_likelihoods)
    theta = decode(steps["parameters"]["theta"]).reshape(-1, 2)
    np.testing.assert_array_equal(theta, run.trace("theta"))
    np.testing.assert_array_equal(decode(spec["data"]["heads"]), TOSSES.heads)
    assert spec["run"]["reason"] == "converged"


def test_the_html_is_one_complete_piece(run):
    page = Page(stepper(run).html())
    assert [tag for tag, _ in page.tags] == ["div", "img", "p", "script"]
    assert page.open == []
    picture = page.tags[1][1]
    assert picture["alt"] == stepper(run).picture.alt
    assert picture["src"].startswith("data:image/png;base64,")
    assert "still picture" in page.visible


def test_nothing_is_loaded_from_elsewhere(run):
    text = stepper(run).html().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|@import|url\(|fetch\(|import\(|XMLHttpRequest", text)


def test_text_in_the_data_cannot_leave_the_script(run):
    hostile = Run(run.steps, StopReason.CONVERGED, "</script><!--<img src=x onerror=alert(1)>")
    page = Page(stepper(hostile).html().replace(stepper(hostile).picture.html(), ""))
    assert [tag for tag, _ in page.tags] == ["div", "p", "script"]
    assert sent(stepper(hostile))["run"]["message"] == hostile.message


def test_the_front_end_can_stand_inside_a_script():
    for file in (FRONT_END, STYLE):
        text = file.read_text(encoding="utf-8")
        assert "</script" not in text.lower() and "<!--" not in text


def test_the_same_run_gives_the_same_html(run):
    assert stepper(run).html() == stepper(run).html()


def test_jupyter_gets_html_and_words(run):
    bundle = stepper(run)._repr_mimebundle_()
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert "theta A goes from 0.600 to 0.797" in bundle["text/plain"]
    assert "from -33.094 to -31.570 nats" in bundle["text/plain"]


def test_it_opens_at_the_iteration_asked_for(run):
    assert sent(stepper(run, start_at=3))["position"] == 6


@pytest.mark.parametrize("theta", [[0.3], [0.5, 0.5], [0.0, 1.0, 0.5], [0.1, 0.2, 0.3, 0.4]])
@pytest.mark.parametrize("heads", [[3], [0, 10], [10] * 40])
def test_extremes_have_a_still_picture_and_data(theta, heads):
    short = run_em(BinomialMixture(theta), Tosses(heads, flips=10), max_iter=3)
    shown = stepper(short)
    assert len(decode(sent(shown)["run"]["steps"]["log_likelihood"])) == len(short)
    assert shown.picture.png.startswith(b"\x89PNG")


def test_every_style_of_the_palette_reaches_the_page(run):
    palette = sent(stepper(run))["palette"]
    assert len(palette["dashes"]) == len(COMPONENT_DASHES) == len(set(palette["dashes"]))
    assert palette["dashes"][0] == ""
    assert all(re.fullmatch(r"[\d. ]+", dash) for dash in palette["dashes"][1:])


def test_encode_is_exact():
    values = np.array([0.1, -1e-300, np.pi, -np.inf])
    np.testing.assert_array_equal(decode(encode(values)), values)


def test_bad_arguments_are_named(run):
    with pytest.raises(TypeError, match="run must be what run_em returned, not list"):
        stepper([])
    with pytest.raises(ValueError, match="start_at must be an iteration of the run, 0 to "):
        stepper(run, start_at=len(run))
