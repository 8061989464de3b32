"""The exercises of notebook 02b: how far an estimate can be trusted."""

from key.trust.coverage import coverage
from key.trust.map_estimate import map_estimate
from key.trust.standard_errors import standard_errors

__all__ = ["coverage", "map_estimate", "standard_errors"]
