"""A run that a reader's own program computed: as it was computed, and shown like emlib's."""

import numpy as np
import pytest

from emlib import (
    BinomialMixture,
    GaussianMixture,
    PoissonMixture,
    StopReason,
    Tosses,
    as_run,
    run_em,
)
from emlib.steppers import climb, stepper
from tests.emlib.test_stepper import decode, sent

TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)
THETAS = [[0.6, 0.5], [0.7, 0.4], [0.9, 0.1]]  # no run of emlib's
VALUES = [-33.0, -32.0, -31.5]


def own():
    return as_run(map(BinomialMixture, THETAS), TOSSES, VALUES)


def test_each_step_is_what_was_handed_in():
    run = own()
    np.testing.assert_array_equal(run.trace("theta"), THETAS)
    assert run.log_likelihoods.tolist() == VALUES
    assert [step.iteration for step in run] == [0, 1, 2]
    assert run.reason is StopReason.OWN_RULE
    assert not run.converged
    np.testing.assert_allclose(run[1].responsibilities.sum(axis=1), 1)


@pytest.mark.parametrize("show", [stepper, climb])
def test_it_is_what_moves(show):
    shown = show(own())
    steps = sent(shown)["run"]["steps"]
    np.testing.assert_array_equal(decode(steps["parameters"]["theta"]).reshape(-1, 2), THETAS)
    assert decode(steps["log_likelihood"]).tolist() == VALUES
    assert "theta A goes from 0.600 to 0.900" in shown.picture.alt
    assert "EM stopped (own rule): the program that made this run ended it after iteration 2" in (
        shown.picture.alt
    )
    assert not sent(shown)["run"]["leaps"]


def test_gaussians_of_ones_own_are_shown_too():
    points = np.random.default_rng(1).normal(size=(20, 2))
    means = np.array([[[0, 0], [1, 1]], [[0, 1], [2, 2.5]]])
    models = [GaussianMixture([0.5, 0.5], mu, [np.eye(2)] * 2) for mu in means]
    shown = stepper(as_run(models, points, [-80, -70]))
    sent_means = sent(shown)["run"]["steps"]["parameters"]["means"]
    np.testing.assert_array_equal(decode(sent_means), means.ravel())
    assert "mean (2.00, 2.50)" in shown.picture.alt


def test_a_run_of_emlib_comes_back_as_it_was():
    run = run_em(BinomialMixture([0.6, 0.5]), TOSSES)
    again = as_run([step.model for step in run], TOSSES, run.log_likelihoods)
    assert [step.model for step in again] == [step.model for step in run]
    np.testing.assert_array_equal(again[-1].responsibilities, run[-1].responsibilities)


@pytest.mark.parametrize(
    ("models", "values", "error", "message"),
    [
        ([], [], ValueError, "models must hold the start at least"),
        ([BinomialMixture([0.5]), 3], [1, 2], TypeError, r"models\[1\] must be a model .*, not 3"),
        (
            [BinomialMixture([0.5]), PoissonMixture([1.0])],
            [1, 2],
            TypeError,
            r"of one kind, but models\[1\] is a PoissonMixture and models\[0\] a BinomialMixture",
        ),
        ([BinomialMixture([0.5])], [1, 2], ValueError, "one number for each of models: 1, not 2"),
        ([BinomialMixture([0.5])], [np.nan], ValueError, "log_likelihoods must .*finite"),
    ],
)
def test_what_is_no_run_is_refused(models, values, error, message):
    with pytest.raises(error, match=message):
        as_run(models, TOSSES, values)
