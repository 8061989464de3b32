"""Exercise 1.3: the arithmetic and the geometric mean in the log domain."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from emlib.checks import Mistake, Output
from key.exercise import Exercise, Rng
from key.jensen._draw import spread
from key.jensen._formulas import NOT_THE_LARGEST, UNDERFLOW, Array


def _log_means(log_u: Array, w: Array) -> tuple[Array, Array]:
    return logsumexp(np.log(w) + log_u), w @ log_u


def _draw(rng: Rng, k: int, far: Array) -> tuple[Array, ...]:
    """Draw k logarithms around `far`, a number or one for each, and weights."""
    return spread(rng, k) + np.asarray(far), rng.permutation(np.arange(1.0, k + 1)) * 2 / (
        k * (k + 1)
    )


def cases(rng: Rng) -> list[tuple[Array, ...]]:
    sizes = [(3, 0), (5, 0), (4, -1900), (3, [1700, 0, -1900])]
    return [_draw(rng, k, far) for k, far in sizes]


log_means = Exercise(
    name="log_means",
    parameters=("log_u", "w"),
    outputs=(Output("log_am", "a single number"), Output("log_gm", "a single number")),
    answer=_log_means,
    examples=(
        (np.log([1.0, 4.0]), np.array([0.5, 0.5])),
        (np.log([0.5, 2.0, 8.0]), np.array([0.2, 0.5, 0.3])),
        (np.array([-2000.0, -1999.0, -2001.0]), np.array([0.6, 0.3, 0.1])),
        (np.array([-2000.0, 2000.0, 1998.0]), np.array([0.4, 0.1, 0.5])),
    ),
    mistakes=(
        Mistake(
            "the two means swapped",
            "It looks as if the two were exchanged: `log_am`, the arithmetic mean, comes first, "
            "and is never the smaller.",
            lambda log_u, w: _log_means(log_u, w)[::-1],
        ),
        Mistake(
            "log of a sum taken for a sum of logs",
            "`log_am` looks like the mean of the logarithms. That is the geometric mean; for the "
            "arithmetic mean the numbers are averaged first, then comes the logarithm.",
            lambda log_u, w: w @ log_u,
            part="log_am",
        ),
        Mistake(
            "sum instead of mean",
            "`log_am` looks like the log of the plain sum: the weights `w` were not used.",
            lambda log_u, w: logsumexp(log_u),
            part="log_am",
        ),
        Mistake(
            "weights forgotten",
            "`log_am` looks like the log of a mean with equal weights: use `w`.",
            lambda log_u, w: logsumexp(log_u) - np.log(len(log_u)),
            part="log_am",
        ),
        Mistake(
            "weights inside the exponential",
            "In `log_am` the logarithms look multiplied by the weights. A weight multiplies the "
            "number itself; what does that do to its logarithm?",
            lambda log_u, w: logsumexp(w * log_u),
            part="log_am",
        ),
        Mistake(
            "weights added to logarithms",
            "In `log_am` the weights look added to the logarithms. A weight multiplies the number "
            "itself; what does that do to its logarithm?",
            lambda log_u, w: logsumexp(w + log_u),
            part="log_am",
        ),
        Mistake(
            "factor not put back",
            "In `log_am` a factor looks taken out of the sum and not put back.",
            lambda log_u, w: logsumexp(log_u - log_u.max(), b=w),
            part="log_am",
        ),
        Mistake(
            "the largest term alone",
            "`log_am` looks like the largest of the logarithms. The other terms count, too, and "
            "so do the weights.",
            lambda log_u, w: log_u.max(),
            part="log_am",
        ),
        Mistake("underflow", UNDERFLOW, lambda log_u, w: np.log(w @ np.exp(log_u)), part="log_am"),
        *(
            Mistake(
                "factor that is not the largest term",
                NOT_THE_LARGEST,
                lambda log_u, w, c=c: c(log_u) + np.log(w @ np.exp(log_u - c(log_u))),
                part="log_am",
            )
            for c in (np.min, np.mean)
        ),
        *(
            Mistake(
                "logarithms cut off",
                "It looks as if very large and very small logarithms were cut off. Then the result "
                "is that of other numbers.",
                lambda log_u, w, c=c: np.log(w @ np.exp(np.clip(log_u, -c, c))),
                part="log_am",
            )
            for c in (500, 700)
        ),
        Mistake(
            "logarithm taken twice",
            "It looks as if `log_u` was taken for the numbers themselves. It holds their "
            "logarithms.",
            lambda log_u, w: (np.log(w @ log_u), w @ np.log(log_u)),
        ),
        Mistake(
            "logarithm missing",
            "`log_am` looks like the mean itself. Its logarithm is asked for.",
            lambda log_u, w: w @ np.exp(log_u),
            part="log_am",
        ),
        Mistake(
            "sum instead of mean",
            "`log_gm` looks like the sum of the logarithms, the log of a product: the weights `w` "
            "were not used.",
            lambda log_u, w: log_u.sum(),
            part="log_gm",
        ),
        Mistake(
            "weights forgotten",
            "`log_gm` looks like a mean with equal weights: use `w`.",
            lambda log_u, w: log_u.mean(),
            part="log_gm",
        ),
        Mistake(
            "logarithm taken twice",
            "In `log_gm` it looks as if `log_u` was taken for the numbers themselves, or one "
            "logarithm too many was taken.",
            lambda log_u, w: np.log(w @ log_u),
            part="log_gm",
        ),
        Mistake(
            "weights taken for factors",
            "In `log_gm` the weights look multiplied with the numbers. In the geometric mean they "
            "are exponents; what does an exponent do to a logarithm?",
            lambda log_u, w: np.sum(np.log(w) + log_u),
            part="log_gm",
        ),
        Mistake(
            "sum of logs taken for the log of a sum",
            "`log_gm` looks like the log of the arithmetic mean. For the geometric mean the "
            "logarithms are averaged.",
            lambda log_u, w: logsumexp(np.log(w) + log_u),
            part="log_gm",
        ),
        Mistake(
            "logarithm missing",
            "`log_gm` looks like the mean itself. Its logarithm is asked for.",
            lambda log_u, w: np.exp(w @ log_u),
            part="log_gm",
        ),
        Mistake(
            "underflow",
            UNDERFLOW,
            lambda log_u, w: np.log(np.prod(np.exp(log_u) ** w)),
            part="log_gm",
        ),
        Mistake("underflow", UNDERFLOW, lambda log_u, w: w @ np.log(np.exp(log_u)), part="log_gm"),
    ),
    hints=(
        "Write both means as formulas, and take the logarithm of each. One of the two becomes a "
        "plain weighted sum of what you are given.",
        "The other is the log of a sum of terms w u. What is the logarithm of one such term? "
        "`logsumexp` takes it from there.",
        "`log_gm` is `w @ log_u`. For `log_am`, turn each product w u into a sum of two "
        "logarithms, and give these to `logsumexp`.",
    ),
    cases=cases,
)
