"""The exercises of notebook 03a: a bound for the log of a sum, and what it is good for."""

from key.bound.closest_q import closest_q
from key.bound.fit_weights import fit_weights
from key.bound.log_sum_bound import log_sum_bound

__all__ = ["closest_q", "fit_weights", "log_sum_bound"]
