"""Values as JSON: numbers, texts, arrays and what is built from them; nothing that can run.

None, truth values, numbers, texts and lists are themselves; everything else is an object with
one key that says what it is. Arrays travel in NumPy's own file format, read without pickle.
A check that wants other objects read (fractions, iterators) says by what: see `Kernel.call`.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable
from itertools import islice
from typing import Any

DEEPEST = 50
MOST_HASHED = 10_000  # entries of a set or dict: they can be made to collide, all with all
MOST_BITS = 10_000  # of a whole number: JSON has no longer ones
MOST_BYTES = 8 * 1024 * 1024  # of an array
MOST_ITEMS = 1_000_000  # of what is read item by item, and may never end
PLAIN = (bool, int, float, str)
GENERATORS = ("PCG64", "PCG64DXSM", "SFC64")  # the state of others can point out of their memory


class Strange:
    """What could not cross: an object of a type that only the other side knows.

    It is replaced by an instance of an empty subclass that bears the type's name.
    """


class Function(dict[str, Any]):
    """What is told about a function of the other side."""


def encode(value: Any, keep: Callable[[Any], dict[str, Any]], depth: int = 0) -> Any:
    """Turn a value into JSON; `keep` stores a function and returns what to tell about it.

    What is too large, or nested too deeply, is told by its type alone, so that one output of
    several does not cost the others.
    """
    if depth > DEEPEST or _is_too_large(value):
        return {"strange": _type_name(value)}
    if value is None or type(value) in PLAIN:
        return value
    try:
        kind, inner = _look_at(value, keep, depth)
    except BaseException:  # whatever an object does when it is looked at costs only itself
        kind, inner = "strange", _type_name(value)
    if kind == "plain":
        return inner
    if kind in ("list", "tuple", "set", "dict", "objects"):
        inner = [encode(item, keep, depth + 1) for item in inner]
    if kind == "generator":
        inner = encode(inner, keep, depth + 1)
    return inner if kind == "list" else {kind: inner}


def _is_too_large(value: Any) -> bool:
    """Whether a plain value or a collection is larger than any answer to an exercise."""
    if type(value) is int:
        return value.bit_length() > MOST_BITS
    if type(value) in (str, bytes):
        return len(value) > MOST_ITEMS
    return type(value) in (set, frozenset, dict) and len(value) > MOST_HASHED


def _look_at(value: Any, keep: Callable[[Any], dict[str, Any]], depth: int) -> tuple[str, Any]:
    """Say what kind of value it is, and what it consists of."""
    if isinstance(value, list):
        return "list", _items(value)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if isinstance(value, numpy.generic) and value.dtype.kind != "O":
            return "scalar", _npy(numpy, value)
        if isinstance(value, numpy.random.Generator):
            if type(value.bit_generator).__name__ not in GENERATORS:
                raise ValueError("it is an unknown random generator")
            return "generator", value.bit_generator.state
        if hasattr(value, "__array__"):
            array = numpy.asarray(value)
            if array.nbytes > MOST_BYTES:
                raise ValueError("it is too large")
            if array.dtype.kind != "O":
                return "array", _npy(numpy, array)
            if array.ndim or array.item() is not value:  # not what it makes of any object
                return "objects", [list(array.shape), array.ravel().tolist()]
    for plain in PLAIN:
        if isinstance(value, plain):
            return "plain", plain(value)
    if isinstance(value, complex):
        return "complex", [value.real, value.imag]
    if isinstance(value, bytes):
        return "bytes", base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return "tuple", _items(value)
    if isinstance(value, set | frozenset):
        return "set", _items(value)
    if isinstance(value, dict):
        return "dict", _items(value.items())
    if callable(value):
        return "function", keep(value)
    raise TypeError("it is no plain value")


def _items(value: Any) -> list[Any]:
    if type(value) in (list, tuple):
        return list(value)
    items = list(islice(value, MOST_ITEMS + 1))
    if len(items) > MOST_ITEMS:
        raise ValueError("it may never end")
    return items


def _type_name(value: Any) -> str:
    try:
        return str(type(value).__name__)[:80]
    except BaseException:
        return "object"


def decode(tree: Any, function: Callable[[Function], Any]) -> Any:
    """Turn JSON into the value it stands for; `function` makes something to call.

    Raises
    ------
    ValueError
        If it is not what `encode` makes.
    """
    try:
        return _decode(tree, function)
    except ValueError:
        raise
    except Exception as error:  # wrong types at any depth: the other side need not be honest
        raise ValueError("it cannot be read") from error


def _decode(tree: Any, function: Callable[[Function], Any]) -> Any:
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    if isinstance(tree, list):
        return [_decode(item, function) for item in tree]
    ((kind, inner),) = tree.items()
    if kind == "array":
        return _array(inner)
    if kind == "scalar":
        return _array(inner)[()]
    if kind == "function":
        return function(Function(inner))
    if kind == "strange":
        name = inner if inner.isidentifier() else "object"
        return type(name, (Strange,), {})()
    if kind == "bytes":
        return base64.b64decode(inner)
    if kind == "generator":
        return _generator(_decode(inner, function))
    items = [_decode(item, function) for item in inner]
    if kind == "objects":
        import numpy

        shape, values = items
        array = numpy.empty(len(values), dtype=object)
        array[:] = values
        return array.reshape(shape)
    if kind == "complex":
        real, imaginary = items
        return complex(real, imaginary)
    if kind == "tuple":
        return tuple(items)
    if kind in ("set", "dict") and len(items) > MOST_HASHED:
        raise ValueError("it has too many entries")
    if kind == "set":
        return set(items)
    if kind == "dict":
        return dict(items)
    raise ValueError("it cannot be read")


def _npy(numpy: Any, value: Any) -> str:
    buffer = io.BytesIO()
    numpy.lib.format.write_array(buffer, numpy.asarray(value), allow_pickle=False)
    return base64.b64encode(buffer.getvalue()).decode()


def _array(text: str) -> Any:
    import numpy

    data = base64.b64decode(text)
    array = numpy.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    if array.nbytes > len(data) or array.size > max(1, array.nbytes):
        raise ValueError("it is larger than what was sent")
    return array


def _generator(state: dict[str, Any]) -> Any:
    import numpy

    if state["bit_generator"] not in GENERATORS:
        raise ValueError("it is an unknown random generator")
    bits = getattr(numpy.random, state["bit_generator"])()
    bits.state = state
    return numpy.random.Generator(bits)
