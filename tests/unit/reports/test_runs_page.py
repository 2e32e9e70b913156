"""The pages of runs: what they say of a record, and when they are written."""

from __future__ import annotations

import re
from html import unescape

import pytest

from flows.run.record import RunRecord
from flows.run.runs_page import COLUMNS, in_words, of_record
from reports.runs_page import write_pages

REASONS = {
    "email-invalid": ("The email isn't whole.", "Correct the response."),
    "name-blank": ("The name was left blank.", "Nothing needs doing."),
}
PLACES = {
    "n_signatories": 1_200, "duplicates": 30, "held_back": {"email-invalid": 4, "email-missing": 3},
    "not_counted": {"preview": 2, "status partial": 11}, "withdrawn": 5, "erased": 1, "conservation_ok": True,
}  # fmt: skip


def a_record(day=24, *, run_id=None, **changes):
    record = RunRecord(
        run_id or f"202611{day:02}T021500_000000Z",
        "sync",
        f"2026-11-{day:02}T02:15:00+00:00",
    )
    for name, value in {"state": "complete", **changes}.items():
        setattr(record, name, value)
    return record.as_json() | {"dispositions": (COLUMNS, in_words(of_record(record)))}


def measure(check, observed, expected, **changes):
    told = {"check": check, "subject": "live responses", "observed": observed, "relation": "equal"}
    return {**told, "expected": expected, "severity": "stop", "ok": observed == expected, **changes}


@pytest.fixture
def write(tmp_path):
    def _write(*records):
        path = write_pages(records, tmp_path, tz="Europe/London", reasons=REASONS)
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
    page = page_of(a_record(**PLACES))
    _, *lines, total = rows(page, "All responses ever received")
    assert lines[0] == ["signatories", "", "1,200"]
    assert ["held back", "email-missing", "3"] in lines
    assert sum(int(n.replace(",", "")) for *_, n in lines) == 1_256
    assert total == ["in all these places", "", "1,256"]
    assert "✓ It adds up: each response ever received is in exactly one place." in words(page)
    assert "the figures that stood before it" not in words(page)


def test_places_that_do_not_add_up_are_shown_as_such(page_of, write):
    record = a_record(**PLACES | {"conservation_ok": False})
    assert "✗ The run could not show that each response" in words(page_of(record))
    assert "✗ Not shown that each response" in words(write(record))
    assert "✓" not in words(write(record))


def test_a_run_that_may_not_have_counted_says_whose_figures_it_shows(page_of):
    assert "the figures that stood before it" in words(page_of(a_record(**PLACES, state="refused")))


def test_the_platform_s_own_count_stands_beside_ours(page_of):
    told = words(page_of(a_record(platform={"total": 1_250, "held": 1_248})))
    assert "Responses at the platform 1,250 Of those here 1,248" in told


# Rules and audit


def test_a_rule_that_responses_failed_stands_in_the_table_with_what_to_do(page_of):
    page = page_of(
        a_record(
            checks=[
                {"rule": "email-invalid", "severity": "hold", "n_checked": 1_300, "n_failed": 4},
                {"rule": "name-blank", "severity": "warn", "n_checked": 1_300, "n_failed": 2},
                {"rule": "other-survey", "severity": "hold", "n_checked": 1_300, "n_failed": 0},
            ]
        )
    )
    assert rows(page, "Rules that a response failed")[1:] == [
        ["email-invalid", "4", "1,300", "held back", "The email isn't whole. Correct the response."],
        ["name-blank", "2", "1,300", "counted all the same", "The name was left blank. Nothing needs doing."],
    ]
    assert "✓ Passed by every response that was new or had changed: other-survey." in words(page)


def test_numbers_of_the_audit_that_do_not_agree_come_first(page_of):
    checks = [
        measure("keys-unique", 3, 3),
        measure("conservation", 10, 12),
        measure("platform-total", 1_700, 1_500, relation="at most", severity="tell"),
        measure("sum-of-roles", 4, None),
        measure("sum-of-days", None, 4),
    ]
    record = a_record(state="refused", checks=checks, warnings=["Told before.", "The audit failed."])
    page = page_of(record)
    assert rows(page, "Numbers of the audit")[1:] == [
        ["conservation", "live responses", "10", "exactly 12", "✗ stops the run"],
        ["platform-total", "live responses", "1,700", "at most 1,500", "! warning"],
        ["sum-of-roles", "live responses", "4", "not measured", "✗ stops the run"],
        ["sum-of-days", "live responses", "not measured", "exactly 4", "✗ stops the run"],
        ["keys-unique", "live responses", "3", "exactly 3", "✓ agrees"],
    ]
    assert "✗ Failed. Nothing was published" in words(page)
    assert "What ended it: The audit failed." in words(page)


def test_a_rule_of_another_version_is_shown_without_its_reason(page_of):
    page = page_of(a_record(checks=[{"rule": "gone-rule", "n_checked": 2, "n_failed": 1}]))
    assert rows(page, "Rules that a response failed")[1:] == [
        ["gone-rule", "1", "2", "held back", "No longer a rule."]
    ]


def test_a_run_without_checks_says_so(page_of):
    told = words(page_of(a_record()))
    assert "No response was checked" in told
    assert "No numbers were kept" in told


# The rest of a page


def test_a_page_has_drift_warnings_steps_calls_and_files(page_of):
    page = page_of(
        a_record(
            command="import",
            ended_at="2026-11-24T02:17:05+00:00",
            form_version="abc123",
            drift=["A choice is new."],
            warnings=["A choice is new.", "Look at it."],
            steps={"pull": 1.25, "stage": 0.5},
            requests=1_013,
            calls_left_today=487,
            plan={"pull": 3, "put_off": ["full", "sweep"]},
            files=[
                {"name": "a.csv", "layout": "actual values", "encoding": "utf-8", "rows_read": 9},
                {"name": "b.csv", "refused": "It has no ids."},
            ],
            published="/somewhere/else/pledge.duckdb",
        )
    )
    told = words(page)
    assert told.count("A choice is new.") == told.count("Look at it.") == 1
    assert "Ended 24 November 2026 at 02:17 GMT, after 2 min 5 s" in told
    assert "Calls made 1,013 Calls left that day 487 Put off for want of calls full, sweep" in told
    assert "Published pledge.duckdb" in told
    assert "/somewhere/else" not in page
    assert rows(page, "Steps, in the order done")[1:] == [["pull", "1.25"], ["stage", "0.5"]]
    assert rows(page, "Export files")[1:] == [
        ["a.csv", "actual values, utf-8", "9", "0", "0", "✓ read"],
        ["b.csv", "", "0", "0", "0", "✗ refused: It has no ids."],
    ]


def test_a_run_that_was_killed_at_once_has_its_page(page_of, write):
    record = a_record(state="running")
    told = words(page_of(record))
    for said in ("Running or killed", "not yet, or killed", "never read whole", "did not come so far"):
        assert said in told
    assert rows(write(record), "in London time")[1][2] == "! Running or killed"


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


# The list


def test_before_the_first_run_the_list_says_how_to_start(write, tmp_path):
    assert "pledge sync" in words(write())
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_the_list_has_a_row_a_run_newest_first_that_leads_to_its_page(write):
    page = write(
        a_record(24, state="unchanged", n_signatories=7),
        a_record(23, responses_new=9, responses_changed=8, responses_withdrawn=6, n_signatories=1_234,
                 held_back={"a": 2, "b": 3}, warnings=["One.", "Two."]),
    )  # fmt: skip
    _, newest, oldest = rows(page, "in London time")
    assert newest[1:] == ["sync", "Nothing new", "7", "0", "0", "0", "0", "0"]
    assert oldest[1:] == ["sync", "Done", "1,234", "9", "8", "6", "5", "2"]
    assert re.findall(r'<a href="(2.*?)">', page) == [f"202611{day}T021500_000000Z.html" for day in (24, 23)]


def test_warnings_of_the_last_run_stand_before_the_table(write):
    told = words(write(a_record(24, warnings=["Stands."]), a_record(23, warnings=["Gone by."])))
    assert told.index("Stands.") < told.index("The last runs")
    assert "Gone by." not in told


def test_only_pages_that_are_missing_or_of_the_newest_run_are_written(write, tmp_path):
    write(a_record(24, state="running"), a_record(22))
    before = {path.name: path.stat().st_ino for path in tmp_path.glob("2*.html")}
    write(a_record(24), a_record(23), a_record(22))
    after = {path.name: path.stat().st_ino for path in tmp_path.glob("2*.html")}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {f"202611{day}T021500_000000Z.html" for day in (24, 23)}


def test_pages_of_runs_that_are_no_longer_listed_stay(write, tmp_path):
    write(a_record(1))
    write(a_record(24))
    assert (tmp_path / "20261101T021500_000000Z.html").exists()


@pytest.mark.parametrize("run_id", ["../../elsewhere", "", "a/b", "index"])
def test_a_run_id_that_is_no_file_name_gets_no_page(write, tmp_path, run_id):
    page = write(a_record() | {"run_id": run_id})
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert "No run has been written down yet." in words(page)


def test_a_page_that_cannot_be_written_leaves_the_old_one_whole(write, tmp_path):
    write(a_record(24))
    (tmp_path / ".index.html.new").mkdir()
    before = (tmp_path / "index.html").read_text(encoding="utf-8")
    with pytest.raises(OSError, match="index"):
        write(a_record(25))
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == before
