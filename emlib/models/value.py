"""Values: what is set once stays."""

from __future__ import annotations

from typing import Any, Self

import numpy as np


class Value:
    """A frozen dataclass whose arrays are read-only, in copies and after pickling too."""

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

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Fill what was unpickled or copied."""
        self._fill(**state)
