"""The pages of runs in a real browser: accessibility rules, widths, themes and silence on the network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checks.audit_rules import AUDIT_RULES
from checks.row_rules import ROW_RULES
from flows.run.record import RunRecord
from flows.run.runs_page import COLUMNS, in_words, of_record
from reports.runs_page import write_pages
from tests.browser.looks import DESK, PHONE, in_each_look
from tests.variants import variants

pytestmark = pytest.mark.browser

SMALL_DESK = {"width": 1060, "height": 900}
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
    "platform": {"total": 100_010, "held": 100_000},
    "files": [{"name": f"{LONG}.csv", "layout": "actual values", "refused": "It has no ids."}],
}


def a_run(ago, state, **more):
    at = NIGHT - timedelta(days=ago)
    record = RunRecord(f"{at:%Y%m%dT%H%M%S_%fZ}", "sync", at.isoformat(), state, at.isoformat())
    told = {"n_signatories": 100_000 - ago, "conservation_ok": state != "refused", **more}
    for name, value in told.items():
        setattr(record, name, value)
    return record.as_json() | {"dispositions": (COLUMNS, in_words(of_record(record)))}


RUNS = [
    a_run(0, "refused", **FULL),
    a_run(1, "complete", checks=[*PASSED, *AUDIT[:2]], published="pledge.duckdb"),
    *(a_run(ago, state) for ago, state in enumerate(("unchanged", "partial", "running"), start=2)),
]
PAGES = {
    "list": ("index", RUNS),
    "failed run": (RUNS[0]["run_id"], RUNS),
    "good run": (RUNS[1]["run_id"], RUNS),
    "killed run": (RUNS[4]["run_id"], RUNS),
    "no run yet": ("index", []),
}


@pytest.fixture
def visit(look_at, tmp_path):
    """Open a page; see `look_at`."""

    def _visit(case, **context):
        name, records = PAGES[case]
        reasons = {rule.name: (rule.reason, rule.next_step) for rule in ROW_RULES}
        write_pages(records, tmp_path, tz="Europe/London", reasons=reasons)
        return look_at(tmp_path / f"{name}.html", **context)

    return _visit


@pytest.mark.parametrize("case", variants(PAGES, now=["failed run"]))
@in_each_look
def test_axe_finds_no_barrier(visit, case, theme, size):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(visit(case, color_scheme=theme, viewport=size))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("case", PAGES)
@pytest.mark.parametrize("size", [DESK, SMALL_DESK, PHONE], ids=["desk", "small desk", "phone"])
def test_no_page_needs_sideways_scrolling(visit, case, size):
    page = visit(case, viewport=size)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


@pytest.mark.parametrize("case", PAGES)
def test_no_word_is_broken_into_letters_at_a_desk(visit, case):
    page = visit(case, viewport=DESK)
    narrow = "[...document.querySelectorAll('th, td')].filter(c => c.innerText && c.clientWidth < 30).length"
    assert page.evaluate(narrow) == 0


@pytest.mark.parametrize("case", ["list", "failed run"])
def test_a_page_asks_for_nothing_but_itself_and_complains_of_nothing(visit, case):
    page = visit(case)
    assert (len(page.asked), page.complaints) == (1, [])


def test_the_list_leads_to_a_run_and_back(visit):
    page = visit("list", viewport=DESK)
    page.get_by_role("link", name="24 November 2026 at 02:15 GMT").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Run of 24 November 2026 at 02:15 GMT"
    page.get_by_role("link", name="All runs").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Runs"


def test_a_table_stays_a_table_on_a_phone(visit):
    page = visit("list", viewport=PHONE)
    assert page.get_by_role("row").count() == len(RUNS) + 1
    assert page.get_by_role("rowheader").count() == len(RUNS)


def test_print_is_black_on_white(visit):
    page = visit("good run", color_scheme="dark", viewport=DESK)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
