"""The exercises of notebook 04a: EM for Gaussian mixtures."""

from key.gaussian_mixture.e_step import e_step
from key.gaussian_mixture.em import em
from key.gaussian_mixture.m_step import m_step

__all__ = ["e_step", "em", "m_step"]
