"""Draw the pictures that README shows: python noxfile.py figures (needs a Chromium browser)."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from emlib import BinomialMixture, Tosses, run_em
from emlib.steppers.runs import stepper

FIGS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGE = '<!doctype html><html lang="en"><body style="font: 14px sans-serif; margin: 12px">{}'


def coin_stepper(browser: str) -> None:
    """Photograph the coin stepper at the E-step of its second iteration."""
    run = run_em(BinomialMixture([0.6, 0.5]), Tosses([5, 9, 8, 4, 7], flips=10))
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": 900, "height": 1000}, device_scale_factor=1.5)
        page.set_content(PAGE.format(stepper(run).html()))
        for _ in range(3):  # E-step, M-step, E-step
            page.get_by_role("button", name="Next").click()
        page.mouse.move(0, 0)
        page.locator("body > *").first.screenshot(path=FIGS / "coin-stepper.png")
        chromium.close()


if __name__ == "__main__":
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit("figures needs a Chromium browser on the path: install one and run it again.")
    coin_stepper(found)
