"""Values cross as plain data, and nothing else does."""

from __future__ import annotations

import array
import ctypes
import itertools
import json
import re
from collections import ChainMap, OrderedDict, UserDict, UserList, deque, namedtuple
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from emlib.checks.calls import observe
from emlib.checks.limits import Budget
from emlib.checks.read import Output, as_values
from grading.inside.values import Strange, decode, encode, worked_out
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


class Number:
    """A number of another library."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return self.value


class Whole:
    def __index__(self) -> int:
        return 2**70


class Row:
    """A sequence of its own kind."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, i: int) -> float:
        return (0.25, 0.75)[i]


class Pair:
    """What can only be gone through."""

    def __iter__(self) -> Iterator[Any]:
        yield Row()
        yield Number(2.5)


class Told:
    """Tells NumPy where its numbers are."""

    def __init__(self) -> None:
        self.kept = np.array([1.5, 2.5])
        self.__array_interface__ = self.kept.__array_interface__


class Array:
    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([[1.0, 2.0], [3.0, 4.0]])


class Raises:
    def __init__(self, what: type[BaseException] = RuntimeError) -> None:
        self.what = what

    def __float__(self) -> float:
        raise self.what

    def __iter__(self) -> Iterator[Any]:
        raise self.what


class Odd:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class Fine:
    def __getattr__(self, name: str) -> Any:
        return lambda *a, **k: True


class Badly(float):
    def __float__(self) -> float:
        raise ValueError


class Endless:
    def __len__(self) -> int:
        return 2

    def __getitem__(self, i: int) -> int:
        return 7


def fails() -> Iterator[float]:
    yield 1.0
    raise ZeroDivisionError


Point = namedtuple("Point", "x y")
THIRD, CENT = Fraction(1, 3), Decimal("0.01")
ONE: dict[str, Callable[[], Any]] = {  # what may be returned for one output
    "float": lambda: 0.5,
    "whole number": lambda: 2**60 + 1,
    "too large a number": lambda: 10**400,
    "truth value": lambda: True,
    "complex number": lambda: 1j,
    "text": lambda: "0.5",
    "bytes": lambda: b"0.5",
    "bytearray": lambda: bytearray(b"12"),
    "nothing": lambda: None,
    "list": lambda: [1, 2.5],
    "ragged list": lambda: [[1], [1, 2]],
    "list with None": lambda: [1.0, None],
    "range": lambda: range(3),
    "table of ranges": lambda: [range(3), range(3)],
    "fraction": lambda: THIRD,
    "fractions": lambda: [THIRD, 2 * THIRD],
    "array of fractions": lambda: np.array([[THIRD], [THIRD]]),
    "array of one fraction": lambda: np.array(THIRD),
    "decimal": lambda: CENT,
    "decimals": lambda: (CENT, 2 * CENT),
    "number of another library": lambda: Number(0.5),
    "such numbers": lambda: [[Number(0.5)], [Number(1.5)]],
    "whole number of another library": lambda: Whole(),
    "deque": lambda: deque([1, 2]),
    "table of deques": lambda: deque([deque([1, 2]), deque([THIRD, 4])]),
    "sequence": lambda: Row(),
    "list of sequences": lambda: [Row(), Row()],
    "list of one's own": lambda: UserList([1.5, 2.5]),
    "array.array": lambda: array.array("d", [1.5, 2.5]),
    "array.array of numbers": lambda: array.array("i", [1, 2]),
    "memoryview": lambda: memoryview(np.arange(6.0).reshape(2, 3)),
    "ctypes": lambda: (ctypes.c_double * 2)(1.5, 2.5),
    "ctypes number": lambda: ctypes.c_double(1.5),
    "array": lambda: np.arange(3.0),
    "float32": lambda: np.float32(0.5),
    "longdouble": lambda: np.longdouble("0.1"),
    "matrix": lambda: np.matrix([[1, 2]]),
    "array-like": lambda: Array(),
    "told by its address": lambda: Told(),
    "polynomial": lambda: np.poly1d([1, 2]),
    "dates": lambda: np.array(["2030-01-01"], dtype="M8[D]"),
    "record": lambda: np.zeros(2, dtype=[("a", "f8")]),
    "named tuple": lambda: Point(1.5, 2.5),
    "set": lambda: {1.5},
    "dict": lambda: {1: 2},
    "ordered dict": lambda: OrderedDict({1: 2}),
    "dict of one's own": lambda: UserDict({0: 2}),
    "chain of dicts": lambda: ChainMap({0: 2}),
    "namespace": lambda: SimpleNamespace(x=1),
    "function": lambda: abs,
    "type": lambda: Number,
    "raises when looked at": lambda: Raises(),
    "raises when asked for anything": lambda: Odd(),
    "has every attribute": lambda: Fine(),
    "float that cannot be made one": lambda: Badly(2.5),
    "array of what raises": lambda: np.array([1.0, Raises()], dtype=object),
    "tuple": lambda: (1, 2),
}
TWO: dict[str, Callable[[], Any]] = {  # what may be returned for two outputs
    "tuple": lambda: (1, [2, 3]),
    "arrays of two shapes": lambda: [np.ones(2), np.ones((2, 2))],
    "array": lambda: np.ones((2, 2)),
    "named tuple": lambda: Point([THIRD], CENT),
    "zip": lambda: zip([1, 2], [3, 4], strict=True),
    "map": lambda: map(np.sqrt, [4.0, 9.0]),
    "generator": lambda: (np.full(n, THIRD) for n in (1, 2)),
    "generator that fails": lambda: fails(),
    "dict's values": lambda: {"a": 1, "b": [2]}.values(),
    "dict's keys": lambda: {1: "a", 2: "b"}.keys(),
    "dict's items": lambda: {1: 2, 3: 4}.items(),
    "dict": lambda: {1: 2, 3: 4},
    "read-only dict": lambda: MappingProxyType({1: 2, 3: 4}),
    "deque": lambda: deque([1, np.ones(2)]),
    "what can be gone through": lambda: Pair(),
    "reversed": lambda: reversed([1, 2]),
    "sequence": lambda: Row(),
    "array.array": lambda: array.array("d", [1.5, 2.5]),
    "memoryview": lambda: memoryview(np.arange(2.0)),
    "islice": lambda: itertools.islice(itertools.count(), 2),
    "too many": lambda: iter([1, 2, 3]),
    "with what raises": lambda: (1.5, Raises()),
    "text": lambda: "12",
    "number": lambda: 1.5,
}
ITERATORS: dict[str, Callable[[], Any]] = {  # for one output: they cross as lists
    "zip": lambda: zip([1, 2], [3, 4], strict=True),
    "map": lambda: map(float, [1, 2]),
    "filter": lambda: filter(None, [1, 2]),
    "generator": lambda: (THIRD * n for n in range(3)),
    "dict's values": lambda: {1: 2, 3: 4}.values(),
    "enumerate": lambda: enumerate([0.5, 1.5]),
    "chain": lambda: itertools.chain([1], [2]),
}
X, Y = Output("x", "an array"), Output("y", "an array")


def reading(outputs: list[Output], function: Callable[[], Any]) -> str:
    """What a check sees in what a function returns: numbers, or the words of a refusal."""
    call = observe(function, (), Budget())
    if call.error:
        return call.error
    try:
        return str([value.tolist() for value in as_values(outputs, call.value)])
    except ValueError as error:
        return re.sub("of type `.*`", "of some type", str(error))


@pytest.mark.parametrize("name", ONE)
def test_one_output_is_read_as_at_home(name: str) -> None:
    home = reading([X], ONE[name])
    assert reading([X], lambda: crossed(worked_out(ONE[name]()))) == home


@pytest.mark.parametrize("name", TWO)
def test_two_outputs_are_read_as_at_home(name: str) -> None:
    home = reading([X, Y], TWO[name])
    assert reading([X, Y], lambda: crossed(worked_out(TWO[name]()))) == home


@pytest.mark.parametrize("name", ITERATORS)
def test_an_output_that_is_an_iterator_crosses_as_a_list(name: str) -> None:
    items = [float(x) if isinstance(x, Fraction) else x for x in ITERATORS[name]()]
    assert crossed(ITERATORS[name]()) == items
    assert crossed((ITERATORS[name](), 2)) == (items, 2)


def test_whole_numbers_stay_exact() -> None:
    back = crossed([Whole(), range(2**70, 2**70 + 1), THIRD])
    assert back == [2**70, [2**70], 1 / 3]
    assert type(back[0]) is int


def test_what_ends_python_when_looked_at_costs_only_itself() -> None:
    back = crossed([1.5, Raises(SystemExit), Raises(KeyboardInterrupt), np.ones(1)])
    assert [type(item).__name__ for item in back] == ["float", "Raises", "Raises", "ndarray"]


def test_what_never_ends_is_not_waited_for() -> None:
    class Growing(list[int]):
        def __iter__(self) -> Iterator[int]:
            return itertools.count()

    back = crossed((itertools.count(), Growing(), Endless(), 1.5))
    assert [type(item).__name__ for item in back] == ["count", "Growing", "Endless", "float"]


def test_what_is_read_here_is_not_sent_as_an_argument() -> None:
    line = Line(snapshot=lambda: None, cells=[], seconds=lambda: 1.0, hung=set())
    for value in (THIRD, iter([1])):  # the function would be given something else
        with pytest.raises(Unsendable, match=type(value).__name__):
            line._ask(StudentFunction(line, "f", 0, (), False), [value], {})


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
    assert crossed(worked_out((0.5, deep)))[0] == 0.5


def test_lazy_rows_are_read() -> None:
    rows = [map(float, [1, 2]), {1: 3, 2: 4}.values(), (x for x in (5, 6))]
    assert crossed(worked_out((rows, 2))) == ([[1, 2], [3, 4], [5, 6]], 2)


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
    {"read": 3},
    {"read": ["zip"]},
    {"read": ["zip", {"set": [[]]}]},
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
