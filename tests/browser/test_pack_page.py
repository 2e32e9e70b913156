"""The page in a real browser: accessibility rules, widths, themes, print, and silence on the network."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pypdf
import pytest

from reports.branding import Brand, brand_of
from reports.figures import Figures
from reports.logos import Logo
from tests.browser.looks import DESK, PHONE, in_each_look
from tests.packs import write_pack
from tests.payloads import MARKUP, SCRIPTS, payloads
from tests.variants import variants

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
HOSTILE = [(payload, 20) for payload in payloads()]
ALL_ALIVE = "[...document.querySelectorAll('figure')].every(one => one.matches('.alive'))"
DRAWN = (
    "[...document.querySelectorAll('figure > div')].filter(d => d.checkVisibility()).map(d => d.className)"
)


@pytest.fixture(scope="module")
def page_of(tmp_path_factory):
    """The page of a case, made once."""

    @cache
    def _page_of(case):
        roles = HOSTILE if case == "hostile" else CASES[case]
        (path,) = write_pack(figures(roles), tmp_path_factory.mktemp("page"), ("html",))
        return path

    return _page_of


@pytest.fixture
def visit(look_at, page_of, tmp_path):
    """Open the page of a case, or one of other roles or settings; see `look_at`."""

    def _visit(case="usual", roles=None, brand=None, settings=None, **context):
        if roles or brand or settings:
            made = replace(figures(roles or CASES[case]), **(settings or {}))
            (path,) = write_pack(made, tmp_path, ("html",), brand=brand)
        else:
            path = page_of(case)
        page = look_at(Path(path), **context)
        if context.get("java_script_enabled", True):
            page.wait_for_function(ALL_ALIVE)
        return page

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
        wording="I pledge to listen to families.\nI will act on what I hear.",
        wording_since=date(2026, 8, 31),
        places=places,
        n_seen=n + 90,
        held_back=[],
    )


@pytest.mark.parametrize("case", variants(CASES, now=["usual"]))
@in_each_look
def test_axe_finds_no_barrier(visit, case, theme, size):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(case, color_scheme=theme, viewport=size)
    if page.locator(".live").count():
        page.locator(".live").first.focus()
        page.keyboard.press("ArrowDown")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("case", CASES)
def test_a_narrow_phone_needs_no_sideways_scrolling(visit, case):
    page = visit(case, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_each_chart_is_shown_once(visit, size):
    page = visit(viewport=size)
    assert page.evaluate(DRAWN) == ["live"] * 3


@pytest.mark.parametrize(("size", "shown"), [(DESK, "wide"), (PHONE, "narrow")], ids=["desk", "phone"])
def test_without_script_the_drawings_stay(visit, size, shown):
    page = visit(viewport=size, java_script_enabled=False)
    visible = [one.get_attribute("class") for one in page.locator("figure > div").all() if one.is_visible()]
    assert visible == [shown] * 3
    assert page.get_by_role("img", name="signatories signed as “Parent or carer”").count() == 1
    assert not page.locator(".keys").first.is_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_under_its_own_policy_the_charts_are_drawn_and_nothing_is_asked_for_or_complained_of(visit, size):
    page = visit(viewport=size, bypass_csp=False)
    assert page.locator(".live svg .strips_marks path").count() == 7 + 10 + 10
    assert [url.rsplit("/", 1)[-1] for url in page.asked] == ["connect-pledge-2026-11-24.html"]
    assert page.complaints == []


def test_its_policy_lets_no_other_script_run_and_nothing_load(visit):
    page = visit(bypass_csp=False)
    page.evaluate("""() => {
        const script = Object.assign(document.createElement("script"), {textContent: "window.ran = 1"});
        document.head.append(script);
        document.body.append(Object.assign(document.createElement("img"), {src: "x.png"}));
        document.body.setAttribute("onclick", "window.ran = 2");
        document.body.click();
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert [said for said in page.complaints if "Content Security Policy" not in said] == []
    assert len(page.complaints) == 3


@pytest.mark.parametrize("own_ban", [True, False], ids=["with its ban", "with its ban lifted"])
def test_no_script_of_five_hundred_hostile_roles_runs(visit, own_ban):
    page = visit("hostile", viewport=DESK, bypass_csp=not own_ban)
    page.locator("[data-chart=roles] .live").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(300)
    kinds = "[...document.scripts].map(script => script.type)"
    assert page.evaluate(kinds) == ["application/json"] * 3 + [""]
    assert page.evaluate("[window.ran, document.images.length, frames.length]") == [None, 0, 0]
    assert len(page.asked) == 1
    assert page.complaints == []
    assert page.locator("tbody th").count() >= 500
    assert page.locator("[data-chart=roles] .strips_marks path").count() == 500


@pytest.mark.parametrize("payload", [SCRIPTS[0], SCRIPTS[1], SCRIPTS[3], *MARKUP[:2]])
def test_no_script_of_a_setting_runs(visit, payload):
    brand = brand_of(introduction=payload, closing=payload, contact=payload)
    page = visit(brand=brand, settings={"title": payload, "organisation": payload, "wording": payload})
    page.wait_for_timeout(100)
    assert page.evaluate("[window.ran, document.images.length, frames.length]") == [None, 0, 0]
    assert (len(page.asked), page.complaints) == (1, [])
    assert page.locator(".introduction").inner_text() == payload


def strip(page, chart, at):
    return page.locator(f"[data-chart={chart}] .strips_marks path").nth(at)


def tip(page, chart):
    return page.locator(f"[data-chart={chart}] .tip")


def test_a_pointer_reads_a_bar_and_leaves_it(visit):
    page = visit(viewport=DESK)
    strip(page, "roles", 1).hover()
    assert tip(page, "roles").inner_text().startswith("A parent, carer, guardian")
    assert "about 320 signatories (18%)" in tip(page, "roles").inner_text()
    page.locator("h1").hover()
    assert not tip(page, "roles").is_visible()


def test_a_hidden_bar_says_that_it_is_hidden(visit):
    page = visit(viewport=DESK)
    strip(page, "roles", 5).hover()
    assert tip(page, "roles").inner_text() == "<b>Councillor</b>: hidden"


def test_escape_takes_the_tip_away_while_the_pointer_stays(visit):
    page = visit(viewport=DESK)
    strip(page, "roles", 0).hover()
    page.keyboard.press("Escape")
    assert not tip(page, "roles").is_visible()


def test_keys_go_from_bar_to_bar_and_a_reading_voice_is_told(visit):
    page = visit(viewport=DESK)
    live, heard = page.get_by_role("application").first, page.locator("[data-chart=roles] [role=status]")
    page.locator(".skip").focus()
    page.keyboard.press("Tab")
    assert live.evaluate("one => one === document.activeElement")
    told = []
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "End", "ArrowDown", "Home"):
        page.keyboard.press(key)
        told.append(heard.text_content()[:9])
    assert told == ["Parent or", "A parent,", *["Parent or"] * 2, *["Role not "] * 2, "Parent or"]
    assert heard.text_content() == "Parent or carer: about 1,205 signatories (70%)"
    assert tip(page, "roles").inner_text() == heard.text_content()
    assert strip(page, "roles", 0).get_attribute("stroke-opacity") == "1"
    page.keyboard.press("Escape")
    assert heard.text_content() == ""
    assert not tip(page, "roles").is_visible()


def test_a_chart_lets_the_keyboard_go(visit):
    page = visit(viewport=DESK)
    page.locator(".live").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.locator(".live").nth(1).evaluate("one => one === document.activeElement")
    assert tip(page, "roles").text_content() == ""


def test_the_growth_is_read_to_its_exact_end(visit):
    page = visit(viewport=DESK)
    page.locator("[data-chart=growth] .live").focus()
    page.keyboard.press("End")
    heard = page.locator("[data-chart=growth] [role=status]").text_content()
    assert heard == "24 November 2026: 1,730 signatories, the exact total"


def test_a_page_that_becomes_narrow_draws_its_charts_anew(visit):
    page = visit(viewport=DESK)
    page.set_viewport_size(PHONE)
    page.wait_for_function("document.querySelector('.live svg').viewBox.baseVal.width < 360")
    strip(page, "roles", 0).hover()
    assert tip(page, "roles").inner_text().startswith("Parent or carer")


def test_nothing_moves(visit):
    page = visit(viewport=DESK, reduced_motion="reduce")
    strip(page, "roles", 1).hover()
    assert page.evaluate("document.getAnimations().length") == 0


def test_each_chart_has_a_name_and_says_how_it_is_read(visit):
    page = visit(viewport=DESK)
    chart = page.get_by_role("application", name="signatories signed as “Parent or carer”")
    words = page.locator(f"#{chart.get_attribute('aria-describedby')}")
    assert "arrow keys" in words.inner_text()
    assert "Parent or carer: about 1,205 (70%)" in page.locator("#roles-wide-words").text_content()


def test_the_skip_link_is_first_and_leads_to_the_figures(visit):
    page = visit(viewport=DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the figures"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "figures"


def test_print_shows_each_chart_once_on_white(visit):
    page = visit(color_scheme="dark", viewport=PHONE)
    page.emulate_media(media="print")
    assert page.evaluate(DRAWN) == ["wide"] * 3
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_it_prints_to_few_pages_with_all_that_it_says(visit):
    page = visit(viewport=DESK)
    page.locator(".live").first.focus()
    page.keyboard.press("ArrowDown")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf()))
    text = " ".join(" ".join(one.extract_text() for one in printed.pages).split())
    assert len(printed.pages) <= 8
    assert [word for word in ("1,730", "Who signed", "1,205", "About this release") if word not in text] == []
    assert "arrow keys" not in text


LOGO = Logo(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"/>', "svg+xml", 3)


@in_each_look
@pytest.mark.long
def test_axe_finds_no_barrier_in_a_house_of_its_own_with_roles_by_month(visit, theme, size):
    from axe_playwright_python.sync_playwright import Axe

    roles = [("Parent or carer", 1200), ("Teacher", 800)]
    days = [date(2026, 5, 4) + timedelta(days=20 * at) for at in range(10)]
    settings = {
        "by_day": [(day, 200) for day in days],
        "by_day_and_role": [(day, role, n // 10) for day in days for role, n in roles],
    }
    brand = Brand(logo=LOGO, colour="#0b6e4f", contact="Ask us.")
    page = visit(roles=roles, brand=brand, settings=settings, color_scheme=theme, viewport=size)
    assert page.locator("[data-chart=role-periods] .strips_marks path").count() >= 4
    assert page.locator(".many").evaluate("one => one.scrollWidth <= document.body.clientWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
