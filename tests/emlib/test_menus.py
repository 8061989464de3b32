"""Menus for what Python recomputes; tests/browser uses them in JupyterLab."""

import sys

import ipywidgets
import pytest

from emlib.plots.picture import Picture
from emlib.steppers import menus
from emlib.steppers.menus import VIEW, explore


def show(k, alpha_A):
    if k == 0:
        raise ValueError("k must be positive")
    print("k", k, "and", alpha_A)
    return Picture(b"", f"{k} coins, {alpha_A}", 1)


class Cell:
    """The outputs of a cell: what was displayed first, and what it has become."""

    def __init__(self):
        self.first, self.now, self.menus = [], [], {}

    def box(self, children, **options):
        self.menus = {menu.description: menu for menu in children}
        return ipywidgets.Box(children, **options)

    def display(self, shown, raw=False, display_id=False):
        place = len(self.first)
        self.first.append(shown)
        self.now.append(shown)
        return Handle(self.now, place) if display_id else None


class Handle:
    """What changes one of them."""

    def __init__(self, now, place):
        self.now, self.place = now, place

    def update(self, shown):
        self.now[self.place] = shown


@pytest.fixture
def cell(monkeypatch):
    cell = Cell()
    monkeypatch.setattr(menus, "display", cell.display)
    monkeypatch.setattr(ipywidgets, "HBox", cell.box)
    return cell


def test_a_choice_changes_the_picture_and_what_was_printed_in_their_places(cell, capsys):
    explore(show, k=[2, 3], alpha_A=[0.5, 0.2])
    view, picture, printed = cell.first
    assert VIEW in view
    assert view["text/plain"] == (
        "The picture is for k = 2, alpha A = 0.5. Run this cell to choose others in menus."
    )
    assert (picture.alt, repr(printed)) == ("2 coins, 0.5", "k 2 and 0.5")
    assert list(cell.menus) == ["k", "alpha A"]
    cell.menus["alpha A"].value = 0.2
    cell.menus["k"].value = 3
    assert [cell.now[1].alt, repr(cell.now[2])] == ["3 coins, 0.2", "k 3 and 0.2"]
    assert len(cell.now) == 3
    assert capsys.readouterr().out == ""


def test_an_error_is_said_in_words_and_goes_away(cell):
    explore(show, k=[2, 0], alpha_A=[0.5])
    cell.menus["k"].value = 0
    assert repr(cell.now[1]) == "k must be positive"
    cell.menus["k"].value = 2
    assert cell.now[1].alt == "2 coins, 0.5"


def test_without_ipywidgets_the_picture_is_there(cell, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    explore(show, k=[3], alpha_A=[0.5])
    words, picture, _ = cell.first
    assert "for k = 3, alpha A = 0.5. Menus would need the package ipywidgets." in repr(words)
    assert picture.alt == "3 coins, 0.5"


@pytest.mark.parametrize(
    ("choices", "message"),
    [({}, "name an argument of show"), ({"k": [1], "seed": []}, "seed holds no value")],
)
def test_nothing_to_choose_from_is_refused(choices, message):
    with pytest.raises(ValueError, match=f"nothing to choose from: {message}"):
        explore(lambda **_: None, **choices)
