"""Forward and backward along a hidden Markov chain, with no Python loop over all of time.

State z_t follows z_{t-1} with probability A_{ij} = p(z_t = j | z_{t-1} = i), and shows x_t with
density b_{tj} = p(x_t | z_t = j).  Forward and backward (Baum, Petrie, Soules and Weiss 1970,
doi:10.1214/aoms/1177697196; Rabiner 1989, doi:10.1109/5.18626), each scaled to stay in range::

    forward   c_t a_{tj} = sum_i a_{t-1,i} A_{ij} b_{tj},    sum_j a_{tj} = 1
    backward  w_{t-1,i} = sum_j A_{ij} b_{tj} w_{tj} / c_t,  so that p(z_t = j | x) = a_{tj} w_{tj}

Both are products of matrices, which may be bracketed at will.  So time is cut into blocks: the
k x k transfer matrix of a block is computed for all blocks side by side, a short loop runs from
block to block, and then forward and backward run inside all blocks side by side.

Sequences that follow one another are one long chain: where one begins, the state is drawn anew,
whatever it was.  Arrays run over (states, blocks), one for each place in the blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np

from emlib._validate import FloatArray
from emlib.models.model import DegenerateError

SMALL = 1e-30  # with transitions above it, no state can fall behind by more than floats can tell
Unary = Callable[[Any], Any]
Binary = Callable[[Any, Any], Any]
REST = 8  # steps between two scalings of transfer matrices: SMALL**8 is still in range


class Smoothed(NamedTuple):
    """The posterior of the states.

    Attributes
    ----------
    states : ndarray, shape (k, n)
        p(z_t = j | x).
    first : ndarray, shape (k,)
        Expected number of sequences that begin in each state.
    pairs : ndarray, shape (k, k)
        Expected number of transitions from i to j.
    log_likelihood : float
        In nats.
    """

    states: FloatArray
    first: FloatArray
    pairs: FloatArray
    log_likelihood: float


class Products:
    """Arithmetic with probabilities, the largest density at each time scaled to 1."""

    number: ClassVar[Unary] = staticmethod(np.exp)  # from logarithms
    probability: ClassVar[Unary] = staticmethod(np.asarray)
    times: ClassVar[Binary] = staticmethod(np.multiply)
    over: ClassVar[Binary] = staticmethod(np.divide)
    rest = REST

    @staticmethod
    def total(v: FloatArray) -> FloatArray:
        """Return the sum over states."""
        return np.asarray(v.sum(axis=0))

    @staticmethod
    def through(A: FloatArray, v: FloatArray) -> FloatArray:
        """Return sum_i A_ji v_i."""
        return np.asarray((A @ v.reshape(len(A), -1)).reshape(v.shape))

    @staticmethod
    def pairs(before: FloatArray, A: FloatArray, after: FloatArray) -> FloatArray:
        """Return sum_s before_is A_ij after_js."""
        return np.asarray(A * (before @ after.T))


class Logs:
    """The same with logarithms: slower, but a state may fall behind by any factor."""

    number: ClassVar[Unary] = staticmethod(np.asarray)
    probability: ClassVar[Unary] = staticmethod(np.exp)
    times: ClassVar[Binary] = staticmethod(np.add)
    rest = 1

    @staticmethod
    def over(v: FloatArray, c: FloatArray) -> FloatArray:
        """Return v - c; what is impossible stays so."""
        return np.asarray(v - np.where(c > -np.inf, c, 0.0))

    @staticmethod
    def total(v: FloatArray) -> FloatArray:
        """Return log sum_i exp(v_i)."""
        return np.asarray(np.logaddexp.reduce(v, axis=0))

    @staticmethod
    def through(A: FloatArray, v: FloatArray) -> FloatArray:
        """Return log sum_i exp(A_ji + v_i)."""
        shape = (len(A), *[1] * (v.ndim - 1))
        out = v[0] + A[:, 0].reshape(shape)
        for i in range(1, len(A)):
            np.logaddexp(out, v[i] + A[:, i].reshape(shape), out=out)
        return np.asarray(out)

    @staticmethod
    def pairs(before: FloatArray, A: FloatArray, after: FloatArray) -> FloatArray:
        """Return sum_s exp(before_is + A_ij + after_js)."""
        return np.asarray(np.exp(before[:, None] + A[:, :, None] + after).sum(axis=2))


Arithmetic = type[Products] | type[Logs]


class Blocks:
    """A chain cut into blocks, with one kind of arithmetic.

    Parameters
    ----------
    start, A : ndarray, shapes (k,) and (k, k)
        Probabilities.
    log_b : ndarray, shape (k, n)
        Log densities, in nats.
    begins : ndarray of int
        Where sequences begin; the first is 0.
    arithmetic : Products or Logs
    """

    def __init__(
        self,
        start: FloatArray,
        A: FloatArray,
        log_b: FloatArray,
        begins: np.ndarray,
        arithmetic: Arithmetic,
    ) -> None:
        self.do = arithmetic
        self.k, self.n = log_b.shape
        self.length = max(1, int(np.sqrt(self.n / 3)))
        self.blocks = -(-self.n // self.length)
        padded = np.zeros((self.k, self.length * self.blocks))
        padded[:, : self.n] = log_b
        alone = np.zeros(padded.shape[1], dtype=bool)  # the padding is sequences of one
        alone[begins] = alone[self.n :] = True
        with np.errstate(divide="ignore"):
            padded[:, alone] += np.log(start)[:, None]
            self.A = A if arithmetic is Products else np.log(A)
        shift = padded.max(axis=0)
        if not shift.min() > -np.inf:
            raise impossible(int(np.argmin(shift > -np.inf)))
        padded -= shift
        self.shift = float(shift[: self.n].sum())
        arranged = padded.reshape(self.k, self.blocks, self.length).transpose(2, 0, 1)
        self.b: FloatArray = np.ascontiguousarray(arithmetic.number(arranged))
        alone = alone.reshape(self.blocks, self.length)
        self.alone = [np.flatnonzero(column) for column in alone.T]

    def in_time(self, values: np.ndarray) -> np.ndarray:
        """Bring values of shape (length, ..., blocks) into the order of time, shape (..., n)."""
        ordered = np.moveaxis(values, 0, -1)
        return np.asarray(ordered.reshape(*ordered.shape[:-2], -1)[..., : self.n])

    def step(self, place: int, v: FloatArray) -> FloatArray:
        """Return what follows v, shape (k, ..., blocks), at a place in the blocks; not scaled."""
        do, b, alone = self.do, self.b[place], self.alone[place]
        b = b.reshape(self.k, *[1] * (v.ndim - 2), self.blocks)
        following = do.times(do.through(self.A.T, v), b)
        if len(alone):
            following[..., alone] = do.times(do.total(v[..., alone]), b[..., alone])
        return np.asarray(following)

    def transfers(self) -> FloatArray:
        """Return the transfer matrices, shape (to, from, blocks), each up to a factor."""
        one, zero = (1.0, 0.0) if self.do is Products else (0.0, -np.inf)
        M = np.full((self.k, self.k, self.blocks), zero)
        M[range(self.k), range(self.k)] = one
        for place in range(self.length):
            M = self.step(place, M)
            if place % self.do.rest == 0 or place == self.length - 1:
                M = self.do.over(M, M.max(axis=(0, 1)))
        return M

    def entering(self, M: FloatArray) -> FloatArray:
        """Return the forward vectors before each block, shape (k, blocks)."""
        do = self.do
        v = np.empty((self.k, self.blocks + 1))
        v[:, 0] = do.number(np.r_[0.0, np.full(self.k - 1, -np.inf)])  # forgotten at once
        matrices = np.ascontiguousarray(M.transpose(2, 0, 1))
        for s, matrix in enumerate(matrices):
            following = do.through(matrix, v[:, s])
            v[:, s + 1] = do.over(following, do.total(following))
        return v[:, :-1]

    def leaving(self, M: FloatArray, entering: FloatArray) -> FloatArray:
        """Return the backward vectors at the end of each block, shape (k, blocks)."""
        do = self.do
        w = np.empty((self.k, self.blocks))
        w[:, -1] = do.number(np.zeros(self.k))
        matrices = np.ascontiguousarray(M.transpose(2, 1, 0))
        for s in range(self.blocks - 1, 0, -1):
            before = do.through(matrices[s], w[:, s])
            before = do.over(before, before.max())
            w[:, s - 1] = do.over(before, do.total(do.times(entering[:, s], before)))
        return w

    def forward(self, entering: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return all forward vectors, (length, k, blocks), and their scales, (length, blocks)."""
        a, c = np.empty_like(self.b), np.empty((self.length, self.blocks))
        v = entering
        for place in range(self.length):
            v = self.step(place, v)
            c[place] = self.do.total(v)
            v = a[place] = self.do.over(v, c[place])
        return a, c

    def height(self, c: FloatArray) -> float:
        """Return the log-likelihood, given the scales, or raise an error that names the row."""
        with np.errstate(divide="ignore"):
            logs = self.in_time(np.log(c) if self.do is Products else c)
        if not logs.min() > -np.inf:
            raise impossible(int(np.argmin(logs > -np.inf)))
        return float(logs.sum()) + self.shift


def impossible(row: int) -> DegenerateError:
    """Return the error for a row that cannot be."""
    return DegenerateError(
        f"row {row} has probability 0 in every state that can be reached there; "
        "start from parameters that make every row possible"
    )


def smooth(start: FloatArray, A: FloatArray, log_b: FloatArray, begins: np.ndarray) -> Smoothed:
    """Return the posterior of the states; arguments as for `Blocks`.

    Raises
    ------
    DegenerateError
        If the data are impossible.
    """
    do: Arithmetic = Products if A.min() >= SMALL else Logs
    chain = Blocks(start, A, log_b, begins, do)
    M = chain.transfers()
    entering = chain.entering(M)
    a, c = chain.forward(entering)
    log_likelihood = chain.height(c)
    w = chain.leaving(M, entering)
    pairs = np.zeros_like(A)
    for place in range(chain.length - 1, -1, -1):
        after = do.over(do.times(chain.b[place], w), c[place])
        a[place] = do.times(a[place], w)
        w = do.through(chain.A, after)
        alone = chain.alone[place]
        if len(alone):
            w[:, alone] = do.total(after[:, alone])
            after[:, alone] = do.number(np.full((chain.k, 1), -np.inf))
        pairs += do.pairs(a[place - 1] if place else entering, chain.A, after)
    states = chain.in_time(do.probability(a))
    return Smoothed(states, states[:, begins].sum(axis=1), pairs, log_likelihood)
