"""The exercise of notebook 00, which shows what a check says; nobody grades it."""

import numpy as np

from emlib.checks import Exercise, Mistake, Output

share_of_heads = Exercise(
    name="share_of_heads",
    parameters=("heads", "tails"),
    outputs=(Output("shares", "an array of shape (n,), one number per row"),),
    answer=lambda heads, tails: heads / (heads + tails),
    examples=(
        (np.array([3, 8, 5]), np.array([1, 2, 5])),
        (np.array([2, 6]), np.array([4, 9])),
    ),
    mistakes=(
        Mistake(
            "divided by tails",
            "It looks as if you divided heads by tails: those are the odds. A share is a part of "
            "the whole, and the whole is all flips of the row.",
            lambda heads, tails: heads / tails,
        ),
        Mistake(
            "heads and tails swapped",
            "It looks as if you returned the share of tails.",
            lambda heads, tails: tails / (heads + tails),
        ),
        Mistake(
            "divided by all rows' flips",
            "It looks as if you divided by the flips of all rows together. Each row has its own.",
            lambda heads, tails: heads / (heads + tails).sum(),
        ),
        Mistake(
            "all rows together",
            "It looks as if you added the rows up first. Each row has a share of its own.",
            lambda heads, tails: heads.sum() / (heads + tails).sum(),
        ),
        Mistake(
            "decimals cut off",
            "It looks as if the decimals were cut off. In Python, `//` does that.",
            lambda heads, tails: heads // (heads + tails),
        ),
        Mistake(
            "per cent",
            "It looks as if you returned per cent. A share is a number from 0 to 1.",
            lambda heads, tails: 100 * heads / (heads + tails),
        ),
    ),
    hints=(
        "How many flips has the first row, with 3 heads and 1 tail? What part of them are heads?",
        "NumPy adds two arrays, and divides them, row by row: no loop is needed.",
        "Divide `heads` by the flips of each row, `heads + tails`, and return the result.",
    ),
)
