"""The exercises of notebook 02: maximum likelihood with complete data."""

from key.complete_data.coin_log_likelihood import coin_log_likelihood
from key.complete_data.map_estimate import map_estimate
from key.complete_data.mle_by_labels import mle_by_labels
from key.complete_data.negative_log_likelihood import negative_log_likelihood
from key.complete_data.newton_logit import newton_logit
from key.complete_data.standard_errors import standard_errors
from key.complete_data.weighted_mle import weighted_mle

__all__ = [
    "coin_log_likelihood",
    "map_estimate",
    "mle_by_labels",
    "negative_log_likelihood",
    "newton_logit",
    "standard_errors",
    "weighted_mle",
]
