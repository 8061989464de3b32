"""Values as JSON: numbers, texts, arrays and what is built from them; nothing that can run.

None, truth values, numbers, texts and lists are themselves; everything else is an object with
one key that says what it is. Arrays travel in NumPy's own file format, read without pickle.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable
from typing import Any

DEEPEST = 50
MOST_HASHED = 10_000  # entries of a set or dict: they can be made to collide, all with all
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


class Strange:
    """What could not cross: an object of a type that only the other side knows.

    It is replaced by an instance of an empty subclass that bears the type's name.
    """


class Function(dict[str, Any]):
    """What is told about a function of the other side."""


def encode(value: Any, keep: Callable[[Any], dict[str, Any]], depth: int = 0) -> Any:
    """Turn a value into JSON; `keep` stores a function and returns what to tell about it.

    Raises
    ------
    ValueError
        If the value is nested too deeply.
    """
    if depth > DEEPEST:
        raise ValueError("it is nested too deeply")

    def each(values: Any) -> list[Any]:
        return [encode(item, keep, depth + 1) for item in values]

    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is list:
        return each(value)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if isinstance(value, numpy.generic) and value.dtype.kind != "O":
            return {"scalar": _npy(numpy, value)}
        if isinstance(value, numpy.ndarray) or hasattr(value, "__array__"):
            array = numpy.asarray(value)
            if array.dtype.kind == "O":
                return {"objects": [list(array.shape), each(array.ravel().tolist())]}
            return {"array": _npy(numpy, array)}
        if isinstance(value, numpy.random.Generator):
            return {"generator": encode(value.bit_generator.state, keep, depth + 1)}
    for plain in (bool, int, float, str):
        if isinstance(value, plain):
            return plain(value)
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, bytes | bytearray):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return {"tuple": each(value)}
    if isinstance(value, list):
        return each(value)
    if isinstance(value, set | frozenset):
        return {"set": each(value)}
    if isinstance(value, dict):
        return {"dict": [each(pair) for pair in value.items()]}
    if callable(value):
        return {"function": keep(value)}
    return {"strange": str(type(value).__name__)[:80]}


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
