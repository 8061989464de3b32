"""The exercises of notebook 04: EM for Gaussian mixtures."""

from key.gaussian_mixture.choose_k import choose_k
from key.gaussian_mixture.e_step import e_step
from key.gaussian_mixture.em import em
from key.gaussian_mixture.log_density import log_density
from key.gaussian_mixture.map_em_step import map_em_step
from key.gaussian_mixture.standard_deviations import standard_deviations
from key.gaussian_mixture.weights_and_means import weights_and_means

__all__ = [
    "choose_k",
    "e_step",
    "em",
    "log_density",
    "map_em_step",
    "standard_deviations",
    "weights_and_means",
]
