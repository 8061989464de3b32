"""The loop of EM as the notebooks ask for it: until an iteration gains less than tol."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from emlib.driver.em import SaddleWarning, run_em
from emlib.driver.run import Run
from emlib.models.mixture import Mixture


def loop(start: Mixture, data: Any, tol: float, max_iter: int) -> Run:
    """Return the run, which ends after an iteration that gains less than `tol`, in nats."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SaddleWarning)
        run = run_em(start, data, tol=0, max_iter=max_iter)
    small = np.flatnonzero(np.diff(run.log_likelihoods) < tol)
    return replace(run, steps=run.steps[: small[0] + 2]) if len(small) else run
