"""The colours, dashes, markers and letters of every picture: one place for all.

The colours are those of Okabe and Ito, told apart by colour-blind readers too; no meaning
rests on colour alone, so each component also has its own dash and marker.
"""

COMPONENT_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
COMPONENT_DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
COMPONENT_MARKERS = ("o", "s", "^", "D", "v", "P")
NEUTRAL = "#6E6E6E"  # readable on white and on black


def component_name(j: int, k: int) -> str:
    """Return the name of component j: letters, as in coin A and coin B, for up to 26."""
    if not 0 <= j < k:
        raise ValueError(f"j must be a component from 0 to {k - 1}, not {j}")
    return chr(ord("A") + j) if k <= 26 else str(j + 1)
