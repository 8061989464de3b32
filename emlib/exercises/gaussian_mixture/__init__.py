"""The exercises of notebook 04: EM for Gaussian mixtures."""

from emlib.exercises.gaussian_mixture._choose import choose_k
from emlib.exercises.gaussian_mixture._density import log_density
from emlib.exercises.gaussian_mixture._draw import (
    random_density,
    random_em,
    random_log_likelihoods,
    random_m_step,
    random_map,
    random_mixture,
    random_spread,
)
from emlib.exercises.gaussian_mixture._e_step import e_step
from emlib.exercises.gaussian_mixture._loop import em
from emlib.exercises.gaussian_mixture._m_step import standard_deviations, weights_and_means
from emlib.exercises.gaussian_mixture._map import map_em_step

__all__ = [
    "choose_k",
    "e_step",
    "em",
    "log_density",
    "map_em_step",
    "random_density",
    "random_em",
    "random_log_likelihoods",
    "random_m_step",
    "random_map",
    "random_mixture",
    "random_spread",
    "standard_deviations",
    "weights_and_means",
]
