"""The exercises of notebook 03c: where EM misleads."""

from key.misleads.best_of_starts import best_of_starts
from key.misleads.bound import bound
from key.misleads.em_step_fair_coin import em_step_fair_coin

__all__ = ["best_of_starts", "bound", "em_step_fair_coin"]
