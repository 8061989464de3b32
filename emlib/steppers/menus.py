"""Menus for what only Python can recompute, such as the number of components or a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from IPython.display import display

from emlib.plots.picture import Picture
from emlib.steppers.runs import Interactive


def explore(show: Callable[..., Picture | Interactive], **choices: Sequence[Any]) -> None:
    """Show what `show` returns for the values chosen in menus; Python computes it anew each time.

    All choices use one output, and the last picture stays in the saved notebook.  The menus
    work only while the kernel runs: where a stepper or a picture will do, prefer it.

    Parameters
    ----------
    show : callable
        Takes the chosen values by name and returns a picture or a stepper.  If it raises a
        ValueError, as EM does when a component degenerates, the error's words are shown.
    **choices : sequence
        The values to choose from, by the name of the argument; the first is shown first.

    Raises
    ------
    ValueError
        If there is nothing to choose from.

    Examples
    --------
    In a notebook::

        explore(lambda k, seed: stepper(fit(k, seed)), k=range(1, 6), seed=range(10))
    """
    import ipywidgets  # not needed by the rest of emlib, and slow to import

    empty = [name for name, values in choices.items() if not len(values)]
    if empty or not choices:
        what = f"{empty[0]} holds no value" if empty else "name an argument of show and its values"
        raise ValueError(f"choices: there is nothing to choose from: {what}")

    menus = {
        name: ipywidgets.Dropdown(options=list(values), description=name)
        for name, values in choices.items()
    }

    def chosen() -> Any:
        try:
            return show(**{name: menu.value for name, menu in menus.items()})
        except ValueError as error:
            return _Words(str(error))

    show_in_cell: Any = display  # IPython's functions carry no types
    show_in_cell(ipywidgets.HBox(list(menus.values())))
    output = show_in_cell(chosen(), display_id=True)
    for menu in menus.values():
        menu.observe(lambda _: output.update(chosen()), names="value")


class _Words:
    """A sentence in the place of a picture."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words
