"""Say in words what the commonest errors of Python and NumPy mean."""

from __future__ import annotations

import re

from emlib.words import _

# Of an error's type and text, the first that fits; what the brackets find stands in the words.
REFUSED = _(
    "A function refuses what it was given, and says what it wants. Are its arguments in the"
    " right order, and are they the ones that belong there?"
)
KNOWN: dict[tuple[str, str], str] = {
    ("NameError", r"name '(\w+)' is not defined"): _(
        "Python knows no `{0}` there. Is it an argument under another name, a name that is made"
        " later or misspelt, or something of another cell? Work with the arguments."
    ),
    ("UnboundLocalError", r"variable '(\w+)'"): _(
        "`{0}` has no value yet when it is used. Is it set only inside a loop or an `if` that "
        "was not passed? Or does `{0} += ...` come before a first `{0} = ...`?"
    ),
    ("ValueError", r"truth value of an array"): _(
        "An array was asked whether it is true, as by `if`, `and`, `or`, `max` or `a <= x <= "
        "b`; but each entry has its own answer. Join comparisons of arrays with `&`, each in "
        "brackets, or go through the entries in a loop."
    ),
    ("TypeError", r"can be converted to Python scalars|can only convert an array of size 1"): _(
        "A function that takes one number, such as those of `math` or `float`, met a whole "
        "array. NumPy's, such as `np.log`, take arrays."
    ),
    ("ValueError", r"math domain error|expected a (?:nonnegative|positive) input"): _(
        "`math` refuses the logarithm of 0 and the root of a negative number. Can an argument "
        "be 0 there? Such terms need a rule of their own."
    ),
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)"): _(
        "Entry number {0} was asked for where there are {2}, and the last has number {2} - 1. "
        "Does a loop run over another length, or over one that is written into the function? Or"
        " are row and column exchanged?"
    ),
    ("IndexError", r"index out of range"): _(
        "An entry was asked for that a list does not have. Does a loop run over another length,"
        " or over one that is written into the function?"
    ),
    ("IndexError", r"too many indices|invalid index to scalar"): _(
        "An array was given more indices than it has axes: it is a vector or a number where a "
        "table was expected."
    ),
    ("IndexError", r"must be of integer|only integers"): _(
        "A number with decimals, or an array of such, was used as an index. An index is a whole"
        " number: is it the place that is wanted, or the value that stands there?"
    ),
    ("IndexError", r"boolean index did not match"): _(
        "A mask of true and false has another shape than the array that it picks from. Take the"
        " mask of the same rows, and of the same axis."
    ),
    ("ValueError", r"setting an array element with a sequence|inhomogeneous"): _(
        "Pieces of different shapes were put where numbers belong. Does a function that returns"
        " several results need unpacking, as in `a, b = ...`? Or are rows of different lengths?"
    ),
    ("ValueError", r"(?:too many|not enough) values to unpack"): _(
        "The left of an `=` has another number of names than the right has values. How many "
        "results does that function return, and how many axes has that array?"
    ),
    ("ValueError", r"to negative integer powers"): _(
        "NumPy takes no negative power of a whole number. Write the base with a dot, `10.0`."
    ),
    ("TypeError", r"unsupported operand type\(s\) for .*'(?:list|tuple)'|multiply sequence"): _(
        "A list or a tuple was taken for an array: lists do not calculate entry by entry. "
        "`np.array(...)` makes an array of one. Or does a function return several results?"
    ),
    ("TypeError", r"NoneType"): _(
        "Something there is `None`: a function without `return` gives it, and so do "
        "`list.append` and `list.sort`, which change the list and return nothing."
    ),
    ("TypeError", r"'(.+)' object is not callable"): _(
        "Brackets follow something that is no function. Is a `*` missing, or are `[]` meant?"
    ),
    ("TypeError", r"object is not (?:iterable|subscriptable)|has no len\(\)|unsized object"): _(
        "A single number was taken for an array or a list: it has no entries to go through. "
        "Which argument or result is a number?"
    ),
    ("TypeError", r"cannot be interpreted as an integer"): _(
        "A number with decimals, or an array, stands where a whole number is needed, as in "
        "`range`. `len(...)` or `.shape` tells how many entries an array has."
    ),
    ("TypeError", r"missing \d+ required positional|takes .* positional arguments? but"): _(
        "A function was called with too few or too many arguments. Look at its `def` line."
    ),
    ("AttributeError", r"'(?:list|tuple|int|float)' object has no attribute '(\w+)'"): _(
        "Only an array knows `{0}`; that is a list, a tuple or a number."
    ),
    ("AttributeError", r"has no attribute '(\w+)'"): _(
        "There is no `{0}` there: is it misspelt, or part of another package?"
    ),
    ("TypeError", r"\bmust (?:be|hold|have|match)\b"): REFUSED,
    ("ValueError", r"\bmust (?:be|hold|have|match)\b"): REFUSED,
    ("ZeroDivisionError", r""): _(
        "Something was divided by 0: is a count, a sum or a length 0 there? Or did a number "
        "underflow?"
    ),
    ("OverflowError", r""): _(
        "A number got too large. Stay with logarithms, or take the largest one out first."
    ),
    ("DegenerateError", r""): _(
        "A function of the course found that nothing, or a single row, is left for a component. "
        "Does it get what belongs there: all rows, and their shares as they are, not rounded to 0 "
        "and 1, and not rows and columns exchanged?"
    ),
    ("LinAlgError", r""): _(
        "A matrix cannot be inverted or factored: it is singular, not square, or no covariance."
        " Look at what it is made of."
    ),
    ("RecursionError", r""): _("The function calls itself without end."),
}


def meaning(error: str, message: str, seen: bool) -> str:
    """Return a helpful sentence for an error, or an empty string.

    Parameters
    ----------
    error, message : str
        The error's type and text.
    seen : bool
        Whether the student may know the numbers in it: those of hidden inputs are not told.
    """
    for (kind, pattern), words in KNOWN.items():
        found = re.search(pattern, message)
        if kind == error and found and (seen or not any(one.isdigit() for one in found.groups())):
            return words.format(*found.groups())
    return ""
