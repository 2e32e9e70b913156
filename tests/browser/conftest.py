"""One Chromium for all pages, and what a page asked for or complained of while it was open."""

from __future__ import annotations

import os
import shutil

import pytest

LONGEST_WAIT = 10_000  # milliseconds


@pytest.fixture(scope="module")
def chromium():
    """The system's Chromium; where there is none the test is skipped.

    Closed after a module: while it is open no other test of this process could run an event loop.
    """
    found = os.environ.get("PLEDGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def look_at(chromium):
    """Open a file; *asked* collects every address it asks for, *complaints* what the console says.

    A page's own Content-Security-Policy is lifted, so that nothing is kept quiet by it; a test of the policy
    itself hands `bypass_csp=False` over.
    """
    contexts = []

    def _look_at(path, **context):
        contexts.append(chromium.new_context(**{"bypass_csp": True, **context}))
        page = contexts[-1].new_page()
        page.set_default_timeout(LONGEST_WAIT)
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield _look_at
    for context in contexts:
        context.close()
