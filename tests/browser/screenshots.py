"""A page with every picture of every notebook, to look at: python noxfile.py screenshots

Writes build/screenshots/index.html. Each picture is there in JupyterLab's light and dark colours
and in those of a system with high contrast, as wide as on a phone and on a laptop; a live one
before anything is done, and after its buttons and rings were used.
"""

import html
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.lab import LAUNCH_OPTIONS, chromium
from tests.browser.pictures import DARK, LIGHT, WIDTHS
from tests.notebooks.course import NOTEBOOKS, ROOT, number, read
from tests.notebooks.steppers import pictures

SHOTS = ROOT / "build" / "screenshots"
COLOURS: dict[str, tuple[str, dict[str, Any]]] = {
    "light": (LIGHT, {}),
    "dark": (DARK, {}),
    "high-contrast": (DARK, {"color_scheme": "dark", "forced_colors": "active"}),
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>{css}
body {{ margin: 0; background: var(--jp-layout-color0); color: var(--jp-content-font-color1); }}
</style><body>{body}</body></html>"""


def shown() -> Iterator[tuple[str, str]]:
    """Yield the HTML of each picture, under the notebook's, the cell's and its own number."""
    for path in [*sorted((ROOT / "notebooks").glob("*.ipynb")), *NOTEBOOKS.values()]:
        for place, cell in enumerate(read(path).cells):
            for nth, output in enumerate(pictures(cell)):
                name = f"{number(path.stem)}-{place}" + f"-{nth}" * (nth > 0)
                yield name, output.data["text/html"]


def use(page: Any, host: Any) -> None:
    """Do what a reader does first: go a few steps on, or move what can be moved."""
    following = host.get_by_role("button", name="Next")
    for _ in range(5):
        if following.count():
            following.press("Enter")  # which is heard at the end, too
        else:
            host.locator(".handle").first.focus()
            page.keyboard.press("PageUp")
    page.evaluate("document.activeElement.blur()")


def shots(page: Any, name: str, body: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Take the pictures of one picture; yield their files and what each shows."""
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 768 if width > 1000 else 664})
        for colours, (css, media) in COLOURS.items():
            plain: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none"}
            page.emulate_media(reduced_motion="reduce", **{**plain, **media})
            held = f'<div style="max-width: {WIDTHS[width]}px">{body}</div>'
            page.set_content(PAGE.format(title=name, css=css, body=held))
            host = page.locator(".emlib" if "mount(" in body else "img").first
            for state in ["start", "used"] if "mount(" in body else [""]:
                if state == "used":
                    use(page, host)
                page.wait_for_timeout(300)  # for what is drawn when there is nothing else to do
                file = "-".join(filter(None, [name, state, str(width), colours])) + ".png"
                host.screenshot(path=folder / file)
                yield file, f"{state} {width} {colours}".strip()


def main() -> None:
    """Take all of them, and write the page."""
    browser_path = chromium()
    if browser_path is None:
        raise SystemExit("Screenshots need a Chromium browser on the path.")
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    parts = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=LAUNCH_OPTIONS)
        page = browser.new_page()
        for name, body in shown():
            parts.append(f"<h2>{name}</h2>")
            for file, words in shots(page, name, body, SHOTS):
                image = f'<img src="{file}" alt="{html.escape(f"{name}, {words}")}">'
                parts.append(f"<figure><figcaption>{words}</figcaption>{image}</figure>")
        browser.close()
    index = SHOTS / "index.html"
    body = "<style>figure { display: inline-block; vertical-align: top }</style>" + "\n".join(parts)
    index.write_text(PAGE.format(title="Every picture", css="", body=body), encoding="utf-8")
    print(f"Open {index} in a browser.")


if __name__ == "__main__":
    main()
