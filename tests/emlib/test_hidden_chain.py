"""What notebook 07 brings along: stand-ins that agree with the key, pictures with true words."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from emlib import BinomialMixture, HiddenMarkov, Tosses, run_em
from emlib.plots.hidden_chain import in_order, moves, posteriors
from emlib.stand_ins import hidden_chain as stand_ins
from emlib.steppers import flows
from key import hidden_chain as key


@pytest.mark.parametrize("name", key.__all__)
def test_a_stand_in_gives_what_the_key_gives(name):
    stand_in, exercise = getattr(stand_ins, name), getattr(key, name)
    for arguments in [*exercise.examples, *exercise.cases(np.random.default_rng(1))]:
        for ours, right in zip(stand_in(*arguments), exercise.answer(*arguments), strict=True):
            np.testing.assert_allclose(ours, right, rtol=1e-9, atol=1e-9)


PICTURES = {
    "in_order": (
        lambda: in_order([4, 1.5, 2, 5], ylabel="x", border=3, below="short", above="long"),
        "4 values of x in their order, from 1.50 to 5.00, 2 of them short and 2 long: lssl.",
    ),
    "posteriors": (
        lambda: posteriors(
            {"one": [0.9, 0.2, 0.1, 0.7], "two": [0.1] * 4}, "A", [True, True, False, True]
        ),
        "(rows 1 to 2, 4 to 4). one: right in 75% of the rows; two: right in 25% of the rows.",
    ),
    "moves": (
        lambda: moves([[0.9, 0.1], [0.3, 0.7]], [[1, 2.04], [3, 4]], ("dry", "wet"), 11),
        "rows 1 to 2 of 11: dry likelier than not in 1, wet likelier than not in 1. Expected "
        "moves between all rows: from dry 1.0 to dry, 2.0 to wet; from wet 3.0 to dry, 4.0 to wet",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_and_its_words(name):
    draw, words = PICTURES[name]
    picture = draw()
    pixels = imread(io.BytesIO(picture.png))
    assert pixels.shape[1] > 500
    assert pixels[..., :3].std() > 0.01  # something is drawn
    assert words in picture.alt


START = HiddenMarkov.discrete([[0.9, 0.1], [0.2, 0.8]], [[0.8, 0.2], [0.3, 0.7]])
RUN = run_em(START, START.sample([40, 30], rng=0)[0], max_iter=3)


def test_flows_hold_every_e_step():
    shown = flows(RUN, states=("dry", "wet"), rows=50)
    assert (shown.spec["states"], shown.spec["n"]) == (["dry", "wet"], 70)
    for sent, step in zip(shown.spec["steps"], RUN, strict=True):
        q = step.expectation
        assert sent["height"] == step.log_likelihood
        np.testing.assert_allclose(sent["r"], q.responsibilities[:50], atol=5e-4)
        np.testing.assert_allclose(sent["moves"], q.pairs, atol=5e-4)
        np.testing.assert_allclose(sent["A"], step.model.transitions, atol=5e-4)
    # What the picture says: moves, divided by all from there, are the next transitions.
    given = np.array(shown.spec["steps"][0]["moves"])
    following = given / given.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shown.spec["steps"][1]["A"], following, atol=1e-3)
    assert len(flows(RUN).spec["steps"][0]["r"]) == 60


def test_flows_refuse_what_they_cannot_show():
    with pytest.raises(TypeError, match="what run_em returned for a HiddenMarkov"):
        flows(run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9], flips=10)))
    with pytest.raises(TypeError, match="what run_em returned for a HiddenMarkov"):
        flows(START)
    with pytest.raises(ValueError, match="one name for each of the 2 states, not 1"):
        flows(RUN, states=["dry"])
    many = HiddenMarkov.discrete(np.full((7, 7), 1 / 7), np.full((7, 2), 0.5))
    with pytest.raises(ValueError, match="at most 6 states, not 7"):
        flows(run_em(many, np.arange(20) % 2, max_iter=1))
    with pytest.raises(ValueError, match="rows must be"):
        flows(RUN, rows=0)
