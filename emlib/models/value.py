"""Values: what is set once stays."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any, Self

import numpy as np


class Value:
    """What is set once stays, and its arrays are read-only, in copies and after pickling too."""

    def _fill(self, **attributes: Any) -> None:
        """Set the attributes of a new value, its arrays read-only."""
        for name, value in attributes.items():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
            self.__dict__[name] = value

    def _with(self, **changes: Any) -> Self:
        """Return a value like this one but for some attributes, which are not checked."""
        value = object.__new__(type(self))
        value.__dict__.update(self.__dict__)
        value._fill(**changes)
        return value

    def __repr__(self) -> str:
        """Show the attributes, but for what is computed from them."""
        own = {name: value for name, value in self.__dict__.items() if name not in dir(type(self))}
        shown = (f"{name}={value!r}" for name, value in own.items())
        return f"{type(self).__name__}({', '.join(shown)})"

    def __setattr__(self, name: str, value: Any) -> None:
        """Set what is new, or raise an error."""
        if name not in self.__dict__:
            self._fill(**{name: value})
            return
        raise FrozenInstanceError(f"{name} is set: make a new {type(self).__name__}")

    def __delattr__(self, name: str) -> None:
        """Raise an error."""
        raise FrozenInstanceError(f"{name} cannot be deleted")

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Fill what was unpickled or copied."""
        self._fill(**state)
