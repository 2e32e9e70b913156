"""The pages of nights in a real browser: accessibility rules, widths, themes and silence on the network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.audit_rules import AUDIT_RULES
from checks.row_rules import ROW_RULES
from reports.runs_page.history import write_nights

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1200, "height": 900}, {"width": 320, "height": 640}
NIGHT = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
PASSED = [
    {"rule": rule.name, "severity": rule.severity, "n_checked": 100_000, "n_failed": 0} for rule in ROW_RULES
]
FAILED = [{**told, "n_failed": 1_204} for told in PASSED]
AUDIT = [
    {"check": name, "subject": "signatories without a response", "observed": 100_000, "relation": relation,
     "expected": 100_003, "severity": severity, "ok": ok}
    for ok, severity in ((True, "stop"), (False, "stop"), (False, "tell"))
    for name, relation in zip(AUDIT_RULES, ("equal", "at most", "at least") * 9, strict=False)
]  # fmt: skip
LONG = "unbroken" * 30
FULL = {
    "checks": [*FAILED[:3], *PASSED[3:], *AUDIT],
    "held_back": {"email-invalid": 12, LONG: 1},
    "not_counted": {"preview": 2},
    "drift": ["A choice is new.", f"“{LONG}” is gone."],
    "warnings": ["Look at it.", LONG],
    "steps": {"pull": 1.5, "check_incoming": 0.2, "audit": 0.3},
    "plan": {"n_responses": 100_000, "pull": 1_010, "put_off": ["full"]},
    "files": [{"name": f"{LONG}.csv", "layout": "actual values", "refused": "It has no ids."}],
}


def a_night(ago, state, **more):
    at = NIGHT - timedelta(days=ago)
    return {
        "run_id": f"{at:%Y%m%dT%H%M%S_%fZ}", "command": "sync", "state": state, "started_at": at.isoformat(),
        "ended_at": at.isoformat(), "n_signatories": 100_000 - ago, "conservation_ok": state != "refused",
        **more,
    }  # fmt: skip


NIGHTS = [
    a_night(0, "refused", **FULL),
    a_night(1, "complete", checks=[*PASSED, *AUDIT[:2]], published="pledge.duckdb"),
    *(a_night(ago, state) for ago, state in enumerate(("unchanged", "partial", "running"), start=2)),
]
PAGES = {
    "history": ("index", NIGHTS),
    "failed night": (NIGHTS[0]["run_id"], NIGHTS),
    "good night": (NIGHTS[1]["run_id"], NIGHTS),
    "killed night": (NIGHTS[4]["run_id"], NIGHTS),
    "no night yet": ("index", []),
}


@pytest.fixture
def visit(look_at, tmp_path):
    """Open a page; see `look_at`."""

    def _visit(case, **context):
        name, records = PAGES[case]
        rules = {rule.name: (rule.reason, rule.next_step, rule.severity) for rule in ROW_RULES}
        audit_rules = {name: (rule.reason, rule.next_step) for name, rule in AUDIT_RULES.items()}
        write_nights(records, tmp_path, tz="Europe/London", rules=rules, audit_rules=audit_rules)
        return look_at(tmp_path / f"{name}.html", **context)

    return _visit


def opened(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return page


@pytest.mark.parametrize("case", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_barrier(visit, case, theme, size):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened(visit(case, color_scheme=theme, viewport=size)))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("case", PAGES)
def test_a_narrow_phone_needs_no_sideways_scrolling(visit, case):
    page = opened(visit(case, viewport=PHONE))
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("case", PAGES)
def test_no_word_is_broken_into_letters_at_a_desk(visit, case):
    page = opened(visit(case, viewport=DESK))
    narrow = "[...document.querySelectorAll('th, td')].filter(c => c.innerText && c.clientWidth < 30).length"
    assert page.evaluate(narrow) <= (9 if "night" in case else 0)  # the signs of the addition


@pytest.mark.parametrize("case", ["history", "failed night"])
def test_a_page_asks_for_nothing_but_itself_and_complains_of_nothing(visit, case):
    page = visit(case)
    assert (len(page.asked), page.complaints) == (1, [])


def test_the_history_leads_to_a_night_and_back(visit):
    page = visit("history", viewport=DESK)
    page.get_by_role("link", name="24 November 2026 at 02:15 GMT").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Night of 24 November 2026 at 02:15 GMT"
    page.get_by_role("link", name="All nights").click()
    assert page.get_by_role("img", name="Signatories: 99,997, and now 100,000").count() == 1


def test_a_table_stays_a_table_on_a_phone(visit):
    page = visit("history", viewport=PHONE)
    assert page.get_by_role("row").count() == len(NIGHTS) + 1
    assert page.get_by_role("rowheader").count() == len(NIGHTS)


def test_print_opens_what_is_closed_and_is_black_on_white(visit):
    page = visit("good night", color_scheme="dark", viewport=DESK)
    page.emulate_media(media="print")
    assert page.get_by_text("Rules that every response passed", exact=True).is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
