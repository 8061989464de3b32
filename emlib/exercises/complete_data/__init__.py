"""The exercises of notebook 02: maximum likelihood with complete data."""

from emlib.exercises.complete_data._coin import coin_log_likelihood
from emlib.exercises.complete_data._cost import negative_log_likelihood
from emlib.exercises.complete_data._draw import (
    random_coin,
    random_cost,
    random_errors,
    random_labelled,
    random_newton,
    random_prior,
    random_weighted,
)
from emlib.exercises.complete_data._errors import standard_errors
from emlib.exercises.complete_data._labels import mle_by_labels
from emlib.exercises.complete_data._newton import newton_logit
from emlib.exercises.complete_data._prior import map_estimate
from emlib.exercises.complete_data._weights import weighted_mle

__all__ = [
    "coin_log_likelihood",
    "map_estimate",
    "mle_by_labels",
    "negative_log_likelihood",
    "newton_logit",
    "random_coin",
    "random_cost",
    "random_errors",
    "random_labelled",
    "random_newton",
    "random_prior",
    "random_weighted",
    "standard_errors",
    "weighted_mle",
]
