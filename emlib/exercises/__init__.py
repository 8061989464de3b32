"""The exercises of the notebooks, a card for each: ``from emlib.exercises import jensen``.

They are data: see `emlib.checks.cards`.  The cards of a notebook are read when it is first used.
"""

from __future__ import annotations

from importlib.resources import files
from types import ModuleType

from emlib.checks import cards

_HERE = files(__name__)


def __dir__() -> list[str]:
    """List the notebooks."""
    return sorted(p.name.removesuffix(".json") for p in _HERE.iterdir() if ".json" in p.name)


def __getattr__(notebook: str) -> ModuleType:
    """Read the cards of a notebook."""
    if notebook not in __dir__():
        known = ", ".join(__dir__())
        raise AttributeError(f"emlib.exercises has exercises for {known}, not for {notebook!r}")
    text = _HERE.joinpath(f"{notebook}.json").read_text(encoding="utf-8")
    globals()[notebook] = module = ModuleType(f"{__name__}.{notebook}")
    vars(module).update(cards.read(text))
    return module
