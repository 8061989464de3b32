"""The exercises of notebook 02a: maximum likelihood with complete data."""

from key.complete_data.coin_log_likelihood import coin_log_likelihood
from key.complete_data.mle_by_labels import mle_by_labels
from key.complete_data.weighted_mle import weighted_mle

__all__ = ["coin_log_likelihood", "mle_by_labels", "weighted_mle"]
