"""Checks a built site: every link inside leads somewhere, and no page needs another host.

``python site/links.py FOLDER`` names what is wrong, and ends with exit code 1 if anything is.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Elements that a browser follows by itself, and those that wait for a click.
LOADS = {"img": "src", "script": "src", "iframe": "src", "source": "src", "use": "href"}
WAITS = {"a", "area"}
STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)")


class Page(HTMLParser):
    """What a page leads to, what it loads, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.anchors = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note what an element refers to."""
        found = {name: value or "" for name, value in attributes}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag in WAITS and "href" in found:
            self.leads.append(found["href"])
        elif tag in LOADS and LOADS[tag] in found:
            self.loads.append(found[LOADS[tag]])
        elif tag == "link" and found.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(found.get("href", ""))


@cache
def read(path: Path) -> Page:
    """Read a page."""
    return Page(path.read_text(encoding="utf-8"))


def problems(site: Path) -> list[str]:
    """Return a sentence on each link that leads nowhere, and on each thing from another host.

    Parameters
    ----------
    site : pathlib.Path
        The folder of the site. JupyterLite, in ``lite``, checks itself.
    """
    found = []
    site = site.resolve()
    own = [p for p in sorted(site.rglob("*")) if p.relative_to(site).parts[0] != "lite"]
    for path in own:
        where = path.relative_to(site).as_posix()
        if path.suffix == ".html":
            page = read(path)
            found += [f"{where} loads {at}" for at in page.loads if _elsewhere(at)]
            for at in dict.fromkeys(page.leads + page.loads):
                if not _elsewhere(at) and not _is_there(path, at, site):
                    found.append(f"{where} links to {at}, which is not there")
        elif path.suffix == ".css":
            sheet = path.read_text(encoding="utf-8")
            found += [f"{where} loads {at}" for at in STYLE.findall(sheet) if _elsewhere(at)]
    return found


def _elsewhere(address: str) -> bool:
    """Whether an address is on another host."""
    return bool(urlsplit(address).netloc)


def _is_there(page: Path, address: str, site: Path) -> bool:
    """Whether an address within the site leads to a file, and to a place in it."""
    parts = urlsplit(address)
    if parts.scheme in ("data", "mailto"):
        return True
    if parts.scheme or parts.path.startswith("/"):
        return False  # the site may be served from a folder
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    target = target / "index.html" if target.is_dir() else target
    if not target.is_file() or not target.is_relative_to(site):
        return False
    return target.suffix != ".html" or not parts.fragment or parts.fragment in _anchors(target)


def _anchors(target: Path) -> set[str]:
    anchors = read(target).anchors
    return anchors | {unquote(name) for name in anchors}


if __name__ == "__main__":
    wrong = problems(Path(sys.argv[1]))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(1 if wrong else 0)
