"""The words of the checks that fit every exercise; an exercise adds those of its own mistakes."""

from emlib.words import _

NOT_ATTEMPTED = _(
    "Write your code in place of the line `raise NotImplementedError(...)`, run that cell, "
    "then this one again. Stuck? Run `exercises.{exercise}.hint()`."
)
STEP_NOT_ATTEMPTED = _("It calls your `{step}`, which is not written yet: do that exercise first.")
STEP_NOT_RIGHT = _(
    "It builds on your `{step}`, which is not right yet. Run the check of `{step}` first: it says "
    "why."
)
NOT_A_FUNCTION = _(
    "`{exercise}` is not a function but a {type}: the name was given to something else. "
    "Run the cell with `def {exercise}(...)` again."
)
SIGNATURE = _("Python could not call it: keep the first line `def {exercise}({parameters}):`.")
ERROR = _("It stopped with `{error}`{place}")
ERROR_HIDDEN = _("On other inputs than the visible ones it stopped with `{error}`{place}")
PAIRING = _(
    "NumPy could not pair two arrays: it lines up their last axes, then the ones before these, and "
    "lengths that meet must be equal, or one of them 1.{told} `x[:, None]` makes a column of `x`, "
    "and a sum with `keepdims=True` keeps its axis, with length 1."
)
PAIRING_SEEN = _(" Here shapes `{one}` and `{other}` met, so {a} stood beside {b}.")
PRODUCT = _(
    "NumPy could not form a product: the last axis of the first array must be as long as the axis "
    "of the second that it is summed with, which is the last but one, or the only one.{told} "
    "`.T` exchanges the axes of a table."
)
PRODUCT_SEEN = _(" Here {0} met {1}.")
HUNG = {
    "computing": (
        "endless loop",
        _(
            "Is there a loop that never ends? After {seconds:g} seconds of computing it was still "
            "running{place}"
        ),
    ),
    "waiting": (
        "waits too long",
        _(
            "Is there a loop that never ends? Or does it sleep, or wait for something? After "
            "{seconds:g} seconds by the clock, {computed:.0f} of them spent computing, it was "
            "still running{place}"
        ),
    ),
}
NO_INPUT = _("nobody types anything during a check; take what you need from the arguments")
HUNG_BEFORE = _("It did not finish when it was called before, so it was not called again.")
PLACE = _(" in line {line} of its cell:\n{code}")
TRY = _(" Try it: `{exercise}(*exercises.{exercise}.examples[{i}])`.")

EMLIB = _("It calls emlib{seen}. This exercise asks you to write the step yourself.")
NONE = _("It returned `None`. Does every way through your function end in a `return`?")
NONE_PRINTED = _("It printed something and returned `None`: replace the `print` by a `return`.")
COUNT = _("It should return {n} values, `{names}`, in this order. Yours is not {n} values.")
NOT_IN_ORDER = _("It should return {n} values, `{names}`, in this order. Yours is a `{type}`.")
TYPE = _("`{name}` should be {shape}. Yours, of type `{type}`, cannot be read as numbers.")
FAILS = _("Working out `{name}` ends with a `{error}`.")
HOLDS_NONE = _("`{name}` holds `None` where a number should stand.")
AND = _(" and ")
MISSING = _("`None` stands in the place of {names}: nothing to look at there yet.")
SHAPE = _("`{name}` should be {shape}. The shape of yours is another.")
SHAPE_SEEN = _("`{name}` should be {shape}{here}. Yours is {yours}.")
A_NUMBER = _("a single number")
AN_ARRAY = _("an array of shape `{shape}`")
HERE = _(", here `{right}`")
TRANSPOSED = _(" It looks as if rows and columns were exchanged.")
ROW_SUMS = _("Each row of `{name}` should sum to 1. Yours do not.")
ROW_SUMS_SEEN = _("Each row of `{name}` should sum to 1. Yours sum to {sums}.")

CONSTANT = _(
    "It returns the same numbers whatever its arguments are: were the numbers of an example "
    "written into it? Compute the result from the arguments."
)
ALL_ZERO = _(
    "It returns 0 whatever its arguments are. Are decimals cut off, by `//`, `int` or an array of "
    "integers? Is something limited, as by `max` or `clip`? Are brackets missing, so that "
    "something is taken from itself? Or does a condition never hold?"
)
ROUNDED = _(
    "`{name}` is right but rounded to {digits} decimals: return it unrounded. (One read off a grid "
    "looks like that, too.)"
)
ROUGHLY = _(
    "`{name}` is only about right: close to the right number, but another. Is it simulated, read "
    "off a grid, left to an optimiser, approximated, or rounded on the way? Is a small term "
    "missing, or one too many? Or do two large numbers, almost the same, cancel?"
)
NOT_FINITE = _(
    "`{name}` holds `nan` or infinity. Look for a division by 0, a `log(0)`, or numbers so small "
    "that they underflow to 0."
)
LARGER, SMALLER = _("larger"), _("smaller")
TOO_FAR = _("`{where}` is {value:.6g} but should be {direction}. Work that number out by hand.")
WRONG_HIDDEN = _("`{name}` is right on the visible examples but not on other inputs.")

ONE_CHANGE = _(
    "For all examples to come out right, only line {line} of its cell has to change. Look at "
    "`{text}` there: {kind}"
)
ONE_CHANGE_OF_PART = _(
    "For {names} to come out right in all examples, only line {line} of its cell has to change. "
    "Look at `{text}` there: {kind} What else is wrong may follow from this or be another mistake."
)
CHANGES = {
    "axis": _("along which axis should it go, and which axes should it keep?"),
    "limit": _("it changes numbers that should stay as they are."),
    "condition": _("its condition is not the one that is meant."),
    "mask": _("what it leaves out is needed, or must be left out of what goes with it, too."),
    "case": _("one of its two cases is not what is meant, or should never be taken."),
    "function": _("another function belongs in its place."),
    "operator": _("another sign or operator belongs there."),
    "swap": _("what stands on its two sides, or its arguments, should change places."),
    "order": _("the results belong in another order."),
    "brackets": _("brackets are missing, or stand in the wrong place."),
    "number": _("a number is not the right one."),
    "never": _("what stands under it should never be done."),
    "always": _("what stands under it should be done always."),
    "place": _(
        "it stands in the wrong place: before or after its neighbour, inside or outside of the "
        "loop."
    ),
    "name": _("another variable belongs there."),
    "superfluous": _("it does something more than it should."),
    "entry": _("other entries should be picked there, or all of them."),
    "index": _("it picks some, or puts them in order, where all are needed as they are."),
    "line": _("it should not be there at all."),
    "sum": _("a sum, a mean or a difference is still missing."),
    "sum or not": _("something is superfluous there, or a sum, a mean or a difference is missing."),
    "log": _("a step is missing after it: a logarithm, a power, a root, a sign, `1 -` or `1 /`."),
    "float": _("decimals are cut off there."),
    "transpose": _("rows and columns, a diagonal, or a sign are still to be put right."),
}

UNUSED = _("Your function never uses `{names}`. What depends on it?")
RIGHT_BUT = _(
    "`{part}` is right in {right} of {n} calls. All others, and only they, have this in common: "
    "{where}. That may be chance, or else what your function does not allow for."
)
ENTRIES_BUT = _(
    "Some entries of `{name}` are right. Those are wrong, and no others, {where}. What does your "
    "function do with these? Are they left out, limited as by `clip`, or of another formula?"
)
ON_SOME_CALLS = _("Of the calls on which it is wrong: {says}")
AS_WELL = _("; ")
WHERE_MORE_THAN_TWO = _("`{name}` has more than two entries")
WHERE_MORE_THAN_ONE = _("`{name}` has more than one entry")
WHERE_DIFFERENT = _("the entries of `{name}` are not all the same")
WHERE_NOT_SIDE_BY_SIDE = _("equal entries of `{name}` do not stand side by side")
WHERE_NOT_ASCENDING = _("`{name}` does not ascend")
WHERE_NOT_DESCENDING = _("`{name}` does not descend")
WHERE_TWICE = _("`{name}` holds a number twice")
WHERE_COLUMNS = _("`{name}` has more than two columns")
WHERE_ROWS = _("`{name}` has more than two rows")
WHERE_ONE_ROW = _("`{name}` has more than one row")
WHERE_ONE_COLUMN = _("`{name}` has more than one column")
WHERE_SUMS = _("the rows of `{name}` do not sum to the same")
WHERE_EMPTY_ROW = _("a row of `{name}` is all 0")
WHERE_NOT_SYMMETRIC = _("`{name}` is not symmetric")
WHERE_NAN_COLUMN = _("column {column} of `{name}` holds a `nan`")
WHERE_ZERO = _("`{name}` holds a 0")
WHERE_NEGATIVE = _("`{name}` holds a negative number")
WHERE_NAN = _("`{name}` holds a `nan`")
WHERE_NOT_WHOLE = _("`{name}` holds a number that is not whole")
WHERE_LARGER = _("`{name}` is larger than {least}")
WHERE_IS_ZERO = _("`{name}` is 0")
WHERE_IS_NEGATIVE = _("`{name}` is negative")
WHERE_IS_NOT_WHOLE = _("`{name}` is not whole")
WHERE_UNEQUAL = _("`{name}` and `{other}` differ")
WHERE_UNDERFLOWS = _("`{name}` is so small that `np.exp` of it underflows to 0")
WHERE_LARGE = _(
    "`{name}` holds very large numbers, with which probabilities may underflow or sink below what "
    "is added for safety, whole numbers overflow and differences cancel"
)
WHERE_EDGE = _("`{name}` should hold a 0 or a 1")
WHERE_RESULT_ZERO = _("`{name}` should hold a 0")
PLACES, PLACES_OF = _("places"), (_("matrices"), _("rows"), _("columns"))
ENTRY_EDGE = _("which should be 0 or 1")
ENTRY_ZERO = _("which should be 0")
ENTRY_FROM = _("in {what} from number {first} on, counted from 0")
ENTRY_FIRST = _("in the first of the {what}")
ENTRY_LAST = _("in the last of the {what}")
ENTRY_BESIDE = _("beside the diagonal")
ENTRY_DIAGONAL = _("on the diagonal")
ROW_ZERO = _("where `{name}` is 0")
ROW_NAN = _("where `{name}` is `nan`")
ROW_NEGATIVE = _("where `{name}` is negative")
ROW_AGAIN = _("where an entry or a row of `{name}` was there before")
ROW_UNDERFLOWS = _("where `{name}` is so small that `np.exp` of it underflows to 0")
STILL_OPEN = _(
    "What is wrong with {names} may follow from this or be another mistake: look again when this "
    "is mended."
)

CHANGED = _(
    "It changes its argument `{names}` in place. Compute a new array instead, or start from "
    "`{first}.copy()`. This costs half of the points."
)
SPOILT = _(
    " Whatever it reads of it afterwards is spoilt: mend this first, for it may be why the numbers "
    "are wrong."
)
UNSTABLE = _(
    "Called twice with the same arguments, it returned two different results: it keeps "
    "something from one call to the next, or it draws random numbers. This costs half of the "
    "points."
)
GLOBALS = _("It reads `{names}` from the notebook instead of from its arguments.")
PRINTED = _("It printed:\n{printed}")
WARNED = _("Python warned, which costs nothing: {warning}")
WARNED_HIDDEN = _("Python warned while it ran ({kinds}), which costs nothing.")

PASSED = _(
    "Your function is right on the examples of this check. It will be graded on other inputs, "
    "so try some of your own."
)
GRADED_PASSED = _("Your function is right on every input it was tried on.")

OUTCOMES = {
    "NOT_ATTEMPTED": _("not attempted"),
    "ERROR": _("error in your code"),
    "NOT_YET": _("not yet"),
    "PASSED": _("visible checks passed"),
}
PASSED_HIDDEN = _("right on the hidden inputs too")
GRADED = _("{exercise}, graded: {outcome} ({points:g} of {worth:g} points)")
MARKS = {True: _("right"), False: _("not yet right"), None: _("not looked at yet")}

HINT = _("Hint {level} of {count}: {hint}")
NEXT_HINT = _(" For the next one, run `exercises.{exercise}.hint({next})`.")
NO_SUCH_HINT = _("level must be a whole number from 1 to {count}, not {level!r}")

STANDS_IN = _(
    "Your `{exercise}` has not passed its check yet, so what follows uses emlib's. Once it has, "
    "run this cell again: then it is yours that works here."
)
