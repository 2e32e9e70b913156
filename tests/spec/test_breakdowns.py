"""Signatories by the choices of one more question: settings, forms and responses in, rows out."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from flows.errors import SettingsError
from flows.settings.breakdowns import WantedBreakdown, read_breakdowns, settled_breakdowns
from tests.builders import FORM, a_response
from tests.forms import FIELDS, Editor, a_question
from tests.vaults import a_vault, drawn, held_by_a_plain_rule
from warehouse.queries import figures
from warehouse.releases import publish
from warehouse.transform.stage import Breakdown

AREA, FORMER = "14", "15"
FORMS = {
    "v1, with the former question": """
        id | question_id | text  | kind
        41 | 15          | Angus | choice
        42 | 15          | Perth | choice
    """,
    "v2": """
        id | question_id | text                   | kind
        31 | 14          | Fife                   | choice
        32 | 14          | Angus                  | choice
        33 | 14          | Moray                  | choice
        39 | 14          | Other (please specify) | other
    """,
    "v3, with another choice and without an older one": """
        id | question_id | text           | kind
        34 | 14          | Highland       | choice
        31 | 14          | Fife, renamed  | choice
        33 | 14          | Moray          | choice
    """,
}
SAID = {
    "nobody has signed: each choice, other and no answer": (
        "v2",
        "id | area | former",
        [("Fife", 0), ("Angus", 0), ("Moray", 0), ("Other", 0), ("(no answer)", 0)],
    ),
    "choices, own words, an empty answer, and nothing at all": (
        "v2",
        """
            id | area       | former
            1  | 31         | -
            2  | 33         | -
            3  | 33         | -
            4  | own words  | -
            5  | 33 and own | -
            6  | empty      | -
            7  | -          | -
        """,
        [("Fife", 1), ("Angus", 0), ("Moray", 3), ("Other", 1), ("(no answer)", 2)],
    ),
    "answers to the question that was replaced count by the text, where the new one has none": (
        "v2",
        """
            id | area  | former
            1  | -     | 41
            2  | 31    | 41
            3  | -     | 42
            4  | empty | 42
        """,
        [("Fife", 1), ("Angus", 1), ("Moray", 0), ("Perth", 2), ("Other", 0), ("(no answer)", 0)],
    ),
    "of several choices the one first on the form counts; one that no form has is unknown": (
        "v2",
        """
            id | area  | former
            1  | 33 31 | -
            2  | 99    | -
        """,
        [("Fife", 1), ("Angus", 0), ("Moray", 0), ("Other", 0), ("(unknown choice)", 1), ("(no answer)", 0)],
    ),
    "a choice that left the form stays with who made it, a renamed one has its new text": (
        "v3, with another choice and without an older one",
        """
            id | area | former
            1  | 31   | -
            2  | 32   | -
            3  | 34   | -
        """,
        [("Highland", 1), ("Fife, renamed", 1), ("Moray", 0), ("Angus", 1), ("Other", 0), ("(no answer)", 0)],
    ),
    "the latest signature of a person counts, though it has no answer": (
        "v2",
        """
            id | area | former | email  | modified
            1  | 31   | -      | a@b.co | 2026-03-01T09:00:00+00:00
            2  | 33   | -      | A@b.co | 2026-03-02T09:00:00+00:00
            3  | 31   | -      | c@b.co | 2026-03-01T09:00:00+00:00
            4  | -    | -      | c@b.co | 2026-03-02T09:00:00+00:00
        """,
        [("Fife", 0), ("Angus", 0), ("Moray", 1), ("Other", 0), ("(no answer)", 1)],
    ),
}
ANSWERS = {
    "own words": [{"other_id": "39", "text": "Somewhere"}],
    "33 and own": [{"choice_id": "33"}, {"other_id": "39", "text": "Somewhere"}],
    "empty": [{"choice_id": ""}],
}


def a_body(row):
    """A response with the answers that a drawn row tells."""
    given = {AREA: row.pop("area"), FORMER: row.pop("former")}
    answers = {
        question: ANSWERS.get(said, [{"choice_id": choice} for choice in said.split()])
        for question, said in given.items()
        if said
    }
    modified = row.pop("modified", "2026-03-01T09:00:00+00:00")
    return a_response(row.pop("id"), answers=answers, date_modified=modified, **row)


@pytest.fixture
def vault(tmp_path):
    """A vault whose settings break the signatories down by area."""
    form = replace(FORM, breakdowns=(Breakdown("Area", "Which area?", (AREA, FORMER)),))
    with a_vault(tmp_path, check=held_by_a_plain_rule, form=form) as opened:
        yield opened


def by_choice(vault):
    """The rows as they would be published: choice and number, in order."""
    publish.make_shown_roles(vault.connection, vault.form)
    found = figures.rows(vault.connection, "marts/signatories_by_choice")
    assert [row["choice_no"] for row in found] == list(range(1, len(found) + 1))
    assert {(row["breakdown"], row["question"]) for row in found} == {("Area", "Which area?")}
    return [(row["choice"], row["n_signatories"]) for row in found]


@pytest.mark.parametrize("case", SAID)
def test_the_rows_of_the_table(vault, case):
    version, table, expected = SAID[case]
    for known, options in FORMS.items():
        vault.form_becomes(known, options)
        if known == version:
            break
    vault.receive([a_body(row) for row in drawn(table)])
    vault.decide()
    assert by_choice(vault) == expected
    assert sum(n for _, n in expected) == vault.rows("select count(*) as n from core.signatories")[0]["n"]
    assert vault.failed_measures() == []


def test_rows_that_do_not_add_up_to_the_signatories_stop_the_night(vault):
    vault.form_becomes("v2", FORMS["v2"])
    vault.night("id\n1\n2")
    vault.connection.execute("delete from staging.signatory_choices where signatory_id = 1")
    (failed,) = vault.failed_measures()
    assert [failed[name] for name in ("check", "subject", "observed", "expected", "severity")] == [
        "choices-add-up", "Area", 1, 2, "stop",
    ]  # fmt: skip


# Settings.


BAD = [
    ("breakdowns = 5", ["written as [[breakdowns]]"]),
    ('[breakdowns]\nname = "a"', ["written as [[breakdowns]]"]),
    ("[[breakdowns]]\nquestion = 'Town'", ["“number 1”", "lacks name"]),
    ("[[breakdowns]]\nname = 'Area'", ["“Area”", "lacks question"]),
    ("[[breakdowns]]\nname = 'Area'\nquestion = 5", ["“Area”", "a question that is no text"]),
    ("[[breakdowns]]\nname = 'Area'\nquestion = 'Town'\nline = 'x'", ["“Area”", "has line"]),
    ("[[breakdowns]]\nname = '…'\nquestion = 'Town'", ["“…”", "needs a letter or a digit"]),
    (
        "\n".join(
            f"[[breakdowns]]\nname = '{name}'\nquestion = 'a'" for name in ("Council area", "council-area")
        ),
        ["“Council area”", "more than once as “council-area”"],
    ),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_block_that_is_not_as_it_must_be_is_refused_by_name(text, words):
    with pytest.raises(SettingsError) as refused:
        read_breakdowns(tomllib.loads(text)["breakdowns"])
    for word in words:
        assert word in str(refused.value)


def settled(question, *edits):
    """What becomes of a breakdown by this question: of the form as edited, one edit after the other."""
    editor = Editor()
    designs = [editor.design()]
    for edit in edits:
        edit(editor)
        designs.insert(0, editor.design())
    fields = [(field, ref.question_id, ref.row_id) for field, ref in FIELDS]
    return settled_breakdowns([WantedBreakdown("Heard", question)], designs, fields)


HEARD = "How did you hear of us?"


def replaced(editor):
    """Another question under the same heading takes the place of the one on the form."""
    editor.remove("15")
    editor.add(a_question("16", "single_choice", HEARD, answers={"choices": [{"id": "51", "text": "Radio"}]}))


def left(editor):
    editor.remove("15")


@pytest.mark.parametrize(
    ("question", "edits", "ids"),
    [
        ("how did you", (), ("15",)),
        ("id:15", (), ("15",)),
        (HEARD, (replaced,), ("16", "15")),
        (HEARD, (left,), ("15",)),
    ],
)
def test_a_question_is_found_as_the_others_are(question, edits, ids):
    assert settled(question, *edits) == (Breakdown("Heard", HEARD, ids),)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Shoe size", ["“Heard” under [[breakdowns]]", "is on no form", f"id:15 “{HEARD}”"]),
        ("id:99", ["is on no form"]),
        ("Town", ["“Heard”", "choose just one answer", f"name one of these: id:15 “{HEARD}”."]),
        ("You are", ["the question for the role", f"id:15 “{HEARD}”."]),
    ],
)
def test_a_question_that_cannot_be_one_is_refused_with_those_that_can(question, words):
    with pytest.raises(SettingsError) as refused:
        settled(question)
    for word in words:
        assert word in str(refused.value)
