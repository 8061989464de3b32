"""While something is dragged, a frame holds one piece of work, and EM goes on between frames."""

import numpy as np
import pytest
from playwright.sync_api import expect

from emlib import GaussianMixture, run_em
from emlib.steppers import stepper
from emlib.steppers.runs import MOST_ITERATIONS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def many():
    """A run of 8 Gaussians on 2,000 points: far more work than fits between two frames."""
    rng = np.random.default_rng(1)
    points = np.vstack([rng.normal(centre, 1, (250, 2)) for centre in rng.uniform(0, 12, (8, 2))])
    start = GaussianMixture([1 / 8] * 8, rng.uniform(0, 12, (8, 2)), [4 * np.eye(2)] * 8)
    return run_em(start, points, max_iter=3)


def moved(host, key):
    """Press a key on the first ring; return the sentence and the ring's place right after it."""
    return host.evaluate(
        """(host, key) => {
            const ring = host.shadowRoot.querySelector(".handle");
            ring.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            const words = host.shadowRoot.querySelector(".status").textContent;
            return [words, ring.getAttribute("aria-valuenow")];
        }""",
        key,
    )


def run_from(many, x):
    """Return EM from the start whose first mean has that first coordinate."""
    means = many[0].model.means.copy()
    means[0, 0] = float(x)
    start = GaussianMixture([1 / 8] * 8, means, [4 * np.eye(2)] * 8)
    return run_em(start, many.data, max_iter=MOST_ITERATIONS)


def test_a_move_is_drawn_before_em_is_through(show, many):
    host = show(stepper(many))
    moved(host, "ArrowRight")
    words, x = moved(host, "ArrowRight")  # while EM from the last start is still on its way
    assert words.startswith("Start: ")
    run = run_from(many, x)
    status = host.locator(".status")
    expect(status).to_contain_text(f"Start, before iteration 1 of {len(run) - 1}: ")
    host.get_by_role("button", name="Last").click()
    expect(status).to_contain_text(f"log-likelihood −{-run.log_likelihood:.3f}.")


def test_who_does_not_wait_gets_the_same_numbers(show, many):
    host = show(stepper(many))
    words, x = moved(host, "PageUp")
    assert words.startswith("Start: ")
    host.evaluate("(host) => host.shadowRoot.querySelector('[aria-label=Last]').click()")
    expect(host.locator(".status")).to_contain_text(
        f"log-likelihood −{-run_from(many, x).log_likelihood:.3f}."
    )


def test_of_many_moves_between_two_frames_one_is_drawn(page, show, many):
    host = show(stepper(many))
    box = host.locator(".handle").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    drawn = host.evaluate(
        """async (host, [x, y]) => {
            const ring = host.shadowRoot.querySelector(".handle");
            const places = [];
            new MutationObserver((all) => places.push(all.length))
                .observe(ring, { attributeFilter: ["transform"] });
            for (let move = 1; move <= 20; move += 1) {
                const at = { clientX: x + move, clientY: y, pointerId: 1, bubbles: true };
                ring.dispatchEvent(new PointerEvent("pointermove", at));
            }
            const before = places.length;
            await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
            return [before, places];
        }""",
        [x, y],
    )
    assert drawn == [0, [1]]
    page.mouse.up()
