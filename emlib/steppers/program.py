"""The program of a picture: JavaScript modules in the folder `web`, put together as one script.

A notebook's output must be complete in itself, and a script in it cannot import.  So the modules
that a picture needs stand one after the other, each after those it imports, in one scope; that is
why no two of them may give the same name to different things.
"""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

WEB = Path(__file__).parent / "web"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
# On lines of its own: // to the end of the line, or /* ... */.
COMMENT = re.compile(r"^ *(?://[^\n]*|/\*(?:(?!\*/).)*\*/)$", re.MULTILINE | re.DOTALL)
# A template may hold templates, but these no further ones.
INNER = r"`(?:\\.|[^`\\])*`"
TEMPLATE = rf"`(?:\\.|\$\{{(?:[^`{{}}]|{INNER}|\{{[^`{{}}]*\}})*\}}|[^`\\])*`"
# What passes through the function `gettext` of words.js; its values hold no braces.
MESSAGE = re.compile(r"\bgettext`([^`\n]+)`")
VALUE = re.compile(r"\$\{[^{}]*\}")
STRING = r'"(?:\\.|[^"\\])*"'
REGEX = r"(?<=[(,=:] )/(?![/*])(?:\\.|[^/\\])+/|(?<=\()/(?![/*])(?:\\.|[^/\\])+/"
GAP = r"(?:\s|/\*.*?\*/)"
SIGNS = r"[=!]==|=>|[!<>]=|[-+*/&|]=|&&|\|\||\?\?|[{}()\[\];,:?=<>*&|]|(?<=[^-+] )[-+](?= [^-+])"
TOKEN = re.compile(rf"({TEMPLATE}|{STRING}|{REGEX})|{GAP}*({SIGNS}){GAP}*|{GAP}+", re.DOTALL)
IN_STYLE = re.compile(r" *([{};,>]) *|(?<=:) ")


def modules(entry: str) -> list[Path]:
    """Return the module of that name and all that it imports, each after those it imports."""
    found: dict[Path, None] = {}

    def visit(name: str) -> None:
        path = WEB / f"{name}.js"
        if path not in found:
            for imported in IMPORT.findall(path.read_text(encoding="utf-8")):
                visit(imported)
            found[path] = None

    visit(entry)
    return list(found)


def program(entry: str) -> str:
    """Return the module of that name and all that it imports as one script."""
    return " ".join(one_line(path.read_text(encoding="utf-8")) for path in modules(entry))


def one_line(module: str) -> str:
    """Leave out imports and the word export, comments, and all space that nothing needs.

    They cost two fifths of a saved notebook's bytes.  Names and order stay, so that an editor's
    "format" makes it readable again.
    """
    code = COMMENT.sub("", IMPORT.sub("", module))
    code = " ".join(line.removeprefix("export ") for line in _lines(code))
    return TOKEN.sub(lambda found: found[1] or found[2] or " ", code)


def messages(entry: str) -> list[str]:
    """Return what that module, and all that it imports, may show or say: see `messages_of`."""
    texts = [path.read_text(encoding="utf-8") for path in modules(entry)]
    return list(dict.fromkeys(message for text in texts for _, message in messages_of(text)))


def messages_of(module: str) -> list[tuple[int, str]]:
    """Return the messages of a module's text, each with its line; values in them are numbered."""
    found = MESSAGE.finditer(module)
    return [(module.count("\n", 0, one.start()) + 1, _numbered(one[1])) for one in found]


def _numbered(message: str) -> str:
    numbers = count()
    return VALUE.sub(lambda _: f"{{{next(numbers)}}}", message)


def style() -> str:
    """Return the style sheet of every picture, on one line."""
    lines = _lines(COMMENT.sub("", (WEB / "stepper.css").read_text(encoding="utf-8")))
    return IN_STYLE.sub(r"\1", " ".join(lines))


def _lines(code: str) -> list[str]:
    return [stripped for line in code.splitlines() if (stripped := line.strip())]
