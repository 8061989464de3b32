"""What a stepper sends to the page; what the page does with it is tested in tests/browser."""

import base64
import json
import re
from html.parser import HTMLParser
from io import BytesIO

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from emlib import BinomialMixture, GaussianMixture, Run, SaddleWarning, StopReason, Tosses, run_em
from emlib.models.gaussian.prior import CovariancePrior
from emlib.palette import COMPONENT_DASHES
from emlib.steppers.runs import Interactive, climb, encode, stepper

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)


@pytest.fixture(scope="module")
def run() -> Run:
    return run_em(BinomialMixture([0.6, 0.5]), TOSSES)


def sent(shown: Interactive) -> dict:
    """Read back what the HTML hands to `mount`."""
    found = re.search(r"\nmount\(document\.currentScript, (\{.*\}), \w+\);\n", shown.html())
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
    hostile = Run(run.steps, StopReason.CONVERGED, "</script><b>bold</b><!--")
    page = Page(stepper(hostile).html().replace(stepper(hostile).picture.html(), ""))
    assert [tag for tag, _ in page.tags] == ["div", "p", "script"]
    assert page.open == []
    assert sent(stepper(hostile))["run"]["message"] == hostile.message


def test_the_same_run_gives_the_same_html(run):
    assert stepper(run).html() == stepper(run).html()


def test_jupyter_gets_html_a_picture_for_paper_and_words(run):
    bundle = stepper(run)._repr_mimebundle_()
    assert sorted(bundle) == ["image/png", "text/html", "text/plain"]
    printed = base64.b64decode(bundle["image/png"])
    with (
        Image.open(BytesIO(printed)) as image,
        Image.open(BytesIO(stepper(run).picture.png)) as live,
    ):
        assert (image.mode, image.size) == ("P", live.size)
    assert len(printed) <= 25_000
    assert "theta A goes from 0.600 to 0.797" in bundle["text/plain"]
    assert "from -33.094 to -31.570 nats" in bundle["text/plain"]


def test_it_opens_at_the_iteration_asked_for(run):
    assert sent(stepper(run, start_at=3))["position"] == 6


@pytest.mark.filterwarnings("ignore::emlib.SaddleWarning")
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
    with pytest.raises(ValueError, match="coin must be one of the 2 coins, from 0 to 1, not 2"):
        climb(run, coin=2)


def gaussian_run(n: int, d: int, k: int, iterations: int) -> Run:
    rng = np.random.default_rng(1)
    start = GaussianMixture(np.full(k, 1 / k), rng.normal(size=(k, d)), [np.eye(d)] * k)
    return run_em(start, rng.normal(size=(n, d)), tol=0, max_iter=iterations)


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("k", [1, 3])
def test_gaussians_send_points_and_every_parameter(d, k):
    run = gaussian_run(n=20, d=d, k=k, iterations=4)
    spec = sent(stepper(run))
    np.testing.assert_array_equal(decode(spec["data"]["points"]).reshape(-1, d), run.data)
    parameters = spec["run"]["steps"]["parameters"]
    for name, size in (("mixing_weights", k), ("means", k * d)):
        expected = run.trace(name).reshape(-1, size)
        np.testing.assert_array_equal(decode(parameters[name]).reshape(-1, size), expected)
    L = decode(parameters["factors"]).reshape(-1, k, d, d)
    np.testing.assert_allclose(L @ L.swapaxes(-1, -2), run.trace("covariances"), rtol=1e-14)
    assert stepper(run).picture.png.startswith(b"\x89PNG")


def test_a_stepper_is_small_in_a_saved_notebook():
    """1,000 points and 40 iterations take at most 160 kB, with the picture for paper."""
    run = gaussian_run(n=1000, d=2, k=3, iterations=40)
    assert len(run) == 41
    cell = new_code_cell(outputs=[new_output("display_data", stepper(run)._repr_mimebundle_())])
    notebook = nbformat.writes(new_notebook(cells=[cell]))
    assert len(notebook.encode()) - len(nbformat.writes(new_notebook()).encode()) <= 160_000


def test_the_climb_tells_the_browser_how_the_run_went(run):
    spec = sent(climb(run))
    assert spec["options"] == {"fitWeights": False, "alone": None}
    assert not spec["rerun"]
    fitted = run_em(BinomialMixture([0.6, 0.5], fit_mixing_weights=True), TOSSES, max_iter=2)
    assert sent(climb(fitted))["options"]["fitWeights"]


def test_the_climb_of_one_coin_says_its_way(run):
    shown = climb(run, coin=0)
    assert sent(shown)["options"]["alone"] == 0
    assert sent(shown)["rerun"]
    start = BinomialMixture([0.6, 0.5])
    first = start.m_step(TOSSES, start.e_step(TOSSES)).theta[0]
    assert f"0.600, {first:.3f}" in shown.picture.alt
    assert shown.picture.alt != climb(run).picture.alt


def test_the_still_climb_of_one_coin_ends_where_that_coin_alone_comes_to_rest():
    """Where both move, EM ends at -31.570; with theta_B held at 0.5, its best is -31.581."""
    run = run_em(BinomialMixture([0.1, 0.5]), TOSSES)
    grid = np.linspace(0.5, 0.999, 500)
    best = max(BinomialMixture([a, 0.5]).log_likelihood(TOSSES) for a in grid)
    assert f"{best:.3f}" == "-31.581"
    words = climb(run, coin=0).picture.alt
    assert "0.100, 0.411, 0.581, 0.705" in words
    assert "climbs from -38.064 to -31.581 nats. EM stopped (converged)" in words


def test_coins_that_start_equal_part_where_one_is_held():
    with pytest.warns(SaddleWarning):
        run = run_em(BinomialMixture([0.5, 0.5]), TOSSES)
    assert "to -31.581 nats. EM stopped (converged)" in climb(run, coin=0).picture.alt


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_every_covariance_type_sends_its_factors(covariance_type):
    rng = np.random.default_rng(2)
    start = GaussianMixture(
        [0.4, 0.6], [[0, 0], [3, 3]], [np.eye(2)] * 2, covariance_type=covariance_type
    )
    run = run_em(start, rng.normal(size=(30, 2)) * [1, 3], max_iter=3)
    spec = sent(stepper(run))
    L = decode(spec["run"]["steps"]["parameters"]["factors"]).reshape(-1, 2, 2, 2)
    np.testing.assert_allclose(L @ L.swapaxes(-1, -2), run.trace("covariances"), atol=1e-14)
    options = {"covarianceType": covariance_type, "fitWeights": True, "movable": True}
    assert spec["options"] == options


def test_what_the_browser_does_not_iterate_itself_is_not_offered():
    prior = CovariancePrior([[1.0]], strength=2)
    start = GaussianMixture([0.5, 0.5], [[0.0], [1.0]], [[[1.0]]] * 2, prior=prior)
    assert not sent(stepper(run_em(start, [[0.0], [1.0], [5.0]])))["options"]["movable"]


def test_rows_that_count_more_than_once_say_so():
    weighted = Tosses([5, 9], flips=10, row_weights=[3, 2.5])
    spec = sent(stepper(run_em(BinomialMixture([0.6, 0.5]), weighted)))
    np.testing.assert_array_equal(decode(spec["data"]["weights"]), [3, 2.5])
