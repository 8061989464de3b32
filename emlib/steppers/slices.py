"""A run along a slice of the log-likelihood: one coin's theta moves, all else is held."""

from __future__ import annotations

from typing import Any, Self, cast

from numpy.typing import ArrayLike
from scipy.special import expit, logit

from emlib._validate import FloatArray
from emlib.driver.em import run_em
from emlib.driver.run import Run
from emlib.models.binomial import BinomialMixture, Tosses


class OneCoinMoves(BinomialMixture):
    """Coins of which EM moves one, and holds the others and the mixing weights."""

    coin: int

    @classmethod
    def of(cls, model: BinomialMixture, coin: int) -> Self:
        """Return the coins of `model`, of which that one moves."""
        return cls(model.theta, model.mixing_weights)._with(coin=coin)

    def m_step(self, data: Tosses, responsibilities: ArrayLike) -> Self:
        """Return the model whose theta of that coin maximises Q."""
        return self._moved(super().m_step(data, responsibilities).theta[self.coin])

    def coordinates(self, data: Tosses) -> FloatArray:
        """Return the logit of what moves, shape (1,)."""
        return logit(self.theta[[self.coin]])  # type: ignore[no-any-return]

    def at_coordinates(self, data: Tosses, vector: FloatArray) -> Self:
        """Return the model whose `coordinates` are `vector`."""
        return self._moved(expit(vector[0]))

    def twins(self, within: float = 0.0) -> None:
        """Return None: where one coin is held, equal coins part."""

    def _moved(self, value: Any) -> Self:
        theta = self.theta.copy()
        theta[self.coin] = value
        return self._with(theta=theta)


def along(run: Run, coin: int) -> Run:
    """Return EM from the start of `run` with that coin alone moving."""
    start = cast(BinomialMixture, run[0].model)
    return run_em(OneCoinMoves.of(start, coin), run.data)
