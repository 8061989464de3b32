"""The exercises of notebook 04b: what a fit of Gaussians is worth, and how many there are."""

from key.choice.choose_k import choose_k
from key.choice.icl import icl
from key.choice.map_em_step import map_em_step

__all__ = ["choose_k", "icl", "map_em_step"]
