"""What to say about the mistakes that are made by `key.granted`."""

AS_IF = "It looks as if "
ONE_FOR_ALL = AS_IF + (
    "one number were taken for all entries of `{argument}`: their mean, the largest, the smallest "
    "or the last. That is right only where all are the same."
)
REVERSED = AS_IF + "`{argument}` were read from its end. Its first entry belongs to the first."
ROLLED = AS_IF + (
    "the neighbour's entry of `{argument}` were used. Is an index one too large or too small?"
)
REST_FOR_OTHERS = AS_IF + (
    "1 minus the first entry of `{argument}` stood for each of the others. That is right for two "
    "only."
)
EQUAL = AS_IF + "`{argument}` were not used, but equal shares in its place."
HARD = AS_IF + (
    "each row of `{argument}` counted wholly for its most probable component. It counts for each "
    "by its share."
)
ROWS_TO_ONE = AS_IF + "the rows of `{argument}` were made to sum to 1 first. Take them as they are."
DROPPED = AS_IF + "small entries of `{argument}` were left out. Every share counts, however small."
ROWS_SORTED = AS_IF + (
    "the entries of each row of `{argument}` were sorted first. Their order says which is which."
)
DOUBLED = AS_IF + "`{argument}` counted twice. Is there a factor 2 too many, or one of 1/2 missing?"
HALVED = AS_IF + "`{argument}` counted half. Is there a factor 1/2 too many, or one of 2 missing?"
ROUNDED = AS_IF + (
    "`{argument}` were rounded, or cut off, to whole numbers first, as by `//`, `int` or an array "
    "of integers. It need not be whole."
)
ABSOLUTE = AS_IF + "the sign of `{argument}` were lost, as by `abs`. It may be negative."
ONE_MORE = AS_IF + "`{argument}` were taken one too large or one too small."
COUNTED_ONCE = AS_IF + (
    "`{argument}` told only whether something occurred. What it counts several times counts "
    "several times."
)
SQUARES = AS_IF + (
    "`{argument}` were squared, or its root were taken. Does the formula want a variance or a "
    "standard deviation, and which of them is `{argument}`?"
)
TRANSPOSED = AS_IF + (
    "rows and columns of `{argument}` were exchanged. Which index is where one comes from, and "
    "which where one goes?"
)
SYMMETRIC = AS_IF + (
    "`{argument}` were taken for symmetric: the entries `[i, j]` and `[j, i]` may differ."
)
DIAGONAL = AS_IF + "only the diagonal of `{argument}` were used. What stands beside it counts, too."
INVERSE = AS_IF + "the inverse of `{argument}` stood where `{argument}` belongs."
ADDED = AS_IF + (
    "something were added to the counts in `{argument}`, so that none is 0. Nobody asked for that: "
    "what never occurred has probability 0."
)
FLOOR = AS_IF + (
    "`{argument}` were limited from below, as by `maximum` or `clip`. Logarithms may be as small "
    "as they are: nothing underflows as long as they stay logarithms."
)
KEPT = AS_IF + (
    "`{argument}` were kept away from 0, as by `maximum` or `clip`. It may be small: take it as it "
    "is."
)
FIRST_EXAMPLE = AS_IF + (
    "the numbers that `{argument}` has in the first example were written into the function. Take "
    "them from the argument."
)
MEAN_RATIO = AS_IF + (
    "the mean of the rows' ratios were taken. That is right only where all rows are equally long: "
    "add up heads and flips first."
)
MORE_STEPS = AS_IF + "more than one step were made. One is asked for: no loop."
HALF_STEP = AS_IF + "only half of the step were made: the mean of old and new was returned."

RIGHT = "{what} right but "
TWICE = RIGHT + "twice as large as it should be: a factor 2 is too many, or one of 1/2 missing."
HALF = RIGHT + "half as large as it should be: a factor 1/2 is too many, or one of 2 missing."
SQUARED = RIGHT + "squared."
ROOT = RIGHT + "for a root that was taken at the end."
EXP = RIGHT + "for `np.exp`, which was taken at the end."
LOG = RIGHT + "for a logarithm that was taken at the end."
ABS = RIGHT + "for the sign, which was lost, as by `abs`."
RECIPROCAL = RIGHT + "upside down: 1 divided by it is wanted."
REST = RIGHT + "taken from 1: 1 minus it is wanted."
AT_LEAST = RIGHT + "limited: what should be negative is 0, as by `max`, `maximum` or `clip`."
AT_MOST = RIGHT + "limited: what should be positive is 0, as by `min`, `minimum` or `clip`."
RELATIVE = RIGHT + "taken from the largest, so that this is 0. The numbers themselves are wanted."
BY_LARGEST = RIGHT + "divided by the largest, so that this is 1. By what should it be divided?"
BY_MEAN = RIGHT + (
    "divided by the mean where the sum belongs, so that it sums to the number of entries."
)
BY_LENGTH = RIGHT + (
    "divided by its length, the root of the sum of squares. The sum of the entries should be 1."
)
ODDS = RIGHT + "for the last step: these are odds, p / (1 - p). Divide by the sum of all."
TO_ONE = RIGHT + "divided by its sum. It need not sum to 1."
MORE = RIGHT + (
    "for something small that was added, so that no variance is 0. Nobody asked for that, and what "
    "is small depends on the unit of the data."
)
CUMULATED = RIGHT + "added up: each entry holds those before it, too."
REVERSED_RESULT = RIGHT + "in reverse order."
POOLED = RIGHT + "averaged over all components, or all rows, where each has its own."
FIRST_FOR_ALL = RIGHT + "the first only, which stands in the place of all. Each has its own."
CLIPPED = RIGHT + (
    "kept away from 0 and 1, as by `clip` or `maximum`. Where the formula gives 0 or 1, that is "
    "the answer."
)
COLUMNS = RIGHT + "divided by the sums of the columns. The rows should sum to 1."
