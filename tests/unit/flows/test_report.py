"""`pledge report --open`: with a browser, without one, and without a page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.commands.report import open_page

OPEN = """
import sys
from pathlib import Path
from flows.commands.report import open_page
print(open_page([Path(sys.argv[1])]))
"""


@pytest.fixture
def told(tmp_path):
    """What is said of a page in a fresh process with these variables, and nothing else of ours."""

    def _told(**variables):
        command = [sys.executable, "-c", OPEN, "a pack.html"]
        done = subprocess.run(
            command, cwd=tmp_path, env={"PATH": "", **variables}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return _told


def test_the_browser_that_the_system_names_shows_the_page_by_its_whole_address(told, tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\nprintf %s \"$1\" > '{tmp_path}/shown'\n")
    browser.chmod(0o700)
    address = f"{tmp_path.as_uri()}/a%20pack.html"
    assert told(BROWSER=f"{browser} %s") == f"Your browser shows {address}."
    assert (tmp_path / "shown").read_text() == address


def test_where_no_browser_is_it_says_where_the_page_is(told, tmp_path):
    assert told() == (
        f"No browser was found here. The page is at {tmp_path.as_uri()}/a%20pack.html; "
        "open it where there is one."
    )


def test_without_a_page_among_the_formats_it_says_so():
    assert open_page([Path("a.pdf")]) == "There is no page to open: --formats leaves html out."
