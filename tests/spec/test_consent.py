"""Whom the house may write to: forms and responses drawn in, the people who allowed it drawn out."""

from __future__ import annotations

import pytest

from tests.builders import PARENT, a_design, a_question, a_response, an_option
from tests.vaults import drawn, held_by_a_plain_rule
from warehouse.ingest import designs
from warehouse.queries import figures
from warehouse.releases import publish
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision

ASKS, YES, NO, MAYBE, OTHER = "17", "51", "52", "53", "59"
HEADING = "May we write to you?"
TEXTS = {YES: "Yes, you may", NO: "No, thank you"}


def the_form_becomes(vault, version, *, question=ASKS, heading=HEADING, texts=TEXTS):
    """From now on the form asks that, with these choices; without a heading it doesn't ask."""
    design = a_design({PARENT: "Parent or carer"})
    design["survey"]["version"] = version
    if heading:
        design["questions"].append(a_question(question, heading=heading, family="multiple_choice"))
        design["options"] += [
            an_option(option_id, question_id=question, text=text) for option_id, text in texts.items()
        ]
        design["options"].append(an_option(OTHER, question_id=question, kind="other", text="Other"))
    designs.load_design(vault.connection, **{**design, "seen_at": vault.now})


@pytest.fixture
def asking(vault):
    """A vault whose form has asked from the beginning; the checks hold back who is named in *holds*."""
    vault.connection.execute("delete from raw.forms_in_force")
    the_form_becomes(vault, "asks")
    vault.holds = set()

    def check(facts):
        frames = [*facts]
        there = {one for frame in frames for one in frame["response_id"]}
        return held_by_a_plain_rule(iter(frames)) + [(one, "x", "x", "y") for one in vault.holds & there]

    vault.check = check
    return vault


def receive(vault, table):
    """A night in which these come in; said: choices ticked, in quotes what was written."""
    bodies = []
    for row in drawn(table):
        given = row.pop("said") or ""
        written = [{"other_id": OTHER, "text": given[1:]}] if given.startswith("~") else []
        answers = written or [{"choice_id": choice} for choice in given.split()]
        question = row.pop("question", None) or ASKS
        usual = {"date_modified": row.pop("modified", None) or "2026-03-01T09:01:00+00:00"}
        names = {"status": "response_status", "mode": "collection_mode"}
        usual |= {names.get(name, name): value for name, value in row.items() if name != "id" and value}
        bodies.append(a_response(row["id"], answers={question: answers}, **usual))
    vault.nights += 1
    vault.receive(bodies)
    vault.decide()


def allowed(vault, answers=(YES,), places=((ASKS, None),)):
    publish.make_shown_roles(vault.connection, vault.form)
    return figures.contacts(vault.connection, vault.form.survey_id, places, answers)


def ids(vault, **how):
    return " ".join(row["response_id"] for row in allowed(vault, **how))


ONE_RESPONSE = """
    id | said     | status       | mode    | email
    1  | 51       | -            | -       | -
    2  | 52       | -            | -       | -
    3  | -        | -            | -       | -
    4  | 51 52    | -            | -       | -
    5  | 53       | -            | -       | -
    6  | ~Yes, you may | -       | -       | -
    7  | 51       | partial      | -       | -
    8  | 51       | disqualified | -       | -
    9  | 51       | -            | preview | -
    10 | 51       | -            | -       | no address
    11 | 99       | -            | -       | -
    12 | 51       | -            | data_entry | -
"""


def test_only_who_counts_and_says_yes_and_nothing_else_may_be_written_to(asking):
    receive(asking, ONE_RESPONSE)
    assert ids(asking) == "1 12"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((YES,), "1 12"),
        (("Yes, you may",), "1 12"),
        (("  yes,  YOU may ",), "1 12"),
        ((YES, NO), "1 2 4 12"),
        (("Yes",), ""),
        (("99",), ""),
        ((OTHER,), "6"),
        ((), ""),
    ],
)
def test_yes_is_what_the_settings_call_so_by_id_or_by_text(asking, answers, expected):
    receive(asking, ONE_RESPONSE)
    assert ids(asking, answers=answers) == expected


# Each line: what one person said, response by response in the order of their changes, and what holds of each
# (k: counts or is a duplicate, h: held back, r: rejected, p: partial, v: preview, w: withdrawn); and which
# response may be gone by.
LAST_WORDS = [
    ("51 k, 51 k", 2),
    ("52 k, 51 k", 2),
    ("51 k, 52 k", None),
    ("51 k, - k", None),
    ("- k, 51 k", 2),
    ("51 k, 52 k, 51 k", 3),
    ("51 k, 52 h", None),
    ("51 k, 52 r", None),
    ("51 k, - h", None),
    ("51 k, 51 h", 1),
    ("52 k, 51 h", None),
    ("52 h, 51 k", 2),
    ("51 k, 52 h, 51 h", 1),
    ("51 k, 52 p", 1),
    ("51 k, 52 v", 1),
    ("51 k, 52 w", 1),
    ("51 w, 52 k", None),
    ("51 w, 51 k", 2),
    ("51 h", None),
    ("51 r", None),
    ("51 w", None),
    ("51 p", None),
]


@pytest.mark.parametrize(("story", "expected"), LAST_WORDS)
def test_a_person_s_last_word_counts_and_must_be_that_of_the_response_that_stands_for_them(
    asking, story, expected
):
    told = [part.split() for part in story.split(", ")]
    kinds = {str(number): kind for number, (_, kind) in enumerate(told, 1)}
    asking.holds = {one for one, kind in kinds.items() if kind == "h"}
    lines = [
        f"{n} | {said} | a@b.org | 2026-03-0{n}T09:00:00+00:00 | {'partial' if kind == 'p' else '-'} | "
        f"{'preview' if kind == 'v' else '-'}"
        for n, (said, kind) in enumerate(told, 1)
    ]
    receive(asking, "\n".join(["id | said | email | modified | status | mode", *lines]))
    asking.withdraw(*(one for one, kind in kinds.items() if kind == "w"))
    for one in [one for one, kind in kinds.items() if kind == "r"]:
        decision = Decision("response", one, "reject", "as a test", "a tester")
        decisions.keep(asking.connection, decision, at=asking.now)
    asking.build()
    assert ids(asking) == (str(expected) if expected else "")


def test_of_two_last_words_at_one_instant_that_of_the_larger_id_holds(asking):
    receive(
        asking,
        """
        id | said | email
        9  | 51   | a@b.org
        10 | 52   | a@b.org
        19 | 52   | c@d.org
        20 | 51   | c@d.org
        99 | 52   | e@f.org
        100 | 51  | e@f.org
    """,
    )
    assert ids(asking) == "20 100"


def test_persons_are_those_that_staff_decided_they_are(asking):
    receive(
        asking,
        """
        id | said | email   | modified
        1  | 51   | a@b.org | 2026-03-01T09:00:00+00:00
        2  | 52   | c@d.org | 2026-03-02T09:00:00+00:00
        3  | 51   | e@f.org | 2026-03-01T09:00:00+00:00
        4  | 52   | e@f.org | 2026-03-02T09:00:00+00:00
    """,
    )
    assert ids(asking) == "1"
    one, two = (
        str(row["signatory_id"])
        for row in asking.rows("select signatory_id from core.signatories where response_id in ('1', '2')")
    )
    for decision in (
        Decision("pair", one, "same", "as a test", "a tester", other_subject=two),
        Decision("apart", "3", "apart", "as a test", "a tester"),
    ):
        decisions.keep(asking.connection, decision, at=asking.now)
    asking.build()
    assert ids(asking) == "3"


def test_an_edit_that_takes_the_word_back_holds(asking):
    receive(asking, "id | said\n1 | 51")
    assert ids(asking) == "1"
    receive(asking, "id | said | modified\n1 | 52 | 2026-03-02T09:00:00+00:00")
    assert ids(asking) == ""


def test_the_wording_is_that_of_the_form_in_force_when_they_agreed(vault):
    vault.check = held_by_a_plain_rule
    vault.connection.execute("delete from raw.forms_in_force")
    the_form_becomes(vault, "asks nothing", heading="")
    vault.night()
    the_form_becomes(vault, "asks")
    vault.night()
    the_form_becomes(vault, "asks otherwise", heading="News?", texts={YES: "By post", NO: "Never"})
    vault.night()
    the_form_becomes(vault, "asks nothing more", heading="")
    receive(
        vault,
        """
        id | said | modified
        1  | 51   | 2026-11-24T12:00:00+00:00
        2  | 51   | 2026-11-25T12:00:00+00:00
        3  | 51   | 2026-11-26T12:00:00+00:00
        4  | 51   | 2026-11-27T12:00:00+00:00
    """,
    )
    told = [(row["response_id"], row["wording"], row["pledge_version"]) for row in allowed(vault)]
    assert told == [
        # Before the night that first saw the question: the first form that could be answered so.
        ("1", f"{HEADING} | Yes, you may", 2),
        ("2", f"{HEADING} | Yes, you may", 2),
        ("3", "News? | By post", 3),
        # The form asks no more, and they were still filling in the one before.
        ("4", "News? | By post", 3),
    ]
    # A text means yes only to those who read it.
    assert ids(vault, answers=("By post",)) == "3 4"


def test_a_choice_that_no_form_had_and_a_question_that_was_not_asked_are_no_yes(asking):
    receive(asking, "id | said | question\n1 | 99 | 17\n2 | 51 | 18\n3 | 51 | 17")
    assert ids(asking, answers=(YES, "99")) == "3"
    assert ids(asking, places=(("18", None),)) == ""


def test_a_question_that_another_has_replaced_is_heard_as_well_and_both_must_say_yes(asking):
    the_form_becomes(asking, "asks anew", question="18", texts={"61": "Yes, you may", "62": "No"})
    places = (("18", None), (ASKS, None))
    receive(asking, "id | said | question\n1 | 61 | 18\n2 | 62 | 18\n3 | 51 | 17\n4 | 52 | 17")
    bodies = [
        a_response(5, answers={"18": [{"choice_id": "61"}], ASKS: [{"choice_id": NO}]}),
        a_response(6, answers={"18": [{"choice_id": "61"}], ASKS: [{"choice_id": YES}]}),
    ]
    asking.receive(bodies)
    asking.decide()
    assert ids(asking, places=places, answers=("Yes, you may",)) == "1 3 6"


def test_one_line_of_a_question_is_asked_for_alone_and_stands_in_the_wording(asking):
    design = a_design()
    design["survey"]["version"] = "lines"
    design["questions"].append(a_question("19", heading="May we …", family="matrix"))
    lines = [
        an_option(one, question_id="19", kind="row", text=text)
        for one, text in (("81", "write"), ("82", "ring"))
    ]
    design["options"] += [
        *lines,
        an_option("91", question_id="19", text="Yes"),
        an_option("92", question_id="19", text="No"),
    ]
    designs.load_design(asking.connection, **{**design, "seen_at": asking.now})
    asking.receive([
        a_response(number, answers={"19": [{"row_id": row, "choice_id": one} for row, one in given.items()]})
        for number, given in enumerate([{"81": "91", "82": "92"}, {"82": "91"}], 1)
    ])  # fmt: skip
    asking.decide()
    told = allowed(asking, places=(("19", "81"),), answers=("Yes",))
    assert [(row["response_id"], row["wording"]) for row in told] == [("1", "May we … | write | Yes")]


def test_where_the_form_had_no_choices_what_people_wrote_is_their_word(asking):
    design = a_design()
    design["survey"]["version"] = "a box"
    design["questions"].append(a_question("20", heading="Write yes to hear from us"))
    designs.load_design(asking.connection, **{**design, "seen_at": asking.now})
    asking.receive([
        a_response(n, answers={"20": [{"text": text}]})
        for n, text in enumerate(["yes", " YES ", "yes, but", " "], 1)
    ])  # fmt: skip
    asking.decide()
    assert ids(asking, places=(("20", None),), answers=("Yes",)) == "1 2"


def test_each_row_has_who_when_and_what_they_read(asking):
    receive(asking, "id | said | email | modified\n1 | 51 | A@b.org | 2026-03-02T09:00:00+01:00")
    (row,) = allowed(asking)
    assert row["agreed_at"].isoformat() == "2026-03-02T08:00:00+00:00"
    assert {name: row[name] for name in row if name != "agreed_at"} == {
        "response_id": "1",
        "name": "Ailsa Invented",
        "email": "A@b.org",
        "wording": f"{HEADING} | Yes, you may",
        "pledge_version": 1,
    }


def test_who_has_no_address_any_more_is_left_out(asking):
    receive(asking, "id | said\n1 | 51\n2 | 51")
    asking.connection.execute("update core.signatories set email = null where response_id = '1'")
    assert ids(asking) == "2"


def test_who_has_vanished_since_or_was_let_in_without_an_address_is_left_out(asking):
    receive(asking, "id | said | email\n1 | 51 | a@b.org\n2 | 51 | no address\n3 | 51 | c@d.org")
    rules = asking.rows("select all_rules from core.held_back where response_id = '2'")[0]["all_rules"]
    accepted = Decision("response", "2", "accept", "as a test", "a tester", detail=rules)
    decisions.keep(asking.connection, accepted, at=asking.now)
    asking.build()
    assert {row["id"] for row in asking.places() if row["place"] == "signatory"} == {"1", "2", "3"}
    asking.withdraw("1")
    assert ids(asking) == "3"
