"""Who may import whom: arrows inside emlib point one way."""

import ast
import sys
from pathlib import Path

import pytest

import emlib

FOLDER = Path(emlib.__file__).parent
LOWEST = {"_validate", "palette", "words"}
MAY_IMPORT = {
    "_validate": set(),
    "palette": set(),
    "data": {"_validate"},
    "words": set(),
    "guess": {"words"},
    "models": {"models", "_validate"},
    "driver": {"driver", "models", "_validate"},
    "information": {"information", "driver", "models", "_validate"},
    "plots": {"plots", "driver", "models", *LOWEST},
    "steppers": {"steppers", "plots", "driver", "models", *LOWEST},
    "checks": {"checks", *LOWEST},  # of _validate only the types
    "stand_ins": {"stand_ins", "information", "driver", "models", "_validate"},
}
THIRD_PARTY = {  # beyond the standard library
    "models": {"numpy", "scipy"},
    "driver": {"numpy", "scipy"},
    "information": {"numpy", "scipy"},
    "checks": {"numpy", "IPython"},
}


def imported(file):
    """Names that a file imports, with the dots of their modules."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(room):
    folder = FOLDER / room
    return list(folder.rglob("*.py")) if folder.is_dir() else [FOLDER / f"{room}.py"]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_from_rooms_below_it(room):
    files = files_of(room)
    assert files
    for file in files:
        for name in imported(file):
            package, *rest = name.split(".")
            if package == "emlib":
                assert rest[0] in MAY_IMPORT[room], f"{file} imports {name}"
            elif room in THIRD_PARTY:
                known = sys.stdlib_module_names | THIRD_PARTY[room]
                assert package in known, f"{file} imports {name}"


def test_every_room_is_known():
    rooms = {path.stem for path in FOLDER.iterdir() if path.suffix == ".py"}
    rooms |= {path.name for path in FOLDER.iterdir() if list(path.glob("*.py"))}
    assert rooms - {"__init__", "exercises"} == set(MAY_IMPORT)


def test_nothing_imports_the_answers():
    for file in FOLDER.rglob("*.py"):
        assert not [name for name in imported(file) if name.split(".")[0] == "key"], file


def test_what_notebooks_use_stands_at_the_door():
    assert sorted(emlib.__all__) == emlib.__all__
    for name in emlib.__all__:
        assert getattr(emlib, name)
