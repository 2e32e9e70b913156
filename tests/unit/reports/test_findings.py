"""Words that a chart's rounding bears."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reports.dates import in_words, instant_in_words
from reports.disclosure.suppression import protect
from reports.figures import Breakdown
from reports.texts.findings import (
    choice_finding,
    growth_alternative,
    growth_finding,
    in_short,
    role_alternative,
    role_finding,
    share_in_words,
    shortened,
    week_finding,
)
from reports.texts.timeline import steps_of
from tests.packs import figures, safe

AS_AT = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.655, 0.658, "about two in three"),
        (0.63, 0.64, "more than three in five"),
        (0.562, 0.565, "more than half of all"),
        (0.49, 0.50, "about half of all"),
        (0.44, 0.47, "more than two in five"),
        (0.26, 0.40, "about one in three"),
        (0.93, 0.94, "more than nine in ten"),
        (0.96, 0.97, "nearly all"),
        (0.14, 0.15, "more than one in ten"),
        (0.03, 0.05, "fewer than one in ten"),
    ],
)
def test_a_share_is_said_in_words_that_do_not_enlarge_it(low, high, words):
    assert share_in_words(low, high) == words


def finding(*roles):
    return role_finding(safe(figures(list(roles))))


def test_the_finding_names_the_largest_group():
    assert finding(("Teacher", 100), ("Parent", 203)) == "About two in three signatories signed as “Parent”"


def test_those_who_gave_no_role_are_no_finding():
    assert (
        finding(("(no answer)", 400), ("Parent", 200)) == "About one in three signatories signed as “Parent”"
    )


def test_without_a_shown_role_the_finding_says_so():
    assert finding(("Teacher", 9), ("Parent", 8)) == "No role that people named can be shown yet"


def test_a_long_label_is_cut_between_words():
    assert shortened("A parent or carer of a child " * 5) == (
        "A parent or carer of a child A parent or carer of a child A parent or carer of…"
    )


def test_the_alternative_says_what_the_bars_say_and_what_is_hidden():
    table = protect([("Teacher", 103), ("MSP", 2), ("Parent", 642), ("Councillor", 1)], threshold=10)
    assert role_alternative(table, "role") == (
        "Bar chart of signatories by role. Parent: about 640 (86%). Hidden: Teacher; MSP; Councillor."
    )


def growth(*weeks):
    by_day = [(date(2026, 9, 1 + 7 * at), n) for at, n in enumerate(weeks)]
    return safe(figures([("Parent", sum(weeks))], by_day=by_day, as_at=AS_AT)).growth


@pytest.mark.parametrize(
    ("weeks", "finding"),
    [
        ((20, 30, 60, 50), "At least half of all signatories have signed since 13 September 2026"),
        ((100, 20), "Most signatories had signed by 6 September 2026"),
        ((11, 10), "About half of all signatories had signed by 6 September 2026"),
        ((12,), "12 people had signed by 24 November 2026"),
    ],
)
def test_growth_is_said_from_its_points(weeks, finding):
    assert growth_finding(growth(*weeks), 10) == finding


def test_the_alternative_of_growth_names_its_ends():
    assert growth_alternative(growth(21, 30), (), ()) == (
        "Line chart of the number of signatories, all weeks together, starting from zero on 31 August 2026: "
        "about 20 by 6 September 2026, 51 by 24 November 2026. The table by week has all 2 points."
    )


def test_dates_and_instants_are_written_as_people_write_them():
    summer = datetime(2026, 7, 1, 1, 5, tzinfo=UTC).astimezone(ZoneInfo("Europe/London"))
    assert (in_words(AS_AT), instant_in_words(summer)) == ("24 November 2026", "1 July 2026 at 02:05 BST")


AREAS = [("Angus", 31), ("Fife", 33), ("Moray", 14), ("(no answer)", 80)]


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        (AREAS, "Area: the largest group is “Fife”, about 35"),
        ([("Angus", 33), *AREAS[1:]], "Area: the largest groups are “Angus” and “Fife”, about 35 each"),
        ([(f"Area {n}", 21) for n in range(5)], "Area: the 5 largest groups are about 20 each"),
        ([("Angus", 3), ("(no answer)", 90)], "Area: no answer that people gave can be shown yet"),
    ],
)
def test_the_largest_group_of_a_breakdown_is_named_with_those_that_may_be_as_large(areas, said):
    n = sum(count for _, count in areas)
    pack = safe(figures([("Parent", n)], breakdowns=[Breakdown("Area", "Where?", areas)]))
    assert choice_finding(pack, pack.breakdowns[0]) == said


@pytest.mark.parametrize(
    ("counts", "named"),
    [
        ((900, 400, 200, 100), "Role 0, about 900 (56%); Role 1, about 400 (25%); Role 2, about 200 (13%)"),
        ((900, 400, 200, 201), "Role 0, about 900 (53%); Role 1, about 400 (24%)"),
        ((900, 899, 901, 902), None),
    ],
)
def test_the_largest_groups_leave_out_none_that_may_be_as_large(counts, named):
    pack = safe(figures([(f"Role {at}", n) for at, n in enumerate(counts)]))
    said = in_short(pack, ["First", "Second"])
    assert said == (
        ["First.", f"The largest groups: {named}.", "Second."] if named else ["First.", "Second."]
    )


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ((20, 60, 30), "Busiest week: about 60 (55%) signed in the week to 13 September 2026"),
        ((20, 60, 55), "One of the busiest weeks: about 60 (44%) signed in the week to 13 September 2026"),
    ],
)
def test_a_week_is_called_the_busiest_where_rounding_leaves_no_doubt(weeks, said):
    by_day = [(date(2026, 9, 1 + 7 * at), n) for at, n in enumerate(weeks)]
    pack = safe(figures([("Parent", sum(weeks))], by_day=by_day, as_at=AS_AT))
    assert week_finding(steps_of(pack.growth), pack.total) == said
