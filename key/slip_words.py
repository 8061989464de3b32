"""What to say about slips on the way, which are made by `key.written_out` and `key.arguments`."""

FIRST = (
    "It looks as if the first {what} was left out. Python counts from 0: where does the loop, or "
    "the slice, begin?"
)
LAST = (
    "It looks as if the last {what} was left out. `range(n)` and a slice up to `n` end before `n` "
    "by themselves."
)
NOT_SET_BACK = (
    "It looks as if each {what} counts what belongs to those before it, too. Is a sum not set back "
    "to 0 at the beginning of the loop? Or does `<=` stand where `==` belongs?"
)
RETURN_INSIDE = (
    "It looks as if only the first {what} was worked out. Does a `return` stand inside the loop? "
    "Then it ends there: mind how far the line is indented."
)
OVERWRITTEN = (
    "It looks as if only the last {what} counts. Does each round of the loop overwrite the one "
    "before, with `=` where `+=` belongs?"
)
LEFT = (
    "It looks as if the loop is left at the first term that should only be skipped: `continue` "
    "skips one, `break` and `return` skip all that follow."
)
LARGEST_LOST = (
    "It looks as if the largest logarithm was taken out before `np.exp`, but not added again after "
    "the logarithm of the sum."
)
INSIDE_LOG = (
    "It looks as if a factor stands inside the logarithm that should multiply it: `w * log(u)` is "
    "not `log(w * u)`."
)
SIGN = (
    "It looks as if one sign inside the formula is the wrong one: a plus where a minus belongs, or "
    "a minus where a plus belongs."
)
TIMES = (
    "It looks as if somewhere in the formula a product stands where a quotient belongs, or a "
    "quotient where a product belongs. (Another sign of an exponent does the same.)"
)
FACTOR = "It looks as if the factor {what} is missing somewhere in the formula."
DIVISOR = "It looks as if a division is missing somewhere in the formula, or done once too often."
TERM = "It looks as if a term of the formula is missing: something is not added or subtracted."
POWER = "It looks as if a square is missing in the formula, or a root."
ONE_ENTRY = (
    "It looks as if only the first entry of `{what}` were used, for all of them. Each has its own."
)
BASE = (
    "It looks as if a logarithm of the formula is to base {base}. In nats it is the natural one: "
    "`np.log`."
)
MEAN = (
    "It looks as if something were divided by a number of entries, as `np.mean` does, where a sum "
    "belongs."
)
BY_ONE = (
    "It looks as if a number that something is divided by is one too small. Count everything: "
    "n - 1 belongs to another formula, the sample variance."
)
BRACKETS = (
    "It looks as if brackets are missing, or stand in the wrong place: `a / b + c` is "
    "`(a / b) + c`, and `a * b ** c` is `a * (b ** c)`."
)
UPSIDE_DOWN = "It looks as if a fraction inside the formula stands upside down."
TURNED = "It looks as if a difference inside the formula is the wrong way round."
CUT = (
    "It looks as if decimals were cut off on the way: `//` drops what stands behind the point. "
    "Divide with `/`."
)
ABSOLUTE = "It looks as if absolute values were taken where squares belong."
FROM_ONE = "It looks as if labels were counted from 1. They go from 0 to k - 1."
ADDED = (
    "It looks as if a small number was added inside a logarithm, so that it is never that of 0. "
    "That changes the result: treat the zeros by themselves."
)
NO_LOG = "It looks as if a logarithm of the formula is missing."
NO_EXP = "It looks as if `np.exp` is missing somewhere: a logarithm stands for the number itself."
INTEGERS = (
    "It looks as if numbers on the way were written into an array of integers, which cuts off "
    "their decimals. `np.zeros_like` makes one of integers."
)
NOT_SKIPPED = (
    "It looks as if terms are counted that should be skipped, such as 0 log 0, which counts as 0 "
    "but is `nan` to NumPy."
)
