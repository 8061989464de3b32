"""Steppers: an EM run as a picture to step through, alive in the page without a kernel.

A stepper is sent to the notebook as one piece of HTML: the data, the parameters of every step,
and the program that draws them and computes the responsibilities in the browser, see
`emlib.steppers.program`.
It needs no network and no widget state, so it stays alive in a saved notebook, in
``nbconvert --to html`` and offline.  Where scripts do not run, its still picture stands there.
"""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from emlib._validate import FloatArray, positive_integer
from emlib.driver.accelerate import Patience
from emlib.driver.em import ROUNDING, run_em
from emlib.driver.run import Run
from emlib.models.binomial import BinomialMixture
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.rows import row_weights
from emlib.palette import COMPONENT_COLOURS, COMPONENT_DASHES, COMPONENT_MARKERS, NEUTRAL
from emlib.plots.picture import Picture
from emlib.steppers import stills
from emlib.steppers.program import messages, program, style
from emlib.words import _

MOST_ITERATIONS = 200  # in the browser, which iterates anew at every move of a hand
STILL_NOTE = _(
    "A still picture. It comes alive when you run this cell, or trust this notebook, in Jupyter."
)


@dataclass(frozen=True)
class Interactive:
    """Something to step through or to move by hand; Jupyter shows it as the last line of a cell.

    Attributes
    ----------
    picture : Picture
        What stands in its place where scripts do not run.
    spec : mapping
        What the program in the browser is given: data and parameters.
    show : str
        The function of the program that draws it.
    module : str
        The program's module that holds that function, see `emlib.steppers.program`.
    """

    picture: Picture
    spec: Mapping[str, Any]
    show: str
    module: str

    def html(self) -> str:
        """Return the piece of HTML that is complete in itself: picture, program and data."""
        translated = {message: _(message) for message in messages(self.module)}
        words = {message: told for message, told in translated.items() if told != message}
        spec = {**self.spec, "palette": _palette(), "css": style(), "words": words}
        # Inside <script>, "<" could end the script or open a comment; \u003c is the same to JSON.
        data = json.dumps(spec, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        data = data.replace("<", "\\u003c")
        return (
            f'<div class="emlib">{self.picture.html()}<p>{STILL_NOTE}</p>\n'
            f'<script>(() => {{ "use strict";\n{program(self.module)}\n'
            f"mount(document.currentScript, {data}, {self.show});\n}})();</script></div>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Tell Jupyter how to show it: alive, or else its still picture, or in words."""
        return {
            "text/html": self.html(),
            "image/png": self.picture.printed(),
            "text/plain": self.picture.alt,
        }


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
    spec = {**run_spec(run), "position": 2 * int(start_at)}
    view = _view(run)
    return Interactive(view.still(run), spec, view.show, run.model.view)


def climb(run: Run, *, coin: int | None = None) -> Interactive:
    """Return the climb of a run of coins: the log-likelihood and the bounds that EM climbs by.

    One coin's theta gives a line, with the bound that touches the log-likelihood at theta_t,
    its maximum at theta_t+1 and the gap there, a KL divergence; two give a map.  The start
    is chosen by dragging, and the browser iterates EM from there.

    Parameters
    ----------
    run : Run
        What `run_em` returned, of coins.
    coin : int, optional
        Let EM move this coin's theta alone, from 0, and hold the others where they start: the
        log-likelihood is then one curve for the whole climb.  All coins move by default.

    Returns
    -------
    Interactive

    Raises
    ------
    TypeError
        If `run` is not a run of coins.
    ValueError
        If there is no such coin.
    """
    if not isinstance(run, Run) or run.model.view != "coins":
        raise TypeError("run must be what run_em returned for coins")
    k = run.model.k
    if coin is not None and positive_integer("coin", coin, minimum=0) >= k:
        raise ValueError(f"coin must be one of the {k} coins, from 0 to {k - 1}, not {coin}")
    spec = run_spec(run)
    spec["options"] |= {"alone": coin}
    spec |= {"rerun": coin is not None, "position": 0}
    return Interactive(stills.climb(run, coin), spec, "showClimb", "climb")


def run_spec(run: Run) -> dict[str, Any]:
    """Return as JSON values a run, and what the browser must know to iterate EM as it did."""
    view = _view(run)
    data, options = view.data(run), view.options(run.model)
    return {"run": run_data(run), "data": data, "options": options, "stopping": stopping_rule()}


def stopping_rule() -> dict[str, float]:
    """Return the constants by which `run_em` stops, so that the browser stops there too."""
    return {
        "tol": inspect.signature(run_em).parameters["tol"].default,
        "maxIter": MOST_ITERATIONS,
        "rounding": ROUNDING,
        "settling": Patience.SETTLING,
        "standstill": Patience.STANDSTILL,
    }


def run_data(run: Run) -> dict[str, Any]:
    """Return a run as JSON values: the parameters of every step, and why it stopped."""
    parameters = [_view(run).parameters(step.model) for step in run]
    stacks = {name: np.stack([values[name] for values in parameters]) for name in parameters[0]}
    return {
        "steps": {
            "log_likelihood": encode(run.log_likelihoods),
            "parameters": _encoded(**stacks),
        },
        "reason": run.reason.value,
        "message": run.message,
        "leaps": run.evaluations > len(run),
    }


def coin_data(run: Run) -> dict[str, Any]:
    """Return the rows of a run of coins as JSON values."""
    tosses, weights = run.data, row_weights(run.data)
    return {"n": len(tosses), **_encoded(heads=tosses.heads, flips=tosses.flips, weights=weights)}


def point_data(run: Run) -> dict[str, Any]:
    """Return the rows of a run of Gaussians as JSON values."""
    rows, (n, d) = run.data, run.data.shape
    weights = row_weights(rows)
    arrays = _encoded(points=rows, weights=weights, origin=rows.origin, unit=rows.unit)
    return {"n": n, "d": d, **arrays}


def coin_options(model: BinomialMixture) -> dict[str, Any]:
    """Return what the browser must know to iterate EM as the run did."""
    return {"fitWeights": model.fit_mixing_weights, "alone": None}


def gaussian_options(model: GaussianMixture) -> dict[str, Any]:
    """Return what the browser must know to iterate EM from another start; not with a prior."""
    fitted, movable = model.fit_mixing_weights, model.prior is None
    return {"covarianceType": model.covariance_type, "fitWeights": fitted, "movable": movable}


def gaussian_parameters(model: GaussianMixture) -> dict[str, FloatArray]:
    """Return parameters whose factors keep their digits where a covariance underflows."""
    weights, means = model.mixing_weights, model.means
    return {"mixing_weights": weights, "means": means, "factors": model.cholesky}


class View(NamedTuple):
    """What shows a run of one kind of model: a function of the program, and what it is given."""

    show: str
    still: Callable[[Run], Picture]
    data: Callable[[Run], dict[str, Any]]
    options: Callable[[Any], dict[str, Any]]
    parameters: Callable[[Any], Mapping[str, FloatArray]]


VIEWS = {
    "coins": View("showCoins", stills.coins, coin_data, coin_options, methodcaller("parameters")),
    "gaussians": View(
        "showGaussians", stills.gaussians, point_data, gaussian_options, gaussian_parameters
    ),
}


def _view(run: Run) -> View:
    """Return what shows the run, or raise a TypeError."""
    view = VIEWS.get(run.model.view)
    if view is None:
        name = type(run.model).__name__
        raise TypeError(f"run must be of coins or Gaussians, not of a {name}")
    return view


def _encoded(**arrays: ArrayLike | None) -> dict[str, str | None]:
    return {name: None if values is None else encode(values) for name, values in arrays.items()}


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
