"""The exercises of notebook 01: Jensen's inequality, bounds on the log of a sum, and KL."""

from key.jensen.closest_q import closest_q
from key.jensen.curvature import curvature
from key.jensen.fit_weights import fit_weights
from key.jensen.jensen_gap import jensen_gap
from key.jensen.kl import kl
from key.jensen.log_means import log_means
from key.jensen.log_sum_bound import log_sum_bound

__all__ = [
    "closest_q",
    "curvature",
    "fit_weights",
    "jensen_gap",
    "kl",
    "log_means",
    "log_sum_bound",
]
