"""`pledge contacts`: over nights on a form that asks, people who said yes and nobody else."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connectors.sandbox.world.people import invent
from tests.driving import UNTIL, Pledge, Ran, a_sandbox
from tests.exporting import Style, export_rows, exportable
from tests.plain_count import plain_count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer

ASKS, YES, NO = "861745590", "6012873390", "6012873391"
HEADING = "May we write to you?"
COLUMNS = ["response_id", "name", "email", "agreed_at", "wording", "pledge_version"]
SETTING = f'[contacts]\nquestion = "May we write"\nanswers = ["{YES}"]\n'


def ask(design: dict[str, Any]) -> None:
    """The form asks on its last page whether people may be written to."""
    choices = [
        {"id": choice, "text": text, "position": number, "visible": True}
        for number, (choice, text) in enumerate(((YES, "Yes"), (NO, "No")), 1)
    ]
    asked = {"id": ASKS, "position": 9, "visible": True, "subtype": "vertical", "href": ""}
    design["pages"][-1]["questions"].append(
        {
            **asked,
            "family": "single_choice",
            "headings": [{"heading": f"<b>{HEADING}</b>"}],
            "answers": {"choices": choices},
        }
    )


def word_of(response_id: str) -> str | None:
    """What each response says: yes, no or nothing, by its number."""
    return {0: YES, 1: YES, 2: NO, 3: None}[int(response_id) % 4]


def answer(response: dict[str, Any]) -> None:
    """Let each response say its word."""
    word = word_of(response["id"])
    if word:
        response["pages"][-1]["questions"].append({"id": ASKS, "answers": [{"choice_id": word}]})


def set_to(pledge: Pledge, text: str = SETTING) -> Pledge:
    (pledge.folder / "pledge.toml").write_text(text, encoding="utf-8")
    return pledge


def listed(pledge: Pledge) -> list[dict[str, Any]]:
    return pledge("contacts", "--reason", "a newsletter", "--format", "json").rows


def who_said_yes(server: SandboxServer) -> set[str]:
    """Worked out in plain Python: the response that stands for a person says yes."""
    there = {one.response_id: one for one in server.platform.signatories()}
    return {
        person.response_id
        for person in plain_count(there.values()).people
        if word_of(person.response_id) == YES
    }


@pytest.fixture(scope="module")
def asked_once(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """A place after a night on a form that doesn't ask and one on a form that does; not to be changed."""
    pledge = Pledge(tmp_path_factory.mktemp("contacts"))
    with a_sandbox(200) as server:
        assert pledge.at(server)("sync", "--direct").code == 0
        server.platform.redesign(ask)
        server.platform.reshape(answer)
        assert pledge("sync", "--direct", "--full").code == 0
    return pledge


@pytest.fixture
def asked(asked_once: Pledge, tmp_path: Path) -> Iterator[tuple[Pledge, SandboxServer]]:
    """A copy of it with the setting, and the platform as it was."""
    with a_sandbox(200) as server:
        server.platform.redesign(ask)
        server.platform.reshape(answer)
        yield set_to(asked_once.copy_to(tmp_path).at(server)), server


def test_those_who_said_yes_are_listed_with_what_they_read(asked):
    pledge, server = asked
    rows = listed(pledge)
    people = {one.response_id: one for one in server.platform.signatories()}
    assert {row["response_id"] for row in rows} == who_said_yes(server)
    assert 20 < len(rows) < len(plain_count(people.values()).people)
    for row in rows:
        assert list(row) == COLUMNS
        one = people[row["response_id"]]
        assert (row["name"], row["email"]) == (one.name, one.email)
        assert row["agreed_at"] == one.modified_at.isoformat()
        assert (row["wording"], row["pledge_version"]) == (f"{HEADING} | Yes", 2)


def test_who_takes_the_word_back_is_withdrawn_or_is_held_back_leaves_the_list(asked):
    pledge, server = asked
    first, second, third, *rest = sorted(who_said_yes(server))
    no_id = str(990_000_000_002)
    edited = replace(server.platform.response(first), response_id=no_id, modified_at=UNTIL)
    server.platform.add(edited)
    server.platform.delete(second)
    server.platform.edit(third, email="no address at all")
    assert word_of(no_id) == NO
    assert pledge("sync", "--direct", "--accept-withdrawals").code == 0
    assert {row["response_id"] for row in listed(pledge)} == set(rest)


def test_who_is_erased_leaves_the_list_and_lists_that_held_them_are_deleted(asked):
    pledge, server = asked
    gone, *rest = sorted(who_said_yes(server))
    assert pledge("contacts", "--reason", "a newsletter", "--save").code == 0
    ran = pledge("forget", str(server.platform.response(gone).email))
    assert ran.code == 0, ran.stderr
    assert {row["response_id"] for row in listed(pledge)} == set(rest)
    assert list((pledge.home / "lists").iterdir()) == []


def test_once_names_are_kept_no_longer_nobody_is_left_to_write_to(asked):
    pledge, _ = asked
    over = "[retention]\npledge_closed_on = 2020-01-31\nnames_and_addresses_months = 1\n"
    assert set_to(pledge, SETTING + over)("retention", "--accept-late").code == 0
    assert listed(pledge) == []


def test_each_use_is_recorded_and_a_list_may_be_saved(asked):
    pledge, _ = asked
    n = len(listed(pledge))
    ran = pledge("contacts", "--reason", "a newsletter", "--save")
    assert (ran.code, ran.stdout) == (0, "")
    assert f"{n:,} people who may be written to in " in ran.stderr
    (path,) = (pledge.home / "lists").iterdir()
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    assert (len(rows), list(rows[0])[: len(COLUMNS)]) == (n, COLUMNS)
    log = pledge("access-log", "--format", "json").rows
    assert [(row["command"], row["n_rows"]) for row in log] == [("contacts", n), ("contacts --save", n)]


def refused(ran: Ran, *words: str) -> bool:
    return (ran.code, ran.stdout) == (10, "") and all(word in ran.stderr for word in words)


def test_without_the_setting_there_is_nobody_to_contact(asked):
    pledge, _ = asked
    (pledge.folder / "pledge.toml").unlink()
    assert refused(pledge("contacts", "--reason", "x"), "doesn't ask", "nobody to contact", "[contacts]")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (
            'question = "Shall we write"\nanswers = ["Yes"]',
            ("on no form that was seen", f"id:{ASKS}", HEADING),
        ),
        ('question = "id:123"\nanswers = ["Yes"]', ("on no form that was seen", f"id:{ASKS}")),
        ('question = ""\nanswers = ["Yes"]', ("question", "text")),
        ('question = "May we"', ("both question and answers",)),
        ('answers = ["Yes"]', ("both question and answers",)),
        ('question = "May we"\nanswers = "Yes"', ("answers", "list")),
        ('question = "May we"\nanswers = ["Yes", "Aye"]', ("“Aye”", f"{YES} “Yes”", f"{NO} “No”")),
        ('question = "May we"\nanswer = ["Yes"]', ("no setting “answer”",)),
    ],
)
def test_a_setting_that_does_not_fit_the_form_is_told(asked, setting, words):
    pledge, _ = asked
    assert refused(set_to(pledge, f"[contacts]\n{setting}\n")("contacts", "--reason", "x"), *words)
    assert set_to(pledge, "")("access-log", "--format", "json").rows == []


def test_a_question_that_fits_twice_is_told_and_the_id_settles_it(asked):
    pledge, server = asked
    before = {row["response_id"] for row in listed(pledge)}

    def ask_twice(design: dict[str, Any]) -> None:
        ask(design)
        design["pages"][-1]["questions"][-1].update(
            id="861745591", headings=[{"heading": f"{HEADING} Twice"}]
        )

    server.platform.redesign(ask_twice)
    assert pledge("sync", "--direct").code == 0
    ran = pledge("contacts", "--reason", "x")
    assert refused(ran, "more than one", f"id:{ASKS}", "id:861745591")
    set_to(pledge, f'[contacts]\nquestion = "id:{ASKS}"\nanswers = ["yes"]\n')
    assert {row["response_id"] for row in listed(pledge)} == before


def test_a_vault_that_is_not_decided_to_the_end_is_not_gone_by(asked):
    pledge, server = asked
    response_id = min(who_said_yes(server))
    assert pledge("reject", response_id, "--because", "a test").code == 0
    ran = pledge("contacts", "--reason", "x")
    assert (ran.code, ran.stdout, "pledge recount" in ran.stderr) == (2, "", True)
    assert pledge("recount").code == 0
    assert response_id not in {row["response_id"] for row in listed(pledge)}


def test_before_the_first_night_it_says_how_to_start(run_pledge):
    ran = set_to(run_pledge)("contacts", "--reason", "x")
    assert refused(ran, "pledge sync")


def test_answers_of_export_files_are_heard_too(run_pledge):
    people = exportable(invent(60, 5, UNTIL))
    rows = export_rows(people, Style(choices="condensed"))
    words = {YES: "Yes", NO: "No", None: ""}
    at = rows[0].index("Respondent ID")
    for row, cell in zip(
        rows, [HEADING, "Response", *(words[word_of(row[at])] for row in rows[2:])], strict=True
    ):
        row.append(cell)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (run_pledge.folder / "export.csv").write_text(text.getvalue(), encoding="utf-8")
    set_to(run_pledge, '[contacts]\nquestion = "May we write"\nanswers = ["Yes"]\n')
    ran = run_pledge("import", "export.csv", "--json", PLEDGE_SURVEY_ID="518204417")
    assert ran.code == 0, ran.stderr
    expected = {one.response_id for one in plain_count(people).people if word_of(one.response_id) == YES}
    assert {row["response_id"] for row in listed(run_pledge)} == expected
    assert expected
