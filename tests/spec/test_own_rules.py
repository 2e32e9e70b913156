"""Rules of the user's own: pledge.toml and responses in, who is held back out."""

from __future__ import annotations

import copy
import json
import tomllib
from dataclasses import replace

import pytest

from connectors.survey.design import parse_design
from flows.errors import SettingsError
from flows.settings.custom_rules import read_own_rules, settled_own_rules
from flows.steps.check import checked
from flows.steps.form import design_rows
from tests.builders import SURVEY, a_response
from tests.forms import Editor, a_question
from tests.vaults import a_vault, drawn
from warehouse.ingest import designs
from warehouse.releases import publish
from warehouse.transform import build

TOWN, HEARD = 'question = "Town"\n', 'question = "How did you hear of us?"\n'


def rules_of(text):
    """The rules that a pledge.toml says."""
    return read_own_rules(tomllib.loads(text)["rules"])


def a_rule(must, *, question=TOWN, name="my-rule", severity="hold"):
    """One rule in TOML; *must* is what it demands, with its other keys."""
    first, *others = must.split("\n")
    return "\n".join([
        "[[rules]]", f'name = "{name}"', question.strip(), f'must = "{first}"', *others,
        f'severity = "{severity}"', 'reason = "It is wrong."',
    ])  # fmt: skip


def the_form_becomes(vault, editor):
    """The form as the editor has it is in force from now on."""
    form = {**copy.deepcopy(editor.form), "id": SURVEY}
    design = parse_design(json.dumps(form))
    designs.load_design(
        vault.connection,
        **design_rows(design),
        seen_at=vault.now,
        run_id=vault.run_id,
    )
    vault.form = replace(vault.form, version=design.version)


@pytest.fixture
def vault(tmp_path):
    """A vault whose form asks for the town (14) and how people heard of it (15), with what checks it."""
    with a_vault(tmp_path) as opened:
        opened.connection.execute("delete from raw.forms_in_force")
        the_form_becomes(opened, Editor())
        yield opened


def receive(vault, table):
    """The responses of a drawn table: id, town (text), heard (choice ids), created, other fields."""
    bodies = []
    for row in drawn(table):
        town, heard = row.pop("town", None), row.pop("heard", None)
        answers = {
            "14": [{"text": town}] if town else [],
            "15": [{"choice_id": choice} for choice in (heard or "").split()],
        }
        created = row.pop("created", None) or "2026-03-01T09:00:00+00:00"
        status = row.pop("status", "completed")
        bodies.append(
            a_response(
                row.pop("id"),
                answers=answers,
                date_created=created,
                date_modified=row.pop("modified", None) or "2026-03-09T09:00:00+00:00",
                response_status=status,
                **row,
            )
        )
    vault.receive(bodies)


def a_night(vault, own_rules, table="id"):
    """The night's own steps; what came out of the checks."""
    vault.nights += 1
    receive(vault, table)
    vault.stage()
    outcome = checked(vault.connection, vault.form, own_rules)
    build.hold_back(vault.connection, outcome.held, at=vault.now, run_id=vault.run_id)
    build.build(vault.connection, vault.form, at=vault.now, run_id=vault.run_id)
    publish.make_shown_roles(vault.connection, vault.form)
    return outcome


def held_now(vault):
    """Who is held back, with all the rules that do it."""
    found = vault.rows("select response_id, all_rules from core.held_back order by response_id")
    return {row["response_id"]: row["all_rules"] for row in found}


TOWNS = """
    id | town          | heard
    1  | Ayr           | 31
    2  | "  ayr "      | 32
    3  | -             | -
    4  | "   "         | 31 32
    5  | KA7           | 99
    6  | 12            | 31
    7  | 2026-03-01    | 31
    8  | 03/02/2026    | 31
    9  | 01/31/2026 01:15 PM | 31
    10 | "1e3"         | 31
    11 | "nan"         | 31
"""


@pytest.mark.parametrize(
    ("must", "question", "failing"),
    [
        ("be-answered", TOWN, "3 4"),
        ("be-answered", HEARD, "3"),
        ('be-in-set\nvalues = ["Ayr", "KA7", 12]', TOWN, "2 7 8 9 10 11"),
        # A choice is what the form calls it; several are one text; one that nobody knows is its id.
        ('be-in-set\nvalues = ["Radio", "Radio | A friend"]', HEARD, "2 5"),
        ("match\npattern = '[A-Z].*'", TOWN, "2 6 7 8 9 10 11"),
        ("match\npattern = '(?i)ay|ayr'", TOWN, "5 6 7 8 9 10 11"),
        ("match\npattern = '(.)\\1.*|\\d+'", TOWN, "1 2 5 7 8 9 10 11"),
        ("be-between\nlow = 12\nhigh = 1000", TOWN, "1 2 5 7 8 9 11"),
        ("be-between\nhigh = 12.5", TOWN, "1 2 5 7 8 9 10 11"),
        ("be-between\nlow = 2026-03-01", TOWN, "1 2 5 6 9 10 11"),
        ("be-between\nlow = '2026-01-31'\nhigh = '2026-03-01'", TOWN, "1 2 5 6 8 10 11"),
    ],
)
def test_who_fails_a_rule_is_held_back(vault, must, question, failing):
    outcome = a_night(vault, rules_of(a_rule(must, question=question)), TOWNS)
    assert held_now(vault) == dict.fromkeys(failing.split(), "my-rule")
    assert {reason for *_, reason in outcome.held} == {"It is wrong."}
    assert vault.failed_measures() == []


def test_a_rule_that_only_tells_holds_nobody_back(vault):
    outcome = a_night(vault, rules_of(a_rule("be-answered", severity="warn")), TOWNS)
    assert (held_now(vault), outcome.warned["my-rule"]) == ({}, 2)


def test_several_rules_stand_after_the_others_in_the_order_written_but_for_what_must_be_unique(vault):
    text = "\n".join([
        a_rule("be-unique", name="one-town"),
        a_rule("match\npattern = 'x'", name="second"),
        a_rule("match\npattern = 'y'", name="first"),
    ])  # fmt: skip
    a_night(
        vault,
        rules_of(text),
        """
        id | town | email
        1  | y    | -
        2  | x    | a@b.org
    """,
    )
    assert held_now(vault) == {"1": "email-missing,second", "2": "first"}


def test_a_line_of_a_block_is_named_by_how_it_begins_or_its_id(vault):
    editor = Editor()
    rows = [{"id": "81", "text": "Street"}, {"id": "82", "text": "Postcode"}]
    editor.add(a_question("16", "open_ended", "Your address", answers={"rows": rows}))
    the_form_becomes(vault, editor)
    answers = {"16": [{"row_id": "81", "text": "x"}, {"row_id": "82", "text": "EH1"}]}
    vault.receive([a_response(1, answers=answers)])
    for question in ("'your ADDRESS'\nline = 'post'", "'id:16'\nline = 'id:82'", "'id:16/82'"):
        rules = rules_of(a_rule("match\npattern = 'EH.'", question=f"question = {question}"))
        _, (answer,) = settled_own_rules(rules, vault.connection, SURVEY)
        assert answer.places == (("16", "82"),)
    a_night(vault, rules)
    assert held_now(vault) == {}


def test_answers_to_a_question_that_another_has_replaced_count_as_well(vault):
    editor = Editor()
    editor.remove("14")
    editor.add(a_question("44", "open_ended", "Town"))
    the_form_becomes(vault, editor)
    rules = rules_of(a_rule("match\npattern = 'Ayr'"))
    _, (answer,) = settled_own_rules(rules, vault.connection, SURVEY)
    assert answer.places == (("44", None), ("14", None))
    vault.receive([a_response(9, answers={"44": [{"text": "Ayr"}], "14": [{"text": "Rome"}]})])
    a_night(vault, rules, "id | town\n1 | Rome\n2 | Ayr")
    assert held_now(vault) == {"1": "my-rule"}


UNIQUE = """
    id | town | created
    10 | Ayr  | 2026-03-02T09:00:00+00:00
    9  | Ayr  | 2026-03-02T09:00:00+00:00
    3  | Ayr  | 2026-03-03T09:00:00+00:00
    4  | ayr  | 2026-03-01T09:00:00+00:00
    5  | -    | 2026-03-01T09:00:00+00:00
    6  | -    | 2026-03-01T09:00:00+00:00
"""


def test_of_one_answer_the_earliest_passes_and_by_number_where_they_began_together(vault):
    a_night(vault, rules_of(a_rule("be-unique")), UNIQUE)
    assert held_now(vault) == {"10": "my-rule", "3": "my-rule"}


def test_who_does_not_count_takes_no_answer_from_others(vault):
    a_night(
        vault,
        rules_of(a_rule("be-unique")),
        """
        id | town | created                   | email   | status
        1  | Ayr  | 2026-03-01T09:00:00+00:00 | -       | completed
        2  | Ayr  | 2026-03-01T10:00:00+00:00 | a@b.org | partial
        3  | Ayr  | 2026-03-01T11:00:00+00:00 | c@b.org | completed
        4  | Ayr  | 2026-03-01T12:00:00+00:00 | d@b.org | completed
    """,
    )
    assert held_now(vault) == {"1": "email-missing", "4": "my-rule"}


def test_the_next_in_line_counts_when_the_first_has_gone_or_answers_otherwise(vault):
    rules = rules_of(a_rule("be-unique"))
    a_night(vault, rules, UNIQUE)
    vault.withdraw("9")
    a_night(vault, rules)
    assert held_now(vault) == {"3": "my-rule"}
    a_night(vault, rules, "id | town | created | modified\n10 | Rome | - | 2026-04-01T09:00:00+00:00")
    assert held_now(vault) == {}
    assert vault.failed_measures() == []


def test_who_comes_later_and_began_earlier_takes_the_answer(vault):
    rules = rules_of(a_rule("be-unique"))
    a_night(vault, rules, "id | town | created\n2 | Ayr | 2026-03-05T09:00:00+00:00")
    assert held_now(vault) == {}
    a_night(vault, rules, "id | town | created\n7 | Ayr | 2026-03-04T09:00:00+00:00")
    assert held_now(vault) == {"2": "my-rule"}


@pytest.mark.long
def test_night_by_night_comes_out_as_all_at_once(vault, tmp_path):
    rules = rules_of(a_rule("be-unique") + "\n" + a_rule("be-unique", question=HEARD, name="one-heard"))
    lines = [
        "id | town | heard | created | email",
        *(
            f"{n} | {'ABC'[n % 3]} | 3{n % 2 + 1} | 2026-03-0{n * 7 % 9 + 1}T09:00:00+00:00 | "
            f"{'-' if n % 5 == 0 else f'p{n}@b.org'}"
            for n in range(1, 9)
        ),
    ]
    for line in lines[1:]:
        a_night(vault, rules, f"{lines[0]}\n{line}")
    with a_vault(tmp_path / "whole") as whole:
        whole.connection.execute("delete from raw.forms_in_force")
        the_form_becomes(whole, Editor())
        a_night(whole, rules, "\n".join(lines))
        assert held_now(vault) == held_now(whole) != {}
        assert vault.places() == whole.places()


WRONG = [
    ("rules = 5", ["[[rules]]"]),
    ("[rules]\nname = 'a'", ["[[rules]]"]),
    ("[[rules]]\nname = 'a-b'", ["“a-b”", "lacks question, must, severity, reason"]),
    ("[[rules]]\nquestion = 'Town'", ["“number 1”", "lacks name"]),
    (a_rule("be-answered", name="Postcode"), ["“Postcode”", "lower-case"]),
    (a_rule("be-answered", name="email-missing"), ["“email-missing”", "already"]),
    (a_rule("be-answered") + "\n" + a_rule("be-answered"), ["“my-rule”", "more than once"]),
    (a_rule("be-right"), ["“my-rule”", "“be-right”", "be-answered"]),
    (a_rule("be-answered", severity="stop"), ["“my-rule”", "hold or warn"]),
    (a_rule("be-answered\nlow = 1"), ["“my-rule”", "low", "doesn't take"]),
    (a_rule("be-answered\nnonsense = 1"), ["“my-rule”", "nonsense"]),
    (a_rule("be-answered", question="question = 5"), ["“my-rule”", "question"]),
    (a_rule("match"), ["“my-rule”", "pattern"]),
    (a_rule("match\npattern = '['"), ["“my-rule”", "no regular expression"]),
    (a_rule("be-in-set"), ["“my-rule”", "values"]),
    (a_rule("be-in-set\nvalues = []"), ["“my-rule”", "values"]),
    (a_rule("be-in-set\nvalues = [[]]"), ["“my-rule”", "values"]),
    (a_rule("be-between"), ["“my-rule”", "low or high"]),
    (a_rule("be-between\nlow = 2\nhigh = 1"), ["“my-rule”", "above its high"]),
    (a_rule("be-between\nlow = 2026-01-02\nhigh = 2026-01-01"), ["“my-rule”", "above its high"]),
    (a_rule("be-between\nlow = 1\nhigh = 2026-01-01"), ["“my-rule”", "one kind"]),
    (a_rule("be-between\nlow = true"), ["“my-rule”", "neither"]),
    (a_rule("be-between\nlow = 2026-01-01T10:00:00"), ["“my-rule”", "neither"]),
    (a_rule("be-between\nlow = nan"), ["“my-rule”", "neither"]),
    (a_rule("be-between\nlow = 'soon'"), ["“my-rule”", "“soon”"]),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_a_wrong_rule_is_refused_and_named(text, words):
    with pytest.raises(SettingsError) as refused:
        rules_of(text)
    assert [word for word in words if word not in str(refused.value)] == []


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("'Village'", ["no form", "id:14 “Town”"]),
        ("'id:999'", ["no form"]),
        ("'id:14/7'", ["no form"]),
        ("'Town'\nline = 'First'", ["no form"]),
        ("''", ["question"]),
    ],
)
def test_a_question_that_is_on_no_form_is_refused_and_those_there_are_listed(vault, question, words):
    with pytest.raises(SettingsError, match="“my-rule”") as refused:
        settled_own_rules(
            rules_of(a_rule("be-answered", question=f"question = {question}")), vault.connection, SURVEY
        )
    assert [word for word in words if word not in str(refused.value)] == []


def test_a_beginning_that_fits_two_questions_is_refused(vault):
    editor = Editor()
    editor.add(a_question("16", "open_ended", "Town of birth"))
    editor.add(a_question("17", "open_ended", "Town of work"))
    the_form_becomes(vault, editor)
    with pytest.raises(SettingsError, match=r"“my-rule”.*id:16, id:17"):
        settled_own_rules(
            rules_of(a_rule("be-answered", question="question = 'Town of'")), vault.connection, SURVEY
        )
    # A heading that is just that is meant.
    _, (answer,) = settled_own_rules(rules_of(a_rule("be-answered")), vault.connection, SURVEY)
    assert answer.places == (("14", None),)


def test_before_any_form_is_known_there_is_nothing_to_settle(tmp_path):
    with a_vault(tmp_path) as vault:
        assert settled_own_rules(rules_of(a_rule("be-answered")), vault.connection, "") == ([], [])


def test_no_answer_is_in_what_comes_out(vault, caplog, capfd):
    text = "\n".join(
        a_rule(must, name=f"rule-{n}")
        for n, must in enumerate(
            ("match\npattern = 'x'", "be-in-set\nvalues = ['x']", "be-between\nlow = 5", "be-unique")
        )
    )
    outcome = a_night(
        vault,
        rules_of(text),
        """
        id | town
        1  | quiltmuffin
        2  | quiltmuffin
    """,
    )
    assert held_now(vault) == {"1": "rule-0,rule-1,rule-2", "2": "rule-0,rule-1,rule-2"}
    said = "".join([str(outcome), caplog.text, *capfd.readouterr()])
    kept = vault.rows("select * from core.held_back")
    assert "quiltmuffin" not in f"{said}{kept}"
    tables = vault.rows("select table_name from duckdb_tables() where database_name = 'staging'")
    assert {"facts", "own_answers", "own_line"} & {row["table_name"] for row in tables} == set()
