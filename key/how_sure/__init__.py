"""The exercises of notebook 05: how sure EM's estimates are, and how fast it finds them."""

from key.how_sure.information import information
from key.how_sure.leap import leap
from key.how_sure.poisson_em_step import poisson_em_step

__all__ = ["information", "leap", "poisson_em_step"]
