"""What a mixture model must offer, and Bayes' rule in the log domain.

Notation, the same in text and code: rows i = 1..n, components j = 1..k, data x, hidden
labels z, parameters theta (component parameters and mixing weights alpha).  The posterior of
the labels has the responsibilities r_ij = p(z_i = j | x_i; theta) for entries.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import entr, softmax

from emlib._validate import FloatArray, generator, positive_integer
from emlib.models.model import DegenerateError, Expectation, Model
from emlib.models.rows import distinct, expected_counts, row_weights, weighted_sum
from emlib.models.starts import Seed
from emlib.models.value import Value

EMPTY = 1e-300  # an expected count at most this small is none: its logarithm may not exist


@dataclass(frozen=True, eq=False)
class LabelExpectation(Expectation):
    """The distribution of the labels of independent rows: the responsibilities are all of it.

    Sums over rows count each row as often as it weighs.
    """

    responsibilities: FloatArray
    log_likelihood: float
    data: Any

    @property
    def entropy(self) -> float:
        """H(q) = -sum_ij r_ij log r_ij, in nats."""
        return entropy(self.responsibilities, self.data)

    def Q(self, model: Mixture) -> float:
        """Return Q = sum_ij r_ij log p(x_i, z_i = j; theta), in nats."""
        counts = expected_counts(self.data, self.responsibilities)
        return expected_log_joint(counts, model.log_joint(self.data))


class Mixture(Value, Model):
    """A mixture of k components: an immutable value that holds its parameters.

    A model says how to weigh a row against a component (`log_joint`), how to maximise
    (`m_step`) and how to draw a row (`draw`); the rest of EM is the same for all.
    """

    mixing_weights: FloatArray
    fit_mixing_weights: bool = False  # whether the M-step estimates them, or holds them fixed
    data_type: ClassVar[Any]  # what `of` makes of anything that may pass for this model's data

    @classmethod
    def start_from(
        cls, data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
    ) -> Self:
        """Return a start made from `k` rows of the data, see `emlib.models.starts`.

        Parameters
        ----------
        data : object
            Data that the model accepts.
        k : int
        method : {"k-means++", "random"}, default "k-means++"
            How the rows are chosen.
        rng : numpy Generator or seed, optional
        **options
            For the class.

        Raises
        ------
        ValueError
            If k exceeds the number of distinct rows, or an option is wrong.
        """
        raise TypeError(f"{cls.__name__} has no starts of its own; make them by a function")

    def prepare(self, data: Any) -> Any:
        """Return `data` in the form that this model computes with, or raise an error."""
        return self.data_type.of(data)

    @property
    def k(self) -> int:
        """Number of components."""
        return len(self.mixing_weights)

    @abstractmethod
    def log_joint(self, data: Any) -> FloatArray:
        """Return log p(x_i, z_i = j; theta), in nats, shape (n, k)."""

    @abstractmethod
    def m_step(self, data: Any, responsibilities: Any) -> Self:
        """Return the model whose parameters maximise Q for these responsibilities."""

    @np.errstate(under="ignore")  # a responsibility may become 0
    def expectation(self, data: Any) -> Expectation:
        """Return the E-step: the posterior of the labels, row by row.

        Raises
        ------
        DegenerateError
            If some row has probability 0 under every component.
        """
        data = self.prepare(data)
        responsibilities, log_density = bayes(self.log_joint(data), row_weights(data))
        return LabelExpectation(responsibilities, weighted_sum(data, log_density), data)

    def e_step(self, data: Any) -> FloatArray:
        """Return the responsibilities p(z_i = j | x_i; theta), shape (n, k), rows sum to 1.

        A row that weighs 0 and has probability 0 under every component belongs to all alike.

        Raises
        ------
        DegenerateError
            If another row has probability 0 under every component.
        """
        return self.expectation(data).responsibilities

    def log_likelihood(self, data: Any) -> float:
        """Return log p(x; theta) = sum_i log sum_j p(x_i, z_i = j; theta), in nats."""
        try:
            return self.expectation(distinct(self.prepare(data))).log_likelihood
        except DegenerateError:
            return -np.inf

    @np.errstate(under="ignore")
    def em_step(self, data: Any) -> tuple[Self, float]:
        """One E-step and one M-step: return the next model and *this* model's log-likelihood.

        The E-step knows log p(x; theta) anyway, so the driver gets it for nothing.  A model
        may override this with something faster that gives the same answer.
        """
        rows = distinct(self.prepare(data))
        responsibilities, log_density = bayes(self.log_joint(rows), row_weights(rows))
        return self.m_step(rows, responsibilities), weighted_sum(rows, log_density)

    def _weights_after(self, N: FloatArray) -> FloatArray:
        """Return the mixing weights that an M-step makes of the expected counts N_j."""
        return N / N.sum() if self.fit_mixing_weights else self.mixing_weights

    def _weight_coordinates(self) -> FloatArray:
        """Return log alpha if it is fitted, shape (k,), or nothing."""
        return np.log(self.mixing_weights[: self.k * self.fit_mixing_weights])

    def _weights_at(self, logs: FloatArray) -> FloatArray:
        """Return the mixing weights whose coordinates these are."""
        return softmax(logs) if self.fit_mixing_weights else self.mixing_weights

    @property
    def n_parameters(self) -> int:
        """Number of free parameters, for BIC."""
        raise NotImplementedError(f"{type(self).__name__} does not count its parameters")

    def draw(self, labels: np.ndarray, rng: np.random.Generator) -> Any:
        """Draw a row of the component that each of the labels names."""
        raise TypeError(f"{type(self).__name__} cannot be drawn")

    def sample(self, n: int, rng: Seed = None) -> tuple[Any, np.ndarray]:
        """Draw `n` rows.

        Parameters
        ----------
        n : int
        rng : numpy Generator or seed, optional

        Returns
        -------
        data : object, n rows
        labels : ndarray of int, shape (n,)
            The component z_i behind each row.
        """
        n = positive_integer("n", n)
        rng = generator(rng)
        labels = rng.choice(self.k, size=n, p=self.mixing_weights)
        return self.draw(labels, rng), labels

    def standardised(self) -> FloatArray:
        """Return the own parameters of each component, shape (k, q), in standard deviations.

        These units are a rough guide: they tell which components are nearly equal.
        """
        own = (value for name, value in self.parameters().items() if name != "mixing_weights")
        return np.column_stack(
            [np.empty((self.k, 0)), *(v.reshape(self.k, -1) for v in own if len(v) == self.k)]
        )

    def twins(self, within: float = 0.0) -> tuple[int, int] | None:
        """Return the first two components whose parameters differ by at most `within`, if any.

        The unit is that of `standardised`.  Equal components have responsibilities that stay in
        proportion for ever, so EM can never separate them.
        """
        own = self.standardised()
        if not own.shape[1]:  # no parameter belongs to a component
            return None
        for j in range(self.k - 1):
            with np.errstate(over="ignore"):
                near = np.abs(own[j + 1 :] - own[j]).max(axis=1) <= within
            if near.any():
                return j, j + 1 + int(np.argmax(near))
        return None


def bayes(
    log_joint: FloatArray,
    weights: FloatArray | None = None,
    *,
    first_row: int = 0,
    overwrite: bool = False,
) -> tuple[FloatArray, FloatArray]:
    """Split p(x_i, z_i = j) into p(z_i = j | x_i) and log p(x_i).

    Parameters
    ----------
    log_joint : ndarray, shape (n, k)
        log p(x_i, z_i = j), in nats.
    weights : ndarray, shape (n,), optional
        How often each row counts.
    first_row : int, default 0
        The number of the first row, for the error.
    overwrite : bool, default False
        Whether the responsibilities may take the place of `log_joint` in memory.

    Returns
    -------
    responsibilities : ndarray, shape (n, k)
        p(z_i = j | x_i); rows sum to 1.
    log_density : ndarray, shape (n,)
        log p(x_i) = log sum_j p(x_i, z_i = j), in nats.  The largest term is taken out of
        the sum before exponentiating (log-sum-exp): no row underflows.

    Raises
    ------
    DegenerateError
        If some row that counts has probability 0 under every component.
    """
    largest = log_joint.max(axis=1, keepdims=True)
    if not largest.min() > -np.inf:  # NaN, where a residual overflowed, counts as impossible
        impossible = ~(largest[:, 0] > -np.inf)
        counting = impossible if weights is None else impossible & (weights > 0)
        if counting.any():
            raise DegenerateError(
                f"row {first_row + np.argmax(counting)} has probability 0 under every component; "
                "start from parameters that make every row possible"
            )
        log_joint = np.where(impossible[:, None], 0.0, log_joint)
        largest = np.where(impossible[:, None], 0.0, largest)
    out = log_joint if overwrite else None
    joint = np.subtract(log_joint, largest, out=out, dtype=float)  # whatever they were
    np.exp(joint, out=joint)
    density = joint.sum(axis=1, keepdims=True)
    joint /= density
    return joint, (largest + np.log(density))[:, 0]


def refuse_empty(totals: FloatArray) -> None:
    """Raise a DegenerateError if an expected count, of those of shape (k,), is next to 0."""
    if not totals.min() > EMPTY:
        raise DegenerateError(
            f"component {np.argmin(totals)} is empty: no row belongs to it; "
            "use fewer components or another start"
        )


def expected_log_joint(responsibilities: FloatArray, log_joint: FloatArray) -> float:
    """Return Q = sum_ij r_ij log p(x_i, z_i = j; theta), in nats; 0 times -inf counts as 0."""
    with np.errstate(invalid="ignore"):
        terms = np.where(responsibilities > 0, responsibilities * log_joint, 0.0)
    return float(terms.sum())


def entropy(responsibilities: FloatArray, data: Any = None) -> float:
    """Return H(q) = -sum_ij r_ij log r_ij, in nats, the rows weighted as in `data`."""
    return weighted_sum(data, entr(responsibilities).sum(axis=-1))
