"""The picture of a sandbox's pack in the README: `python tests/browser/screenshot.py PAGE PICTURE`.

PAGE is the page that `pledge demo` made. The top of it is drawn, without the wording, to the end of its first
chart.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, MARGIN = 700, 16
TOO_LONG = "document.querySelectorAll('.introduction, [aria-labelledby=wording]')"
END = "document.querySelector('figure').getBoundingClientRect().bottom"


def main() -> None:
    page_path, picture_path = map(Path, sys.argv[1:])
    found = os.environ.get("PLEDGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.goto(page_path.absolute().as_uri())
        page.wait_for_selector("figure.alive")
        page.evaluate(f"{TOO_LONG}.forEach(one => one.remove())")
        whole = {"x": 0, "y": 0, "width": WIDTH, "height": page.evaluate(END) + MARGIN}
        page.screenshot(path=picture_path, full_page=True, clip=whole)
        browser.close()


if __name__ == "__main__":
    main()
