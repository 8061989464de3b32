"""Values cross as plain data, and nothing else does."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from grading.inside.values import Strange, decode, encode
from grading.limits import Limits, Seconds
from grading.proxies import Line, StudentFunction, Unsendable


def keep(function: Any) -> dict[str, Any]:
    return {"number": 0, "name": function.__name__, "place": [0, 0]}


def crossed(value: Any) -> Any:
    """The value after it went to the other side."""
    return decode(json.loads(json.dumps(encode(value, keep))), lambda told: told["name"])


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text()
    | st.complex_numbers(allow_nan=False)
    | st.binary()
)
hashable = scalars | st.tuples(scalars, scalars)
values = st.recursive(
    hashable,
    lambda inner: (
        st.lists(inner) | st.tuples(inner) | st.dictionaries(hashable, inner) | st.sets(hashable)
    ),
    max_leaves=20,
)
plain_arrays = arrays(
    st.sampled_from(["f8", "f4", "i8", "u1", "b1", "c16", "U3"]), array_shapes(min_side=0)
)


@given(values)
def test_plain_values_come_back(value: Any) -> None:
    back = crossed(value)
    assert back == value
    assert type(back) is type(value)


@given(plain_arrays)
def test_arrays_come_back(array: np.ndarray[Any, Any]) -> None:
    back = crossed(array)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_numpy_numbers_keep_their_type() -> None:
    assert type(crossed(np.float32(1.5))) is np.float32
    assert type(crossed(np.bool_(True))) is np.bool_


def test_infinite_and_undefined_numbers() -> None:
    assert crossed([np.inf, -np.inf]) == [np.inf, -np.inf]
    assert np.isnan(crossed(float("nan")))


def test_arrays_of_python_numbers() -> None:
    back = crossed(np.array([[1, 2.5], [3, None]], dtype=object))
    assert back.dtype == object
    assert back.tolist() == [[1, 2.5], [3, None]]


def test_random_generators_go_on_where_they_were() -> None:
    rng = np.random.default_rng(3)
    rng.random(5)
    assert crossed(rng).random() == rng.random()


def test_objects_leave_only_the_name_of_their_type() -> None:
    class Evil:
        def __eq__(self, other: object) -> bool:
            return True

        def __reduce__(self) -> Any:
            raise AssertionError("must not be pickled")

    back = crossed([Evil(), {"a": Evil()}])
    assert isinstance(back[0], Strange)
    assert type(back[0]).__name__ == "Evil"
    assert back[0] != 4


def test_subclasses_become_what_they_are() -> None:
    class Liar(float):
        def __eq__(self, other: object) -> bool:
            return True

    assert crossed(Liar(2)) != 3


class Raises:
    def __init__(self, what: type[BaseException] = RuntimeError) -> None:
        self.what = what

    def __float__(self) -> float:
        raise self.what

    def __iter__(self) -> Iterator[Any]:
        raise self.what


def test_what_ends_python_when_looked_at_costs_only_itself() -> None:
    back = crossed([1.5, Raises(SystemExit), Raises(KeyboardInterrupt), np.ones(1)])
    assert [type(item).__name__ for item in back] == ["float", "Raises", "Raises", "ndarray"]


def test_what_never_ends_is_not_waited_for() -> None:
    class Growing(list[int]):
        def __iter__(self) -> Iterator[int]:
            return itertools.count()

    back = crossed((itertools.count(), Growing(), 1.5))
    assert [type(item).__name__ for item in back] == ["count", "Growing", "float"]


def test_what_is_no_plain_value_is_not_sent_as_an_argument() -> None:
    line = Line(snapshot=lambda: None, cells=[], seconds=Seconds(1, 1), hung={})
    for value in (Fraction(1, 3), iter([1])):
        with pytest.raises(Unsendable, match=type(value).__name__):
            line._ask(StudentFunction(line, "f", 0, (), False), Limits(1, 1), [value], {})


def test_functions_become_something_to_call() -> None:
    assert crossed(keep) == "keep"


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.zeros(2_000_000),
        lambda: 10**5000,
        lambda: set(range(20_000)),
        lambda: dict.fromkeys(range(20_000)),
        lambda: "a" * 2_000_000,
        lambda: np.random.Generator(np.random.MT19937()),
    ],
)
def test_an_output_that_is_too_large_costs_no_other(make: Callable[[], Any]) -> None:
    value = make()
    back = crossed((0.5, value))
    assert back[0] == 0.5
    assert type(back[1]).__name__ == type(value).__name__


def test_an_output_that_is_nested_without_end_costs_no_other() -> None:
    deep: list[Any] = []
    deep.append(deep)
    assert crossed((0.5, deep))[0] == 0.5


HOSTILE = [
    {"unknown": 1},
    {"array": "AAAA"},
    {"array": 5},
    {"array": "gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjARlY2hvlIWUUpQu"},  # a pickle
    {"scalar": None},
    {"dict": [[1]]},
    {"dict": [[[], 1]]},
    {"set": [[]]},
    {"complex": [1]},
    {"objects": [[2, 2], [1]]},
    {"generator": {"dict": [["bit_generator", "os"]]}},
    {"generator": {"dict": [["bit_generator", "PCG64"], ["state", 1]]}},
    {"tuple": 3},
    {"bytes": 3},
    {},
    {"tuple": [], "array": ""},
]


@pytest.mark.parametrize("tree", HOSTILE)
def test_what_is_no_value_is_refused(tree: Any) -> None:
    with pytest.raises(ValueError):
        decode(tree, lambda told: None)


def test_an_array_that_claims_to_be_huge_is_refused() -> None:
    import base64
    import io

    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        buffer, {"descr": "|S0", "fortran_order": False, "shape": (10**12,)}
    )
    with pytest.raises(ValueError):
        decode({"array": base64.b64encode(buffer.getvalue()).decode()}, lambda told: None)
