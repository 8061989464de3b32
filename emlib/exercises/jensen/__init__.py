"""The exercises of notebook 01: Jensen's inequality, bounds on the log of a sum, and KL."""

from emlib.exercises.jensen._bound import closest_q, log_sum_bound
from emlib.exercises.jensen._curvature import curvature
from emlib.exercises.jensen._draw import (
    random_bound,
    random_curve,
    random_logs,
    random_pair,
    random_points,
    random_rows,
    random_terms,
)
from emlib.exercises.jensen._gap import jensen_gap
from emlib.exercises.jensen._kl import kl
from emlib.exercises.jensen._means import log_means
from emlib.exercises.jensen._weights import fit_weights

__all__ = [
    "closest_q",
    "curvature",
    "fit_weights",
    "jensen_gap",
    "kl",
    "log_means",
    "log_sum_bound",
    "random_bound",
    "random_curve",
    "random_logs",
    "random_pair",
    "random_points",
    "random_rows",
    "random_terms",
]
