"""The page in a real browser: accessibility rules, widths, themes and silence on the network."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from reports.figures import Figures
from reports.pack import write_pack
from tests.payloads import payloads

pytestmark = pytest.mark.browser

LONG = "A parent, carer, guardian or other family member of a child with additional support needs in Scotland"
FULL = [
    ("Parent or carer", 1204),
    (LONG, 318),
    ("والد أو مقدم رعاية", 96),
    ("保護者または介護者", 45),
    ("Pàrant-no-neach-cùraim" * 6, 58),
    ("<b>Councillor</b>", 6),
    ("(no answer)", 3),
]
CASES = {
    "usual": FULL,
    "nobody": [("Parent", 0), ("MSP", 0)],
    "all hidden": [("Parent", 9), ("MSP", 6), ("Teacher", 8)],
    "no role question": [],
}
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture
def visit(look_at, tmp_path):
    """Open a page; see `look_at`."""

    def _visit(case="usual", roles=None, **context):
        (path,) = write_pack(figures(roles or CASES[case]), tmp_path, ("html",))
        return look_at(Path(path), **context)

    return _visit


def figures(roles):
    n = sum(count for _, count in roles) if roles else 700
    by_day = [(date(2026, 9, 1) + timedelta(days=7 * at), n // 10) for at in range(10) if n >= 10]
    by_day = [(day, count + (n % 10 if at == 0 else 0)) for at, (day, count) in enumerate(by_day)]
    places = [("signatory", "", n), ("duplicate", "signed again", 87), ("not counted", "left unfinished", 3)]
    return Figures(
        title="Connect Pledge",
        organisation="Connect",
        as_at=datetime(2026, 11, 24, 2, 15, tzinfo=UTC),
        run_id="run-42",
        n_signatories=n,
        by_role=roles,
        by_day=by_day,
        first_signed_on=date(2026, 9, 1) if n else None,
        last_signed_on=date(2026, 11, 3) if n else None,
        wording="I pledge to listen to families.\nI will act on what I hear.",
        wording_since=date(2026, 8, 31),
        places=places,
        n_seen=n + 90,
        held_back=[],
    )


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_barrier(visit, case, theme, size):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(visit(case, color_scheme=theme, viewport=size))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("case", CASES)
def test_a_narrow_phone_needs_no_sideways_scrolling(visit, case):
    page = visit(case, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(("size", "shown"), [(DESK, "wide"), (PHONE, "narrow")], ids=["desk", "phone"])
def test_one_drawing_of_each_chart_is_shown(visit, size, shown):
    page = visit(viewport=size)
    visible = (
        "[...document.querySelectorAll('figure div')].filter(d => d.checkVisibility()).map(d => d.className)"
    )
    assert page.evaluate(visible) == [shown, shown]


def test_the_page_asks_for_nothing_but_itself_and_complains_of_nothing(visit):
    page = visit()
    assert ([url.rsplit("/", 1)[-1] for url in page.asked], page.complaints) == (
        ["connect-pledge-2026-11-24.html"],
        [],
    )


def test_no_script_of_five_hundred_hostile_roles_runs_although_the_pages_own_ban_is_lifted(visit):
    page = visit(roles=[(payload, 20) for payload in payloads()], viewport=DESK)
    page.wait_for_timeout(500)
    assert page.evaluate("[window.ran, document.scripts.length, document.images.length, frames.length]") == [
        None,
        0,
        0,
        0,
    ]
    assert len(page.asked) == 1
    assert page.complaints == []
    assert page.locator("tbody th").count() >= 500


def test_each_chart_has_a_name_and_words(visit):
    page = visit(viewport=DESK)
    pictures = page.get_by_role("img")
    assert pictures.count() == 2
    assert page.get_by_role("img", name="signatories signed as “Parent or carer”").count() == 1
    assert "Parent or carer: about 1,205 (70%)" in page.locator("#roles-wide-words").text_content()


def test_text_in_charts_keeps_inside_its_card(visit):
    page = visit(viewport=PHONE)
    outside = """() => [...document.querySelectorAll('figure .narrow text')].filter(text => {
        const words = text.getBoundingClientRect(), card = text.closest('figure').getBoundingClientRect();
        return words.left < card.left || words.right > card.right;
    }).length"""
    assert page.evaluate(outside) == 0


def test_the_skip_link_is_first_and_leads_to_the_figures(visit):
    page = visit(viewport=DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the figures"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "figures"


def test_print_shows_each_chart_once_on_white(visit):
    page = visit(color_scheme="dark", viewport=PHONE)
    page.emulate_media(media="print")
    assert page.locator("figure .wide").first.is_visible()
    assert not page.locator("figure .narrow").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
