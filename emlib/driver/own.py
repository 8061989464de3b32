"""A run that another program computed, as a value like those of `run_em`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from numpy.typing import ArrayLike

from emlib._validate import real_array
from emlib.driver.run import Run, Step, StopReason
from emlib.models.model import Model, check_model


def as_run(models: Iterable[Model], data: Any, log_likelihoods: ArrayLike) -> Run:
    """Return what a program of your own computed as a run, for the pictures to show.

    Nothing is iterated: each step holds the parameters and the log-likelihood it is given.

    Parameters
    ----------
    models : iterable of Model
        A model for each theta_t, from the start to the last; all of one kind.
    data : object
        The data that the program was given, as for `run_em`.
    log_likelihoods : array_like, shape (T + 1,)
        The log-likelihood of each, in nats, as the program computed it.

    Returns
    -------
    Run
        Its reason for stopping is ``own rule``, for only the program knows why it stopped.

    Raises
    ------
    TypeError
        If one of `models` is not a model, or not of the kind of the first.
    ValueError
        If there is no model, if there is not one log-likelihood for each, or if the data does not
        fit the models.

    Examples
    --------
    >>> from emlib import BinomialMixture, Tosses
    >>> thetas, values = [[0.6, 0.5], [0.71, 0.58]], [-33.094, -31.860]
    >>> as_run(map(BinomialMixture, thetas), Tosses([5, 9, 8, 4, 7], flips=10), values)
    <Run of 1 EM iterations, own rule, log-likelihood -31.860000>
    """
    path = list(models)
    if not path:
        raise ValueError("models must hold the start at least, but it is empty")
    for t, model in enumerate(path):
        check_model(f"models[{t}]", model)
        if type(model) is not type(path[0]):
            raise TypeError(
                f"models must be of one kind, but models[{t}] is a {type(model).__name__} "
                f"and models[0] a {type(path[0]).__name__}"
            )
    heights = real_array("log_likelihoods", log_likelihoods, 1)
    if len(heights) != len(path):
        raise ValueError(
            "log_likelihoods must hold one number for each of models: "
            f"{len(path)}, not {len(heights)}"
        )
    prepared = path[0].prepare(data)
    path[0].check_fit(prepared)
    steps = zip(path, heights.tolist(), strict=True)
    return Run(
        tuple(Step(t, model, height, prepared) for t, (model, height) in enumerate(steps)),
        StopReason.OWN_RULE,
        f"the program that made this run ended it after iteration {len(path) - 1}",
        len(path),
    )
