"""Compare a guess, made before a cell is run, with what comes out."""

from __future__ import annotations

from numbers import Real

from emlib.words import _

NOT_YET = _("No guess yet. It is {right}. Write a guess into the cell above next time: it helps.")
NO_NUMBER = _(
    "It is {right}. A guess here is a number, such as `guess = {example}`, not {guess!r}."
)
CLOSE = _("You guessed {guess}, and it is {right}: close.")
MORE, LESS = _("more"), _("less")
FAR = _("You guessed {guess}. It is {right}, which is {more} by {difference}.")
SAME = _("You said {guess}, and so it is.")
OTHER = _("You said {guess}. It is {right}.")


def compare(guess: Real | str | None, right: Real | str, *, digits: int = 3) -> None:
    """Print in one sentence how a guess compares with what is right.

    It never raises for a strange guess: a notebook goes on.

    Parameters
    ----------
    guess : number, str or None
        What the reader wrote; None or an empty text if nothing.
    right : number or str
        What came out: a number, or a text such as ``"b"``; then case does not matter.
    digits : int, optional
        The significant digits that are printed of numbers.

    Examples
    --------
    >>> compare(0.5, 0.7483)
    You guessed 0.5. It is 0.748, which is more by 0.248.
    >>> compare("B", "b")
    You said b, and so it is.
    >>> compare(None, 20)
    No guess yet. It is 20. Write a guess into the cell above next time: it helps.
    """
    print(_sentence(guess, right, digits))


def _sentence(guess: object, right: Real | str, digits: int) -> str:
    if isinstance(right, str):
        said = "" if guess is None else str(guess).strip().lower()
        words = SAME if said == right.lower() else OTHER if said else NOT_YET
        return words.format(guess=said, right=right)
    told = f"{float(right):.{digits}g}"
    if guess is None or (isinstance(guess, str) and not guess.strip()):
        return NOT_YET.format(right=told)
    try:
        number = float(guess)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return NO_NUMBER.format(right=told, example=told, guess=guess)
    difference = float(right) - number
    facts = {"guess": f"{number:.{digits}g}", "right": told}
    if abs(difference) <= 0.05 * abs(float(right)):
        return CLOSE.format(**facts)
    more = MORE if difference > 0 else LESS
    return FAR.format(**facts, more=more, difference=f"{abs(difference):.{digits}g}")
