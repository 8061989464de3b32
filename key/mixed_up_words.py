"""What to say about slips that are made by `key.mixed_up`."""

MAX_MIN = (
    "It looks as if a limit is on the wrong side: `max` stands where `min` belongs, or `min` where "
    "`max` belongs."
)
NO_LIMIT = "It looks as if a number is not limited that should be, or is always put at the limit."
AND_OR = "It looks as if two conditions are joined by `or` that belong together by `and`."
TWICE = (
    "It looks as if a factor of the formula counts twice: something is multiplied by it once too "
    "often, or is squared."
)
FLOOR = (
    "It looks as if what stands in a logarithm was kept from being 0, as by `maximum` or `clip`. "
    "That changes the result: where it is 0, or underflows to 0, it needs a rule of its own."
)
GUARD = (
    "It looks as if a small number was added to what something is divided by. That changes the "
    "result, and hides why the divisor can be 0."
)
FLOOR_EXP = (
    "It looks as if what stands in `np.exp` was limited, as by `maximum` or `clip`. That does not "
    "mend what underflows: take the largest out before."
)
OTHER_NAME = "It looks as if somewhere in the formula `{other}` stands where `{name}` belongs."
INDICES = (
    "It looks as if two indices, or rows and columns, are exchanged somewhere in the formula. Over "
    "which of them does the sum go?"
)
BEFORE = (
    "It looks as if somewhere the entry, or the row, before the right one is used. Is an index one "
    "too small?"
)
SAME = (
    "It looks as if somewhere an entry, or a row, is used where the one beside it belongs. Is an "
    "index one too large or too small?"
)
DIVISOR = "It looks as if something is divided by another number than it should be. By which?"
OTHER_ENTRY = (
    "It looks as if somewhere in the formula another entry of an array is used than belongs there. "
    "Python counts from 0."
)
NAN_HIDDEN = (
    "It looks as if 0 log 0 became `nan`, and `nan` was turned into 0 afterwards, as by "
    "`nan_to_num`. By then a whole sum is lost: leave out the terms that are 0 one by one."
)
