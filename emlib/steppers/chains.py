"""A chain of hidden states: where it was at each row and how it moved, to step through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from emlib._validate import positive_integer
from emlib.driver.run import Run
from emlib.models.hidden_markov import HiddenMarkov
from emlib.models.series import ChainExpectation
from emlib.palette import COMPONENT_COLOURS, component_name
from emlib.plots import hidden_chain as plots
from emlib.steppers.runs import Interactive


def flows(run: Run, *, states: Sequence[str] | None = None, rows: int = 60) -> Interactive:
    """Return EM for a chain as a picture to step through, E-step by E-step.

    It shows the posterior of each state over time, and the expected moves from state to state
    as flows: what the M-step divides.

    Parameters
    ----------
    run : Run
        What `run_em` returned, of a `HiddenMarkov`.
    states : sequence of str, optional
        What the states are called; A, B ... by default.
    rows : int, default 60
        How many rows it shows, from the first; the moves are those of all rows.

    Returns
    -------
    Interactive

    Raises
    ------
    TypeError
        If `run` is not a run of a `HiddenMarkov`.
    ValueError
        If there are more states than colours, or not one name for each.

    Examples
    --------
    >>> from emlib import HiddenMarkov, run_em
    >>> start = HiddenMarkov.discrete([[0.9, 0.1], [0.2, 0.8]], [[0.8, 0.2], [0.3, 0.7]])
    >>> shown = flows(run_em(start, start.sample(50, rng=0)[0]))
    >>> shown.picture.alt[:45]
    'Posterior of 2 states over rows 1 to 50 of 50'
    """
    if not isinstance(run, Run) or not isinstance(run.model, HiddenMarkov):
        raise TypeError("run must be what run_em returned for a HiddenMarkov")
    k, n = run.model.k, len(run.data)
    if k > len(COMPONENT_COLOURS):
        raise ValueError(f"run must have at most {len(COMPONENT_COLOURS)} states, not {k}")
    names = [component_name(j, k) for j in range(k)] if states is None else list(states)
    if len(names) != k:
        raise ValueError(f"states must hold one name for each of the {k} states, not {len(names)}")
    shown = min(positive_integer("rows", rows), n)
    q = [cast(ChainExpectation, step.expectation) for step in run]
    steps = [
        {
            "height": one.log_likelihood,
            "r": np.round(one.responsibilities[:shown], 3).tolist(),
            "moves": np.round(one.pairs, 3).tolist(),
            "A": np.round(one.model.transitions, 3).tolist(),
        }
        for one in q
    ]
    still = plots.moves(q[-1].responsibilities[:shown], q[-1].pairs, names, n)
    return Interactive(still, {"states": names, "n": n, "steps": steps}, "chain", "chain")
