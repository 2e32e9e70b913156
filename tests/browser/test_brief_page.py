"""The brief's page as a browser shows and prints it."""

from __future__ import annotations

import io

import pypdf
import pytest

from reports.branding import Brand
from reports.pack import write_pack
from tests.browser.looks import DESK, in_each_look
from tests.packs import figures, safe
from tests.variants import variants
from tests.whole_pack import LONG_BRAND, long_pack, whole_pack

BRAND = Brand(contact="Write to pledge@connect.example.", colour="#0b6e4f")
CASES = {
    "usual": (safe(figures()), BRAND),
    "an earlier table": (whole_pack(), BRAND),
    "under the threshold": (safe(figures([("Parent", 3)], others=[])), BRAND),
    "everything is long": (long_pack(), LONG_BRAND),
}


@pytest.fixture
def visit(look_at, tmp_path):
    def _visit(case, **context):
        pack, brand = CASES[case]
        page, *_ = write_pack(pack, tmp_path, ("brief",), brand)
        return look_at(page, **context)

    return _visit


@in_each_look
@pytest.mark.parametrize("case", variants(CASES, now=list(CASES)[:2]))
def test_axe_finds_no_barrier_and_nothing_is_asked_for(visit, case, theme, size):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(case, color_scheme=theme, viewport=size)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert (len(page.asked), page.complaints) == (1, [])
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("case", variants(CASES, now=list(CASES)[:2]))
def test_it_prints_to_one_page(visit, case):
    printed = visit(case, viewport=DESK).pdf(prefer_css_page_size=True, format="A4")
    assert len(pypdf.PdfReader(io.BytesIO(printed)).pages) == 1


def test_a_house_with_a_colour_prints_dark_on_white(visit):
    page = visit("usual", viewport=DESK)
    page.emulate_media(media="print")
    colours = "one => [getComputedStyle(one).color, getComputedStyle(one.closest('header')).backgroundColor]"
    assert page.locator(".dates").last.evaluate(colours) == ["rgb(51, 51, 51)", "rgb(255, 255, 255)"]


def test_its_own_policy_lets_its_style_in(visit):
    page = visit("usual", viewport=DESK, bypass_csp=False)
    assert page.complaints == []
    assert (
        page.locator("header").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(11, 110, 79)"
    )
