"""The exercises of notebook 01: Jensen's inequality."""

from key.jensen.growth import growth
from key.jensen.jensen_gap import jensen_gap
from key.jensen.noise_level import noise_level

__all__ = [
    "growth",
    "jensen_gap",
    "noise_level",
]
