"""Nights between which the form changes: what is told, what is kept, and that the figures are right."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from connectors.sandbox.world.pledge import (
    EMAIL_ID,
    HIDDEN_ROLE,
    HIDDEN_ROLE_ID,
    NAME_ID,
    OTHER_ID,
    ROLE_ID,
    ROLES,
    question_in,
)  # fmt: skip
from tests.driving import Pledge, a_sandbox
from tests.plain_count import plain_count
from tests.variants import variants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer

N_RESPONSES = 250
PARENT_ID, GROUP_ID, SCHOOL_ID = list(ROLES)[:3]
NEW_CHOICE_ID = "6012873399"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Pledge:
    """A place after a first night; not to be changed."""
    with a_sandbox(N_RESPONSES) as server:
        pledge = Pledge(tmp_path_factory.mktemp("first")).at(server)
        assert sync(pledge)["drift"] == []
        return pledge


@pytest.fixture
def later(first: Pledge, tmp_path: Path) -> Iterator[tuple[Pledge, SandboxServer]]:
    """A copy of that place, and the platform with its form still unchanged."""
    with a_sandbox(N_RESPONSES) as server:
        yield first.copy_to(tmp_path).at(server), server


def sync(pledge: Pledge, *options: str, code: int = 0) -> dict[str, Any]:
    ran = pledge("sync", "--direct", "--json", *options)
    assert ran.code == code, ran.stderr
    return ran.json


def versions(pledge: Pledge) -> list[dict[str, Any]]:
    ran = pledge("query", "from pledge_versions order by pledge_version", "--format", "json")
    return ran.rows


def counted(server: SandboxServer, shown: dict[str, str] | None = None) -> dict[str, int]:
    """Signatories by role in plain Python; *shown* holds other names for some choices, by id."""
    there = server.platform.signatories()
    choices = {one.response_id: one.choice_id for one in there}
    return dict(
        Counter(
            (shown or {}).get(choices[person.response_id] or "", person.role)
            for person in plain_count(there).people
        )
    )


def choices_in(design: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = question_in(design, ROLE_ID)["answers"]["choices"]
    return found


def choice_in(design: dict[str, Any], choice_id: str) -> dict[str, Any]:
    return next(choice for choice in choices_in(design) if choice["id"] == choice_id)


def without(design: dict[str, Any], question_id: str) -> None:
    for page in design["pages"]:
        page["questions"] = [q for q in page["questions"] if q["id"] != question_id]


def a_question(design: dict[str, Any], question_id: str, **more: Any) -> None:
    """One more on the last page."""
    page = design["pages"][-1]
    asked = {"id": question_id, "position": 9, "visible": True, "subtype": "single", "href": "", **more}
    page["questions"].append(asked)


def a_new_family(design: dict[str, Any]) -> None:
    design["shiny"] = {"new": [1, 2]}
    design["pages"][0]["mood"] = None
    a_question(
        design,
        "861745599",
        family="hologram",
        headings=[{"heading": "Wave at us", "depth": 3}],
        answers={"gestures": [{"id": 5}], "choices": {"not": "a list"}, "rows": None},
        required="yes",
        validation="none",
    )


# What became of the form: the change, the beginning of the one sentence told, and choices shown otherwise.
CHANGES = {
    "a new choice": (
        lambda d: choices_in(d).append(
            {"id": NEW_CHOICE_ID, "text": "Childminder", "position": 11, "visible": True}
        ),
        "The choice “Childminder” of “You are a …” is now on the form. Who chooses it is shown as “Child",
        {NEW_CHOICE_ID: "Childminder"},
    ),
    "a renamed choice": (
        lambda d: choice_in(d, GROUP_ID).update(text="Parent council"),
        "The choice “Parent group (e.g. Parent Council)” of “You are a …” now reads “Parent council”.",
        {GROUP_ID: "Parent council"},
    ),
    "a hidden choice": (
        lambda d: choice_in(d, SCHOOL_ID).update(visible=False),
        "The choice “School or nursery” of “You are a …” has left the form.",
        {},
    ),
    "a choice shown again": (
        lambda d: choice_in(d, HIDDEN_ROLE_ID).update(visible=True),
        f"The choice “{HIDDEN_ROLE}” of “You are a …” is now on the form.",
        {},
    ),
    "a deleted choice": (
        lambda d: choices_in(d).remove(choice_in(d, PARENT_ID)),
        "The choice “Parent or carer” of “You are a …” has left the form.",
        {},
    ),
    "a new question": (
        lambda d: a_question(d, "861745598", family="open_ended", headings=[{"heading": "Your town"}]),
        "The question “Your town” is now on the form. No figure rests on it.",
        {},
    ),
    "a question of an unknown family": (
        a_new_family,
        "The question “Wave at us” is now on the form. No figure rests on it.",
        {},
    ),
    "the role's heading reworded": (
        lambda d: question_in(d, ROLE_ID).update(headings=[{"heading": "What brings you here?"}]),
        "The question “You are a …” now reads “What brings you here?”.",
        {},
    ),
    "the email reworded": (
        lambda d: question_in(d, EMAIL_ID).update(headings=[{"heading": "Where we reach you"}]),
        "The question “Email address [we keep it in a safe place",
        {},
    ),
    "the role hidden": (
        lambda d: question_in(d, ROLE_ID).update(visible=False),
        "The question “You are a …” has left the form",
        {},
    ),
    "the role deleted": (lambda d: without(d, ROLE_ID), "The question “You are a …” has left the form", {}),
    "the name deleted": (lambda d: without(d, NAME_ID), "The question “Name” has left the form", {}),
    "the email deleted": (lambda d: without(d, EMAIL_ID), "The question “Email address [we keep", {}),
    "another title": (
        lambda d: d.update(title="The Families Pledge"),
        "The survey “The Connect Pledge” now reads “The Families Pledge”",
        {},
    ),
}


AT_ONCE = (
    "a new choice",
    "a deleted choice",
    "the email deleted",
)


@pytest.mark.parametrize("case", variants(CHANGES, now=AT_ONCE))
def test_a_changed_form_is_told_and_kept_and_the_figures_stay_right(later, case):
    pledge, server = later
    change, beginning, shown = CHANGES[case]
    server.platform.redesign(change)
    person = plain_count(server.platform.signatories()).people[0]
    server.platform.edit(person.response_id, choice_id=next(iter(shown), SCHOOL_ID), other_text=None)

    record = sync(pledge)
    assert len(record["drift"]) == 1
    assert record["drift"][0].startswith(beginning)
    assert record["drift"][0] in record["warnings"]
    assert pledge.records()[-1]["drift"] == record["drift"]
    assert record["state"] == "complete"
    assert record["by_role"] == counted(server, shown)

    one, two = versions(pledge)
    assert (one["is_current"], two["is_current"]) == (False, True)
    began, ended = (datetime.fromisoformat(record[name]) for name in ("started_at", "ended_at"))
    assert began <= datetime.fromisoformat(two["first_seen_at"]) <= ended


def test_a_change_is_told_once_and_the_night_after_is_unchanged(later):
    pledge, server = later
    server.platform.redesign(CHANGES["a renamed choice"][0])
    changed, again = sync(pledge), sync(pledge)
    assert (again["drift"], again["warnings"], again["state"]) == ([], [], "unchanged")
    assert again["by_role"] == changed["by_role"]


@pytest.mark.parametrize("field", variants(["role", "name", "email"], now=["email"]))
def test_a_field_that_the_form_no_longer_asks_for_is_warned_of_every_night(later, field):
    pledge, server = later
    server.platform.redesign(CHANGES[f"the {field} deleted"][0])
    first, second = sync(pledge), sync(pledge)
    (warning,) = second["warnings"]
    assert warning.startswith(f"The form no longer asks for the {field}")
    assert warning in first["warnings"]
    assert second["by_role"] == counted(server)


def test_a_replaced_role_question_leaves_every_earlier_role(later):
    pledge, server = later

    def replace(design: dict[str, Any]) -> None:
        question_in(design, ROLE_ID).update(visible=False)
        choices = [{"id": NEW_CHOICE_ID, "text": "Childminder", "position": 1}]
        a_question(
            design,
            "861745597",
            family="single_choice",
            headings=[{"heading": "I am a"}],
            answers={"choices": choices},
        )

    server.platform.redesign(replace)
    record = sync(pledge)
    assert record["drift"] == [
        (
            "The question “You are a …” has left the form. "
            "The role is taken from “I am a” now; where that is empty, earlier answers count."
        ),
        "The question “I am a” is now on the form. The role is taken from it.",
    ]
    assert record["by_role"] == counted(server)


def _as_integers(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _as_integers(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_integers(item, name) for item in value]
    is_id = name == "id" or name.endswith("_id")
    return int(value) if is_id and isinstance(value, str) and value.isdigit() else value


def test_ids_as_numbers_are_the_same_form_and_the_same_responses(later):
    pledge, server = later
    server.platform.reshape(lambda response: response.update(_as_integers(response)))
    server.platform.redesign(lambda design: design.update(_as_integers(design)))
    record = sync(pledge, "--full")
    assert record["responses_changed"] == N_RESPONSES
    assert (record["responses_new"], record["responses_withdrawn"], record["drift"]) == (0, 0, [])
    assert record["by_role"] == counted(server)
    assert len(versions(pledge)) == 1


def test_the_other_line_as_a_list_is_the_same_form(later):
    pledge, server = later

    def listed(design: dict[str, Any]) -> None:
        answers = question_in(design, ROLE_ID)["answers"]
        answers["other"] = [answers["other"]]

    server.platform.redesign(listed)
    record = sync(pledge)
    assert (record["drift"], record["state"]) == ([], "unchanged")
    assert record["by_role"]["Other"] == counted(server)["Other"]


def test_a_first_night_takes_ids_as_numbers_and_the_other_line_as_a_list(run_pledge):
    with a_sandbox(N_RESPONSES) as server:
        server.platform.reshape(lambda response: response.update(_as_integers(response)))

        def odd(design: dict[str, Any]) -> None:
            answers = question_in(design, ROLE_ID)["answers"]
            answers["other"] = [answers["other"]]
            design.update(_as_integers(design))

        server.platform.redesign(odd)
        record = sync(run_pledge.at(server))
        assert record["by_role"] == counted(server)
        assert record["responses_new"] == N_RESPONSES


def test_what_no_schema_knows_in_responses_is_kept_and_moves_no_figure(later):
    pledge, server = later

    def odd(response: dict[str, Any]) -> None:
        response["sentiment"] = {"score": 0.5, "words": ["kind"]}
        response["logic_path"] = [["not", "an object"]]
        first_page = response["pages"][0]
        first_page["mood"] = None
        question = {"id": "861745599", "family": "hologram", "answers": [{"gesture_id": "5", "text": None}]}
        first_page["questions"].append(question)
        for page in response["pages"]:
            for question in page["questions"]:
                for answer in question["answers"]:
                    answer["tag_data"] = [{"hexcolor": "00BF6F", "label": "x", "tag_type": "SENTIMENT"}]

    server.platform.reshape(odd)
    record = sync(pledge, "--full")
    assert record["responses_changed"] == N_RESPONSES
    assert record["by_role"] == counted(server)
    with pledge.vault() as vault:
        kept = vault.execute("select count(*) from raw.responses where body like '%sentiment%'").fetchone()
    assert kept == (N_RESPONSES,)


def test_a_choice_that_no_form_has_is_counted_as_unknown_and_its_rule_is_told(later):
    pledge, server = later
    for person in plain_count(server.platform.signatories()).people[:3]:
        server.platform.edit(person.response_id, choice_id="404", other_text=None)
    record = sync(pledge)
    assert record["by_role"] == counted(server)
    assert record["by_role"]["(unknown choice)"] >= 3
    (rule,) = [check for check in record["checks"] if check.get("rule") == "role-unknown-choice"]
    assert rule["n_failed"] >= 3


def test_two_email_questions_stop_the_night_with_the_change_told_and_the_setting_to_make(later):
    pledge, server = later
    before = pledge.published.read_bytes()
    server.platform.redesign(
        lambda design: a_question(
            design,
            "861745596",
            family="open_ended",
            headings=[{"heading": "Email of a friend"}],
            validation={"type": "email"},
        )
    )
    record = sync(pledge, code=10)
    assert record["state"] == "refused"
    assert record["drift"] == ["The question “Email of a friend” is now on the form."]
    assert f'[questions] email = "id:{EMAIL_ID}"' in record["warnings"][-1]
    assert pledge.published.read_bytes() == before

    (pledge.folder / "pledge.toml").write_text(f'[questions]\nemail = "id:{EMAIL_ID}"\n')
    record = sync(pledge)
    assert record["drift"] == ["The question “Email of a friend” is now on the form. No figure rests on it."]
    assert record["by_role"] == counted(server)


def test_a_form_changed_in_many_points_tells_twenty_and_records_all(later):
    pledge, server = later

    def rebuild(design: dict[str, Any]) -> None:
        for number in range(25):
            a_question(design, f"9{number:05}", family="open_ended", headings=[{"heading": f"Q{number}"}])

    server.platform.redesign(rebuild)
    record = sync(pledge)
    assert len(record["drift"]) == 25
    assert [text in record["warnings"] for text in record["drift"]] == [True] * 20 + [False] * 5
    assert (
        f"And 5 more changes of the form: {record['run_id']}.json lists all under drift."
        in record["warnings"]
    )


def test_the_other_line_that_left_the_form_keeps_those_who_wrote_there(later):
    pledge, server = later
    server.platform.redesign(lambda design: question_in(design, ROLE_ID)["answers"].pop("other"))
    record = sync(pledge)
    assert record["drift"][0].startswith("The other-line “Other (please specify)” of “You are a …” has left")
    assert record["by_role"] == counted(server)
    assert OTHER_ID not in str(record)
