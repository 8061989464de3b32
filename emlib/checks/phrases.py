"""The words of the checks that fit every exercise; an exercise adds those of its own mistakes."""

NOT_ATTEMPTED = (
    "Write your code in place of the line `raise NotImplementedError(...)`, run that cell, "
    "then this one again. Stuck? Run `exercises.{exercise}.hint()`."
)
STEP_NOT_ATTEMPTED = "It calls your `{step}`, which is not written yet: do that exercise first."
STEP_NOT_RIGHT = (
    "It builds on your `{step}`, which is not right yet. Run the check of `{step}` first: it says "
    "why."
)
NOT_A_FUNCTION = (
    "`{exercise}` is not a function but a {type}: the name was given to something else. "
    "Run the cell with `def {exercise}(...)` again."
)
SIGNATURE = "Python could not call it: keep the first line `def {exercise}({parameters}):`."
ERROR = "It stopped with `{error}`{place}"
ERROR_HIDDEN = "On other inputs than the visible ones it stopped with `{error}`{place}"
HUNG = {
    "computing": (
        "endless loop",
        "Is there a loop that never ends? After {seconds:g} seconds of computing it was still "
        "running{place}",
    ),
    "either": (
        "endless loop",
        "Is there a loop that never ends? After {seconds:g} seconds it was still running{place}",
    ),
    "waiting": (
        "waits too long",
        "Is there a loop that never ends? Or does it sleep, or wait for something? After "
        "{seconds:g} seconds by the clock, {computed:.0f} of them spent computing, it was still "
        "running{place}",
    ),
}
NO_INPUT = "nobody types anything during a check; take what you need from the arguments"
HUNG_BEFORE = "It did not finish when it was called before, so it was not called again."
PLACE = " in line {line} of its cell:\n{code}"
TRY = " Try it: `{exercise}(*exercises.{exercise}.examples[{i}])`."

EMLIB = "It calls emlib{seen}. This exercise asks you to write the step yourself."
NONE = "It returned `None`. Does every way through your function end in a `return`?"
NONE_PRINTED = "It printed something and returned `None`: replace the `print` by a `return`."
COUNT = "It should return {n} values, `{names}`, in this order. Yours is not {n} values."
NOT_IN_ORDER = "It should return {n} values, `{names}`, in this order. Yours is a `{type}`."
TYPE = "`{name}` should be {shape}. Yours, of type `{type}`, cannot be read as numbers."
HOLDS_NONE = "`{name}` holds `None` where a number should stand."
MISSING = "`None` stands in the place of {names}: nothing to look at there yet."
SHAPE = "`{name}` should be {shape}. The shape of yours is another."
SHAPE_SEEN = "`{name}` should be {shape}{here}. Yours is {yours}."
HERE = ", here `{right}`"
TRANSPOSED = " It looks as if rows and columns were exchanged."
ROW_SUMS = "Each row of `{name}` should sum to 1. Yours do not."
ROW_SUMS_SEEN = "Each row of `{name}` should sum to 1. Yours sum to {sums}."

CONSTANT = (
    "It returns the same numbers whatever its arguments are: were the numbers of an example "
    "written into it? Compute the result from the arguments."
)
ROUNDED = "`{name}` is right but rounded to {digits} decimals: return it unrounded."
NOT_FINITE = (
    "`{name}` holds `nan` or infinity. Look for a division by 0, a `log(0)`, or numbers so small "
    "that they underflow to 0."
)
TOO_FAR = "`{where}` is {value:.6g} but should be {direction}. Work that number out by hand."
WRONG_HIDDEN = "`{name}` is right on the visible examples but not on other inputs."

CHANGED = (
    "It changes its argument `{names}` in place. Compute a new array instead, or start from "
    "`{first}.copy()`. This costs half of the points."
)
UNSTABLE = (
    "Called twice with the same arguments, it returned two different results: it keeps "
    "something from one call to the next, or it draws random numbers. This costs half of the "
    "points."
)
GLOBALS = "It reads `{names}` from the notebook instead of from its arguments."
PRINTED = "It printed:\n{printed}"
WARNED = "Python warned, which costs nothing: {warning}"
WARNED_HIDDEN = "Python warned while it ran ({kinds}), which costs nothing."

PASSED = (
    "Your function is right on the examples of this check. It will be graded on other inputs, "
    "so try some of your own."
)
GRADED_PASSED = "Your function is right on every input it was tried on."

MARKS = {True: "right", False: "not yet right", None: "not looked at yet"}

HINT = "Hint {level} of {count}: {hint}"
NEXT_HINT = " For the next one, run `exercises.{exercise}.hint({next})`."
NO_SUCH_HINT = "level must be a whole number from 1 to {count}, not {level!r}"

STANDS_IN = (
    "Your `{exercise}` has not passed its check yet, so what follows uses emlib's. Once it has, "
    "run this cell again: then it is yours that works here."
)
