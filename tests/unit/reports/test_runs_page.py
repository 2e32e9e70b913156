"""The pages of nights: what they say of a record, and when they are written."""

from __future__ import annotations

import re
from html import unescape

import pytest

from reports.runs_page.history import MOST_RUNS, write_nights

RULES = {
    "email-invalid": ("The email isn't whole.", "Correct the response.", "hold"),
    "name-blank": ("The name was left blank.", "Nothing needs doing.", "warn"),
}
AUDIT_RULES = {
    "conservation": ("The places don't add up.", "Pass the run id on."),
    "platform-total": ("The platform counts another number.", "Run it again."),
}
PLACES = {
    "n_signatories": 1_200, "duplicates": 30, "held_back": {"email-invalid": 4, "email-missing": 3},
    "not_counted": {"preview": 2, "status partial": 11}, "withdrawn": 5, "erased": 1, "conservation_ok": True,
}  # fmt: skip


def a_record(day=24, **changes):
    run_id = f"202611{day:02}T021500_000000Z"
    started = f"2026-11-{day:02}T02:15:00+00:00"
    return {"run_id": run_id, "command": "sync", "state": "complete", "started_at": started, **changes}


def measure(check, observed, expected, **changes):
    subject = "responses seen and placed" if check == "conservation" else "live responses"
    told = {"check": check, "subject": subject, "observed": observed, "relation": "equal"}
    return {**told, "expected": expected, "severity": "stop", "ok": observed == expected, **changes}


@pytest.fixture
def write(tmp_path):
    def _write(*records):
        path = write_nights(records, tmp_path, tz="Europe/London", rules=RULES, audit_rules=AUDIT_RULES)
        assert path == tmp_path / "index.html"
        return path.read_text(encoding="utf-8")

    return _write


@pytest.fixture
def page_of(write, tmp_path):
    def _page_of(record):
        write(record)
        return (tmp_path / f"{record['run_id']}.html").read_text(encoding="utf-8")

    return _page_of


def words(html):
    """The text of a page, its tags and style taken out."""
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(bare).split())


def rows(html, caption):
    """The rows of the table of that caption, each a list of its cells' texts."""
    (table,) = [one for one in re.findall(r"<table.*?</table>", html, re.DOTALL) if f"{caption}<" in one]
    return [
        [words(cell) for cell in re.findall(r"<(?:td|th)\b.*?</(?:td|th)>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]


# Where each response is


def test_the_places_are_an_addition_that_can_be_followed(page_of):
    page = page_of(a_record(**PLACES, steps={"audit": 1.0}, checks=[measure("conservation", 1_256, 1_256)]))
    _, *lines = rows(page, "All responses ever seen, by place")
    summands = [int(n.replace(",", "")) for sign, _, n in lines[:-2] if sign == "+"]
    assert lines[0] == ["", "signatories", "1,200"]
    assert 1_200 + sum(summands) == 1_256
    assert lines[-2:] == [["=", "All places together", "1,256"], ["", "Responses ever seen", "1,256"]]
    assert ["", "email-missing", "3"] in lines
    assert "✓ It adds up: every one of 1,256 responses is in one place." in words(page)
    assert "This run counted them." in words(page)


def test_places_that_do_not_add_up_are_shown_with_both_numbers(page_of):
    page = page_of(a_record(**PLACES, checks=[measure("conservation", 1_259, 1_256)]))
    assert "✗ It does not add up: 1,259 were seen, 1,256 are in a place." in words(page)
    assert "✓ It adds up" not in words(page)


def test_a_run_that_did_not_count_says_whose_figures_it_shows(page_of):
    assert "did not come so far as to count" in words(page_of(a_record(**PLACES, state="refused")))


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (1_250, "✓ The survey platform itself counts 1,250, and so do we."),
        (1_248, "! The survey platform itself counts 1,250; of those that it gave, we hold 1,248."),
    ],
)
def test_the_platform_s_own_count_stands_beside_ours(page_of, ours, said):
    check = measure("platform-total", ours, 1_250, severity="tell")
    assert said in words(page_of(a_record(**PLACES, checks=[check])))


# Rules and audit


def test_a_rule_that_responses_failed_stands_apart_with_what_to_do(page_of):
    page = page_of(
        a_record(
            checks=[
                {"rule": "email-invalid", "severity": "hold", "n_checked": 1_300, "n_failed": 4},
                {"rule": "name-blank", "severity": "warn", "n_checked": 1_300, "n_failed": 0},
            ]
        )
    )
    assert rows(page, "Rules that a response failed")[1:] == [
        [
            "email-invalid The email isn't whole. What to do: Correct the response.",
            *("holds back", "1,300", "4", "✗ held back"),
        ]
    ]
    assert rows(page, "Rules that every response passed")[1:] == [
        [
            "name-blank The name was left blank. If it fails: Nothing needs doing.",
            *("is told; counts", "1,300", "0", "✓ passed"),
        ]
    ]
    assert "1 of 2 rules were failed" in words(page)


def test_an_audit_check_that_fails_is_shown_as_failing(page_of, write):
    checks = [
        measure("conservation", 10, 12),
        measure("platform-total", 1_700, 1_500, relation="at most", severity="tell"),
        measure("keys-unique", None, 3),
    ]
    record = a_record(state="refused", checks=checks, warnings=["Told before.", "The audit failed."])
    page = page_of(record)
    found = rows(page, "Checks that fail")
    assert ["responses seen and placed", "10", "12", "✗ fails"] in found
    assert ["live responses", "1,700", "at most 1,500", "! told"] in found
    assert ["live responses", "not measured", "3", "✗ fails"] in found
    assert "Failed. Nothing was published" in words(page)
    assert "What ended it: The audit failed." in words(page)
    line = rows(write(record), "in London time")[1]
    assert (line[2], line[8], line[10]) == ("✗ Failed", "3 audit checks", "no: the audit failed")


def test_a_check_that_is_no_longer_declared_is_shown_without_its_reason(page_of):
    page = page_of(a_record(checks=[{"rule": "gone-rule", "n_checked": 2, "n_failed": 1}]))
    assert "gone-rule This check is no longer declared" in words(page)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({}, "The run ended before the responses were checked."),
        ({"check_incoming": 0.1, "audit": 0.1}, "there was none to check."),
    ],
)
def test_a_run_without_checks_says_why(page_of, steps, said):
    assert said in words(page_of(a_record(steps=steps)))


# The rest of a page


def test_a_page_has_drift_warnings_steps_calls_plan_and_files(page_of):
    page = page_of(
        a_record(
            command="import",
            form_version="abc123",
            drift=["A choice is new."],
            warnings=["Look at it."],
            steps={"pull": 1.25, "stage": 0.5},
            requests=13,
            calls_left_today=487,
            plan={"pull": 3, "n_to_fetch": 250, "put_off": ["full"]},
            files=[
                {"name": "a.csv", "layout": "actual values", "encoding": "utf-8", "rows_read": 9},
                {"name": "b.csv", "refused": "It has no ids."},
            ],
            published="/somewhere/else/pledge.duckdb",
        )
    )  # fmt: skip
    told = words(page)
    for sentence in ("A choice is new.", "Look at it.", "Refused: It has no ids.", "Import of 24 November"):
        assert sentence in told
    assert rows(page, "Steps, in the order done")[-1] == ["All steps", "1.8"]
    assert ["a.csv actual values, utf-8", "9", "0", "0"] in rows(page, "Export files read")
    assert "Calls left today 487" in told
    assert "Put off for want of calls full" in told
    assert "yes, pledge.duckdb" in told
    assert "/somewhere/else" not in page


def test_a_record_that_lacks_all_but_its_id_still_has_its_page(page_of, write):
    record = {"run_id": "20200101T000000_000000Z"}
    assert "Running or killed" in words(page_of(record))
    assert rows(write(record), "in London time")[1][0] == record["run_id"]


def test_markup_in_a_sentence_is_text(page_of, write):
    record = a_record(warnings=["<script>alert(1)</script>"], drift=["<b>bold</b>"], state="refused")
    for html in (page_of(record), write(record)):
        assert "<script>" not in html
        assert "<b>" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_times_are_those_of_the_house_summer_and_winter(write):
    summer = a_record(run_id="20260701T011500_000000Z", started_at="2026-07-01T01:15:00+00:00")
    found = rows(write(a_record(), summer), "in London time")
    assert [line[0] for line in found[1:]] == ["24 November 2026 at 02:15 GMT", "1 July 2026 at 02:15 BST"]


# The history


def test_before_the_first_run_the_history_says_how_to_start(write, tmp_path):
    assert "pledge sync" in words(write())
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_the_history_has_a_row_a_run_newest_first(write):
    nights = [
        a_record(24, state="unchanged", n_signatories=7),
        a_record(23, responses_new=9, responses_changed=8, responses_withdrawn=7, n_signatories=1_234,
                 held_back={"a": 2, "b": 3}, requests=12, published="pledge.duckdb", steps={"audit": 1},
                 checks=[{"rule": "name-blank", "n_failed": 1}]),
    ]  # fmt: skip
    _, newest, oldest = rows(write(*nights), "in London time")
    assert newest[1:4] == ["sync", "Nothing new", "7"]
    assert newest[8:] == ["not run", "0", "no: nothing new"]
    assert oldest[2:] == ["Done", "1,234", "9", "8", "7", "5", "1 rule", "12", "yes"]


def test_the_line_over_the_nights_is_told_in_words_too(write):
    page = write(a_record(24, n_signatories=5), a_record(23, n_signatories=8), a_record(22, n_signatories=2))
    assert (
        "Line over 3 runs, from 2 on 22 Nov 2026 to 5 on 24 Nov 2026; the most was 8, the least 2."
    ) in words(page)
    assert '<polyline points="0.0,90.0 300.0,0.0 600.0,45.0"' in page


def test_one_run_is_no_line(write):
    assert "<svg" not in write(a_record())


def test_the_table_is_bounded_and_older_pages_stay_and_are_listed(write, tmp_path):
    write(a_record(1))
    many = [a_record(run_id=f"run-{number:04}") for number in range(MOST_RUNS + 5, 0, -1)]
    page = write(*many)
    assert len(rows(page, "in London time")) == MOST_RUNS + 1
    assert f'<li><a href="{a_record(1)["run_id"]}.html">' in page
    assert len(list(tmp_path.glob("run-*.html"))) == MOST_RUNS


def test_only_pages_that_changed_are_written_anew(write, tmp_path):
    first, second = a_record(23), a_record(24, state="running")
    write(second, first)
    before = {path.name: path.stat().st_ino for path in tmp_path.glob("2*.html")}
    write(a_record(24), {**first, "a_later_field": None})
    after = {path.name: path.stat().st_ino for path in tmp_path.glob("2*.html")}
    assert {name for name in after if after[name] != before[name]} == {f"{second['run_id']}.html"}


@pytest.mark.parametrize("run_id", ["../../elsewhere", "", None, "a/b", "index"])
def test_a_run_id_that_is_no_file_name_gets_no_page(write, tmp_path, run_id):
    page = write({**a_record(), "run_id": run_id})
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert "No run has been written down yet." in words(page)
