"""Annotators who disagree: the model of Dawid and Skene (1979, doi:10.2307/2346806).

Each of n items belongs to one of c classes, z_i, which nobody sees.  Annotators m label the
items, once, often or not at all: x_imf is how often annotator m gave item i the label f.  A
class has probability alpha_j, and each annotator an own table of confusion: p_jmf is the
probability that annotator m gives label f to an item of class j::

    log p(x_i, z_i = j) = log alpha_j + sum_m sum_f x_imf log p_jmf

So this is the mixture of `emlib.models.categorical`, with one distribution per annotator.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from emlib import _validate
from emlib._validate import FloatArray
from emlib.models.categorical import TableMixture
from emlib.models.counts import CountData
from emlib.models.starts import Seed


class Ratings(CountData):
    """The data: how often each annotator gave each label to each item.

    Parameters
    ----------
    counts : array_like of whole numbers, shape (n, annotators, c)
    row_weights : array_like, shape (n,), optional
        How often each item counts; not negative.  Once by default.

    Raises
    ------
    TypeError, ValueError
        If a count is not a whole number from 0, or an item has no label; the error names it.
    """

    axes = 3

    @classmethod
    def listed(cls, items: ArrayLike, annotators: ArrayLike, labels: ArrayLike) -> Ratings:
        """Count a list of ratings: item, annotator and label of each, numbered from 0.

        Examples
        --------
        >>> Ratings.listed(items=[0, 0, 1], annotators=[0, 1, 1], labels=[2, 1, 0]).counts[0]
        array([[0., 0., 1.],
               [0., 1., 0.]])
        """
        given = {"items": items, "annotators": annotators, "labels": labels}
        columns = [_validate.counts(name, value).astype(int) for name, value in given.items()]
        if len({len(column) for column in columns}) > 1:
            raise ValueError("items, annotators and labels must hold one number per rating each")
        counts = np.zeros([column.max() + 1 for column in columns])
        np.add.at(counts, tuple(columns), 1)
        return cls(counts)

    @property
    def votes(self) -> FloatArray:
        """The share of each label among those of an item, all annotators alike, shape (n, c)."""
        total = self.counts.sum(axis=1)
        return np.asarray(total / total.sum(axis=1, keepdims=True))


class DawidSkene(TableMixture):
    """Annotators with tables of confusion, and classes with mixing weights.

    Parameters
    ----------
    confusion : array_like, shape (c, annotators, c)
        Probability p_jmf that annotator m gives label f to an item of class j; sum over f is 1.
    mixing_weights : array_like, shape (c,), optional
        Probability alpha_j of each class; positive, sum 1.  Equal by default.
    fit_mixing_weights : bool, default True
        Whether the M-step estimates the mixing weights too, or holds them fixed.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of that form; the error names it.

    Examples
    --------
    >>> from emlib import run_em
    >>> ratings = Ratings.listed([0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2] * 3, [0, 0, 1] + [1] * 6)
    >>> run = run_em(DawidSkene.from_votes(ratings), ratings)
    >>> run.model.mixing_weights.round(3)
    array([0.333, 0.667])
    """

    confusion: FloatArray

    data_type = Ratings
    parameter = "confusion"

    def __init__(
        self,
        confusion: ArrayLike,
        mixing_weights: ArrayLike | None = None,
        *,
        fit_mixing_weights: bool = True,
    ) -> None:
        tables = _validate.real_array("confusion", confusion, 3)
        c, annotators, labels = tables.shape
        if c != labels:
            raise ValueError(
                f"confusion must have shape (c, annotators, c), as many classes as labels, not "
                f"{tables.shape}"
            )
        rows = _validate.distributions(
            "confusion", tables.reshape(-1, c), confusion, "over the labels (axis 2)"
        )
        self._set(rows.reshape(c, annotators, c), mixing_weights, fit_mixing_weights)

    @classmethod
    def from_votes(cls, data: Any, **options: Any) -> Self:
        """Return the M-step after the votes: the start of Dawid and Skene."""
        ratings = Ratings.of(data)
        return cls._from(ratings, ratings.votes, options)

    @classmethod
    def start_from(
        cls, data: Any, k: int, *, method: str = "k-means++", rng: Seed = None, **options: Any
    ) -> Self:
        """Return the M-step after votes that are drawn halfway towards random ones.

        `k` must be the number of labels; `method` makes no difference.
        """
        ratings = Ratings.of(data)
        c = ratings.counts.shape[2]
        if _validate.positive_integer("k", k) != c:
            raise ValueError(f"k must be the number of labels: {c}, not {k}")
        random = _validate.generator(rng).dirichlet(np.ones(c), size=len(ratings))
        return cls._from(ratings, (ratings.votes + random) / 2, options)

    @classmethod
    def _from(cls, ratings: Ratings, responsibilities: FloatArray, options: dict[str, Any]) -> Self:
        _, annotators, c = ratings.counts.shape
        return cls(np.full((c, annotators, c), 1 / c), **options).m_step(ratings, responsibilities)

    def draw(self, labels: np.ndarray, rng: np.random.Generator) -> Ratings:
        """Draw items of those classes, which each annotator labels once."""
        return Ratings(rng.multinomial(1, self.confusion[labels]))
