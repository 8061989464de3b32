"""The program of a picture: modules put together as one script."""

import re

import pytest

from emlib.steppers.program import IMPORT, WEB, modules, one_line, program, style
from tests.browser.pictures import MODULES

NAMES = re.compile(r"^(?:export )?(?:function|const|class) (\w+)", re.MULTILINE)
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in WEB.glob("*.js")}


def test_a_module_comes_after_what_it_imports():
    for entry in MODULES.values():
        order = [path.stem for path in modules(entry)]
        assert order[-1] == entry
        assert len(order) == len(set(order))
        for place, name in enumerate(order):
            assert set(IMPORT.findall(SOURCES[name])) <= set(order[:place]), name


def test_no_two_modules_give_the_same_name_to_different_things():
    """In a notebook they share one scope."""
    names = [name for source in SOURCES.values() for name in NAMES.findall(source)]
    assert len(names) > 100
    assert {name for name in names if names.count(name) > 1} == set()


@pytest.mark.parametrize("name", SOURCES)
def test_a_module_is_written_so_that_it_can_be_put_on_one_line(name):
    line = one_line(SOURCES[name])
    assert "\n" not in line
    assert "// " not in line, "a comment at the end of a line would swallow what follows"
    assert not re.search(r"\b(import|export)\b", re.sub(r'"[^"]*"', "", line))


def test_one_line_keeps_all_but_imports_exports_comments_and_space():
    module = """// What it does.
import {
  a,
  b,
} from "./other.js";
/**
 * @param {number} x
 */
export function twice(x) {
  // It doubles.
  return 2
    * x;
}
/** @type {string} */
export const address =
  /** @type {any} */ ("//example");
const said = `a, b: ${first ? `${ x } : y` : "no , no"} = c`;
const found = said.replace(/ , +/g, " ; ") + -x - 1;
/* The end. */
"""
    kept = (
        'function twice(x){return 2*x;}const address=("//example");'
        'const said=`a, b: ${first ? `${ x } : y` : "no , no"} = c`;'
        'const found=said.replace(/ , +/g," ; ")+ -x-1;'
    )
    assert one_line(module) == kept


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_said_keeps_its_spaces(name):
    """Each string, and each template that holds no other, is in the program as it was written."""
    code = IMPORT.sub("", re.sub(r"^ *(//|\*|/\*).*$", "", SOURCES[name], flags=re.MULTILINE))
    said = re.findall(r'"[^"\n]*"|`[^`\n]*`', code)
    line = one_line(SOURCES[name])
    assert [words for words in said if words not in line] == []


@pytest.mark.parametrize("entry", MODULES.values())
def test_the_program_can_stand_inside_a_script(entry):
    for text in (program(entry), style()):
        assert "</script" not in text.lower() and "<!--" not in text


def test_a_picture_carries_no_module_that_it_does_not_need():
    assert "iterate" not in program("jensen")
    assert "cholesky" not in program("coins")


@pytest.mark.parametrize("entry", MODULES.values())
def test_the_program_is_a_script_that_can_be_read(front_end, entry):
    assert front_end("typeof new Function(given.program)", program=program(entry)) == "function"
