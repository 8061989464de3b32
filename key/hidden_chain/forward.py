"""Exercise 7.1: the forward recursion in the log domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import logsumexp

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.gaussian_mixture._formulas import Array
from key.hidden_chain import _loops
from key.hidden_chain._draw import transitions


def _move(log_a: Array, log_A: Array) -> Array:
    return logsumexp(log_a[:, None] + log_A, axis=0)


def _run(
    pi: Array,
    A: Array,
    b: Array,
    first: Callable[..., Array] = lambda pi, A, b: pi + b[0],
    following: Callable[..., Array] = lambda a, A, b, i: _move(a, A) + b[i],
) -> Array:
    """Return the recursion with another beginning, or another step."""
    rows = [first(pi, A, b)]
    for i in range(1, len(b)):
        rows.append(following(rows[-1], A, b, i))
    return np.array(rows)


def _answer(pi: Array, A: Array, b: Array) -> tuple[Array, Array]:
    log_a = _run(pi, A, b)
    return log_a, logsumexp(log_a[-1])


def _plain(pi: Array, A: Array, b: Array) -> Array:
    """Return the logarithms of what plain probabilities give."""
    first, following = lambda p, A, b: p * b[0], lambda a, A, b, i: a @ A * b[i]
    return np.log(_run(np.exp(pi), np.exp(A), np.exp(b), first, following))


def _scaled(a: Array, A: Array) -> Array:
    """Move probabilities, the largest of which is made 1 first."""
    return np.log(np.exp(a - a.max()) @ np.exp(A)) + a.max()


def _rounded(a: Array, b: Array) -> Array:
    """Multiply probabilities so scaled, too."""
    return np.log(np.exp(a - a.max()) * np.exp(b - b.max())) + a.max() + b.max()


SCALED = (
    "It looks as if the probabilities of a row were scaled, by the largest or by their sum. A "
    "state far below the best of its row underflows to 0 then, though it alone may lead on. Stay "
    "with logarithms."
)
WRONG_WAYS: tuple[tuple[str, str, dict[str, Callable[..., Array]]], ...] = (
    (
        "start forgotten",
        "It looks as if `log_pi` was left out: row 0 is how probable the first state is, times "
        "what it shows.",
        {"first": lambda pi, A, b: b[0]},
    ),
    (
        "first row shows nothing",
        "It looks as if row 0 is `log_pi` alone. The first row of data counts too.",
        {"first": lambda pi, A, b: pi},
    ),
    (
        "moved before the first row",
        "It looks as if the chain moved before the first row. `log_pi` is the distribution of the "
        "first state itself.",
        {"first": lambda pi, A, b: _move(pi, A) + b[0]},
    ),
    (
        "transitions read backward",
        "It looks as if the transitions were read from the new state to the old: `log_A[j, l]` "
        "leads from j to l, so the sum runs over its first axis.",
        {"following": lambda a, A, b, i: _move(a, A.T) + b[i]},
    ),
    (
        "largest term for the sum",
        "It looks as if only the most probable way to each state was counted. All ways count: add "
        "their probabilities.",
        {"following": lambda a, A, b, i: (a[:, None] + A).max(axis=0) + b[i]},
    ),
    (
        "logarithms added up for the sum",
        "It looks as if logarithms of the ways were added. That multiplies the ways; their "
        "probabilities are to be added, inside one logarithm.",
        {"following": lambda a, A, b, i: (a[:, None] + A).sum(axis=0) + b[i]},
    ),
    (
        "logarithms multiplied",
        "It looks as if logarithms were multiplied with each other, as by `@`. A product of "
        "probabilities is a sum of logarithms.",
        {"following": lambda a, A, b, i: a @ A + b[i]},
    ),
    (
        "data left out",
        "It looks as if `log_b` counts in the first row only. Every row shows something.",
        {"following": lambda a, A, b, i: _move(a, A)},
    ),
    (
        "data of the row before",
        "It looks as if row i used what row i - 1 shows.",
        {"following": lambda a, A, b, i: _move(a + b[i - 1], A)},
    ),
    (
        "data inside the sum",
        "It looks as if `log_b` was added to the state that is left. What row i shows depends on "
        "the state that is entered.",
        {"following": lambda a, A, b, i: _move(a + b[i], A)},
    ),
    (
        "normalised in each row",
        "It looks as if every row was normalised. That is a fine way to stay in range, but the "
        "joint probability is asked for: the factors taken out belong back in.",
        {
            "first": lambda pi, A, b: pi + b[0] - logsumexp(pi + b[0]),
            "following": lambda a, A, b, i: _move(a, A) + b[i] - logsumexp(_move(a, A) + b[i]),
        },
    ),
    ("underflow", SCALED, {"following": lambda a, A, b, i: _scaled(a, A) + b[i]}),
    (
        "underflow",
        SCALED,
        {
            "first": lambda pi, A, b: _rounded(pi, b[0]),
            "following": lambda a, A, b, i: _rounded(_scaled(a, A), b[i]),
        },
    ),
    (
        "rows taken as independent",
        "It looks as if each row began anew from `log_pi`. That is a mixture; in a chain the state "
        "depends on the one before.",
        {},
    ),
)


def _wrong(pi: Array, A: Array, b: Array, way: dict[str, Callable[..., Array]]) -> Array:
    return _run(pi, A, b, **way) if way else pi + b


def _mistakes() -> Iterator[Mistake]:
    for name, says, way in WRONG_WAYS:

        def both(*x: Array, way: dict[str, Callable[..., Array]] = way) -> tuple[Array, Array]:
            log_a = _wrong(*x, way)
            return log_a, logsumexp(log_a[-1])

        yield Mistake(name, says, both)
        yield Mistake(name, says, lambda *x, f=both: f(*x)[0], "log_a")
    underflow = (
        "It works for short series, but a product of hundreds of probabilities underflows to 0. "
        "Stay with logarithms all the way: log-sum-exp in every row."
    )
    yield Mistake("underflow", underflow, lambda *x: (_plain(*x), logsumexp(_plain(*x)[-1])))
    yield Mistake("underflow", underflow, lambda *x: _plain(*x), "log_a")
    for name, says, part, gives in (
        (
            "probabilities returned",
            "It looks as if you returned probabilities. Their logarithms are asked for.",
            "log_a",
            lambda *x: np.exp(_answer(*x)[0]),
        ),
        (
            "probability returned",
            "It looks as if you returned the probability. Its logarithm is asked for.",
            "log_likelihood",
            lambda *x: np.exp(_answer(*x)[1]),
        ),
        (
            "largest term for the sum",
            "It looks as if only the most probable last state was counted. Add over all of them.",
            "log_likelihood",
            lambda *x: _answer(*x)[0][-1].max(),
        ),
        (
            "logarithms added up for the sum",
            "It looks as if the logarithms of the last row were added. Add its probabilities, and "
            "take one logarithm.",
            "log_likelihood",
            lambda *x: _answer(*x)[0][-1].sum(),
        ),
        (
            "all rows added",
            "It looks as if all rows of `log_a` were added. The last row alone knows all the data.",
            "log_likelihood",
            lambda *x: logsumexp(_answer(*x)[0], axis=1).sum(),
        ),
        (
            "all rows added",
            "It looks as if all entries of `log_a` were added. The last row alone knows all the "
            "data.",
            "log_likelihood",
            lambda *x: logsumexp(_answer(*x)[0]),
        ),
        (
            "all rows added",
            "It looks as if all entries of `log_a` were added. The last row alone knows all the "
            "data.",
            "log_likelihood",
            lambda *x: _answer(*x)[0].sum(),
        ),
        *(
            (
                "only one state",
                "It looks as if one state of the last row was taken. The series may end in any.",
                "log_likelihood",
                lambda *x, state=state: _answer(*x)[0][-1, state],
            )
            for state in (0, -1)
        ),
        (
            "underflow",
            "It works for short series, but the probabilities of the last row of a long one "
            "underflow to 0. Stay with logarithms to the end: log-sum-exp.",
            "log_likelihood",
            lambda *x: np.log(np.exp(_answer(*x)[0][-1]).sum()),
        ),
    ):
        yield Mistake(name, says, gives, part)


def _draw(rng: Rng, n: int, k: int, low: float, zero: bool) -> tuple[Array, Array, Array]:
    """Draw log_pi, log_A and log_b of about `low`; with a transition that is impossible."""
    A = transitions(rng, k)
    if zero:
        A[0, 1] = 0
        A /= A.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        log_A = np.log(A)
    return np.log(rng.dirichlet(1 + np.arange(k))), log_A, low + rng.uniform(-3, 0, (n, k))


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = [
        (5, 2, 0, False),
        (4, 3, 0, True),
        (1, 3, 0, False),
        (40, 3, -40, False),
        (6, 4, -1900, False),
    ]
    log_pi, log_A, log_b = _draw(rng, 5, 3, -1900, True)
    log_A[:, 2] = -np.inf  # once left, state 2 is never entered again
    log_A[2, :2] = np.log([0.4, 0.6])
    log_b[1, 0] += 1000  # beside which the others underflow, though they alone lead to state 1
    return [*(_draw(rng, *size) for size in sizes), (log_pi, log_A, log_b)]


_SEVEN = np.log([[0.5, 0.2], [0.1, 0.4], [0.3, 0.7], [0.6, 0.2]])
with np.errstate(divide="ignore"):
    _SHUT = np.log([[0.5, 0.5, 0.0], [0.2, 0.2, 0.6], [0.3, 0.6, 0.1]])
    _LEFT = np.log([[1.0, 0.0, 0.0], [0.3, 0.7, 0.0], [0.4, 0.6, 0.0]])

forward = Exercise(
    name="forward",
    parameters=("log_pi", "log_A", "log_b"),
    outputs=(
        Output("log_a", "an array of shape (n, k), a row per row of data and a column per state"),
        Output("log_likelihood", "a single number"),
    ),
    answer=_answer,
    examples=(
        # Row 1 is (0.5, 0.1) for two states that are equally probable at first.
        (np.log([0.5, 0.5]), np.log([[0.9, 0.1], [0.4, 0.6]]), np.log([[1.0, 0.2], [0.5, 0.7]])),
        (np.log([0.7, 0.3]), np.log([[0.8, 0.2], [0.3, 0.7]]), _SEVEN),
        (
            np.log([0.2, 0.3, 0.5]),
            _SHUT,
            np.log([[0.1, 0.4, 0.2], [0.6, 0.1, 0.9], [0.2, 0.5, 0.3]]),
        ),
        (np.log([0.6, 0.4]), np.log([[0.7, 0.3], [0.1, 0.9]]), np.tile([-75.0, -76.5], (12, 1))),
        (np.log([0.6, 0.4]), np.log([[0.7, 0.3], [0.1, 0.9]]), np.array([[-1999.0, -2001.0]] * 3)),
        # Nothing leads to state 2, nor from state 0, which shows row 1 best, to state 1.
        (np.log([0.2, 0.3, 0.5]), _LEFT, -np.array([[3.0, 5, 4], [3, 1003, 1002], [4, 2, 5]])),
    ),
    mistakes=tuple(_mistakes()),
    hints=(
        "Row 0 has no row before it: the log of the start distribution plus the log-density of the "
        "first row. What must be added up for row 1?",
        "`log_a[i - 1][:, None] + log_A` has the way from j to l in row j and column l. Sum the "
        "probabilities over the state that is left, in the log domain, and add `log_b[i]`.",
        "`np.logaddexp.reduce(table, axis=0)` takes the log of the sum of exponentials down each "
        "column. The log-likelihood is the same of the last row.",
    ),
    cases=cases,
    in_loops=_loops.forward,
    nats=("log_a", "log_likelihood"),
)
