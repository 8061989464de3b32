"""Menus for what only Python can recompute, such as the number of components or a seed."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Sequence
from typing import Any

from IPython.display import display

from emlib.plots.picture import Picture
from emlib.steppers.runs import Interactive
from emlib.words import _

VIEW = "application/vnd.jupyter.widget-view+json"


def explore(show: Callable[..., Picture | Interactive], **choices: Sequence[Any]) -> None:
    """Show what `show` returns for the values chosen in menus; Python computes it anew each time.

    All choices use one picture, and what `show` prints stands below it.  The last picture stays in
    the saved notebook, where a sentence stands in the place of the menus: they work only while the
    kernel runs.  So does it where ipywidgets is not installed.  Where a stepper will do, prefer it.

    Parameters
    ----------
    show : callable
        Takes the chosen values by name and returns a picture or a stepper; it prints each time or
        never.  If it raises a ValueError, as EM does when a component degenerates, the error's
        words are shown.
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
    empty = [name for name, values in choices.items() if not len(values)]
    if empty or not choices:
        what = f"{empty[0]} holds no value" if empty else "name an argument of show and its values"
        raise ValueError(f"choices: there is nothing to choose from: {what}")
    show_in_cell: Any = display  # IPython's functions carry no types

    def computed(values: dict[str, Any]) -> list[Any]:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            try:
                picture: Any = show(**values)
            except ValueError as error:
                picture = _Words(str(error))
        words = printed.getvalue().rstrip()
        return [picture, _Words(words)] if words else [picture]

    first = {name: values[0] for name, values in choices.items()}
    try:
        import ipywidgets  # not needed by the rest of emlib, and slow to import
    except ImportError:
        show_in_cell(_Words(_still(first) + " " + _("Menus would need the package ipywidgets.")))
        menus = {}
    else:
        menus = {
            name: ipywidgets.Dropdown(
                options=list(values),
                description=name.replace("_", " "),
                style={"description_width": "initial"},
            )
            for name, values in choices.items()
        }
        box = ipywidgets.HBox(list(menus.values()), layout={"flex_flow": "row wrap"})
        # As Jupyter asks for it, but with words for who has no view of it.
        view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
        words = _still(first) + " " + _("Run this cell to choose others in menus.")
        show_in_cell({VIEW: view, "text/plain": words}, raw=True)

    outputs = [show_in_cell(part, display_id=True) for part in computed(first)]

    def update(_change: Any) -> None:
        parts = computed({name: menu.value for name, menu in menus.items()})
        for output, part in zip(outputs, parts, strict=False):  # an error prints nothing
            output.update(part)

    for menu in menus.values():
        menu.observe(update, names="value")


def _still(values: dict[str, Any]) -> str:
    """Say what a picture without menus shows."""
    chosen = ", ".join(f"{name.replace('_', ' ')} = {value}" for name, value in values.items())
    return _("The picture is for {chosen}.").format(chosen=chosen)


class _Words:
    """A sentence in the place of a picture, or what was printed for it."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __repr__(self) -> str:
        return self.words
