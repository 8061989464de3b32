"""Steppers: an EM run as a picture to step through, alive in the page without a kernel.

A stepper is sent to the notebook as one piece of HTML: the data, the parameters of every step,
and the program ``stepper.js`` that draws them and computes the responsibilities in the browser.
It needs no network and no widget state, so it stays alive in a saved notebook, in
``nbconvert --to html`` and offline.  Where scripts do not run, its still picture stands there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from emlib._validate import positive_integer
from emlib.coins import BinomialMixture, Tosses
from emlib.em import Run
from emlib.palette import (
    COMPONENT_COLOURS,
    COMPONENT_DASHES,
    COMPONENT_MARKERS,
    NEUTRAL,
    component_name,
)
from emlib.picture import Picture

FRONT_END = Path(__file__).with_name("stepper.js")
STYLE = Path(__file__).with_name("stepper.css")
STILL_NOTE = (
    "A still picture. To step through it, run this cell, or trust this notebook, in Jupyter."
)


@dataclass(frozen=True)
class Interactive:
    """Something to step through or to move by hand; Jupyter shows it as the last line of a cell.

    Attributes
    ----------
    picture : Picture
        What stands in its place where scripts do not run.
    spec : mapping
        What the program in the browser is given: the kind of view, data and parameters.
    """

    picture: Picture
    spec: Mapping[str, Any]

    def html(self) -> str:
        """Return the piece of HTML that is complete in itself: picture, program and data."""
        spec = {**self.spec, "palette": _palette(), "css": STYLE.read_text(encoding="utf-8")}
        # Inside <script>, "<" could end the script or open a comment; \u003c is the same to JSON.
        data = json.dumps(spec, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
        program = FRONT_END.read_text(encoding="utf-8")
        return (
            f'<div class="emlib">{self.picture.html()}<p>{STILL_NOTE}</p>\n'
            f'<script>(() => {{ "use strict";\n{program}\n'
            f"mount(document.currentScript, {data});\n}})();</script></div>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Tell Jupyter how to show it: alive, or else in words."""
        return {"text/html": self.html(), "text/plain": self.picture.alt}


def stepper(run: Run, *, start_at: int = 0) -> Interactive:
    """Return a run as a picture to step through, E-step by M-step.

    Parameters
    ----------
    run : Run
        What `run_em` returned, of coins.
    start_at : int, default 0
        The iteration it shows first.

    Returns
    -------
    Interactive

    Raises
    ------
    TypeError
        If `run` is not a run, or of a model that has no view.
    ValueError
        If `start_at` is not an iteration of the run.

    Examples
    --------
    >>> from emlib import BinomialMixture, Tosses, run_em
    >>> shown = stepper(run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10)))
    >>> print(shown.picture.alt[:34])
    EM for 2 coins on 5 rows of tosses
    """
    if not isinstance(run, Run):
        raise TypeError(f"run must be what run_em returned, not {type(run).__name__}")
    last = len(run) - 1
    if positive_integer("start_at", start_at, minimum=0) > last:
        raise ValueError(f"start_at must be an iteration of the run, 0 to {last}, not {start_at}")
    if not isinstance(run.model, BinomialMixture):
        raise TypeError(f"run must be of coins, not of a {type(run.model).__name__}")
    spec = {
        "view": "coins",
        "data": coin_data(run.data),
        "run": run_data(run),
        "position": 2 * int(start_at),
    }
    return Interactive(_coins_still(run), spec)


def run_data(run: Run) -> dict[str, Any]:
    """Return a run as JSON values: the parameters of every step, and why it stopped."""
    return {
        "steps": {
            "log_likelihood": encode(run.log_likelihoods),
            "parameters": {name: encode(run.trace(name)) for name in run.model.parameters()},
        },
        "reason": run.reason.value,
        "message": run.message,
    }


def coin_data(tosses: Tosses) -> dict[str, Any]:
    """Return tosses as JSON values."""
    return {"n": len(tosses), "heads": encode(tosses.heads), "flips": encode(tosses.flips)}


def encode(values: ArrayLike) -> str:
    """Return numbers as base64 of little-endian float64: exact, and a third of their digits."""
    return base64.b64encode(np.asarray(values, dtype="<f8").tobytes()).decode("ascii")


def _palette() -> dict[str, Any]:
    return {
        "colours": COMPONENT_COLOURS,
        "dashes": [_dash_array(style) for style in COMPONENT_DASHES],
        "markers": COMPONENT_MARKERS,
        "neutral": NEUTRAL,
    }


def _dash_array(style: Any) -> str:
    """Translate Matplotlib's line style to SVG, for a line 2 pixels wide."""
    named = {"-": (), "--": (3.7, 1.6), "-.": (6.4, 1.6, 1, 1.6), ":": (1, 1.65)}
    pattern = named[style] if style in named else style[1]
    return " ".join(f"{2 * length:g}" for length in pattern)


def _in_words(run: Run) -> str:
    """Say how the log-likelihood went and why the run stopped."""
    return (
        f"The log-likelihood climbs from {run[0].log_likelihood:.3f} "
        f"to {run.log_likelihood:.3f} nats. EM stopped ({run.reason}): {run.message}."
    )


def _coins_still(run: Run) -> Picture:
    """Draw the last step of a run of coins: responsibilities, theta and log-likelihood."""
    tosses, k = run.data, run.model.k
    names = [component_name(j, k) for j in range(k)]
    theta = run.trace("theta")
    colours = [COMPONENT_COLOURS[j % len(COMPONENT_COLOURS)] for j in range(k)]
    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    rows, paths, climb = figure.subplots(1, 3, width_ratios=[1.2, 1, 1])

    left = np.zeros(len(tosses))
    r = run[-1].responsibilities
    shown = np.arange(1, len(tosses) + 1)
    for j in range(k):
        rows.barh(
            shown, r[:, j], left=left, color=colours[j], hatch=("", "///", "...", "xx")[j % 4],
            edgecolor="white", label=f"coin {names[j]}",
        )  # fmt: skip
        left += r[:, j]
    rows.set(title="whose row? (responsibilities)", xlim=(0, 1), ylabel="row")
    rows.set_yticks(shown if len(shown) <= 12 else shown[:: len(shown) // 6])
    if len(tosses) <= 12:
        counts = zip(shown, tosses.heads, tosses.tails, strict=True)
        rows.set_yticks(shown, [f"{i}: {h:g} H {t:g} T" for i, h, t in counts])
        rows.set_ylabel("")
    rows.invert_yaxis()

    t = np.arange(len(run))
    for j in range(k):
        paths.plot(
            t, theta[:, j], color=colours[j], ls=COMPONENT_DASHES[j % len(COMPONENT_DASHES)],
            marker=COMPONENT_MARKERS[j % len(COMPONENT_MARKERS)], ms=4, markevery=0.1,
            label=f"coin {names[j]}",
        )  # fmt: skip
    paths.set(title=r"$\theta$, probability of heads", xlabel="iteration $t$", ylim=(0, 1))
    paths.legend(frameon=False, fontsize=9)
    climb.plot(t, run.log_likelihoods, color="black", marker="o", ms=3)
    climb.set(title="log-likelihood, nats", xlabel="iteration $t$")
    climb.ticklabel_format(useOffset=False)
    for axes in (rows, paths, climb):
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.get_major_locator().set_params(integer=axes is not rows)
    moves = ", ".join(
        f"theta {names[j]} goes from {theta[0, j]:.3f} to {theta[-1, j]:.3f}" for j in range(k)
    )
    return Picture.draw(
        figure,
        f"EM for {k} coin{'s' * (k > 1)} on {len(tosses)} row{'s' * (len(tosses) > 1)} of tosses, "
        f"{len(run) - 1} iteration{'s' * (len(run) != 2)}: {moves}. {_in_words(run)}",
    )
