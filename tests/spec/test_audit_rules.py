"""What the audit stops a night for, and what it only tells: warehouses and measures in, verdicts out."""

from __future__ import annotations

import pandas as pd
import pytest

from checks.audit import audit
from tests.builders import OTHER, PARENT, SCHOOL
from tests.vaults import a_vault, drawn, held_by_a_plain_rule
from warehouse.queries import figures
from warehouse.queries.figures import Bounds

COLUMNS = ["check", "subject", "observed", "relation", "expected", "severity"]

# A measure, and whether it holds.
MEASURES = """
    relation | observed | expected | holds
    equal    | 5        | 5        | yes
    equal    | 5        | 6        | no
    equal    | 6        | 5        | no
    at most  | 5        | 5        | yes
    at most  | 4        | 5        | yes
    at most  | 6        | 5        | no
    at least | 5        | 5        | yes
    at least | 6        | 5        | yes
    at least | 4        | 5        | no
    at least | 0        | -5       | yes
    at least | -1       | -5       | no
    at most  | -1       | 5        | no
    equal    | -         | 5       | no
    at most  | -         | 5       | no
    at least | 5         | -       | no
    at least | 9007199254740993 | 9007199254740993 | yes
    at most  | 9007199254740993 | 9007199254740992 | no
"""


def measured(rows):
    """The frame that the audit takes."""
    frame = pd.DataFrame(
        [
            {
                "check": "conservation",
                "subject": f"measure {n}",
                "observed": row["observed"] and int(row["observed"]),
                "relation": row["relation"],
                "expected": row["expected"] and int(row["expected"]),
                "severity": "stop",
            }
            for n, row in enumerate(rows)
        ],
        columns=COLUMNS,
        dtype="object",
    )
    return frame.astype({"observed": "Int64", "expected": "Int64"})


def test_a_measure_is_held_against_what_is_expected_of_it():
    rows = drawn(MEASURES)
    results = audit(measured(rows))
    assert [result["ok"] for result in results] == [row["holds"] == "yes" for row in rows]
    assert [result["relation"] for result in results] == [row["relation"] for row in rows]


@pytest.mark.parametrize("row", drawn(MEASURES), ids=lambda row: f"{row['observed']} {row['relation']}")
def test_each_alone_comes_out_as_among_the_others(row):
    (result,) = audit(measured([row]))
    assert result["ok"] is (row["holds"] == "yes")


@pytest.fixture
def vault(tmp_path):
    """Three people who count: two parents and one in her own words, and responses that don't."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        opened.night("""
            id | email   | choice | other       | status
            1  | a@b.org | 21     | -           | completed
            2  | A@b.org | 21     | -           | completed
            3  | c@b.org | 21     | -           | completed
            4  | d@b.org | -      | Grandparent | completed
            5  | -       | 22     | -           | completed
            6  | e@b.org | 22     | -           | partial
        """)
        yield opened


def of_check(vault, name, **given):
    """What the audit says of one check: observed, relation, expected, severity, whether it holds."""
    bounds = Bounds(**{key: value for key, value in given.items() if key != "rollups"})
    frame = figures.measures(
        vault.connection, vault.form.survey_id, None, rollups=given.get("rollups"), bounds=bounds
    )
    found = [result for result in audit(frame) if result["check"] == name]
    return [
        tuple(result[key] for key in ("subject", "observed", "relation", "expected", "severity", "ok"))
        for result in found
    ]


@pytest.mark.parametrize(
    ("least", "is_accepted", "severity", "ok"),
    [
        (3, False, "stop", True),
        (2, False, "stop", True),
        (4, False, "stop", False),
        (4, True, "tell", False),
        (-7, False, "stop", True),
    ],
)
def test_fewer_signatories_than_allowed_stop_the_night_unless_a_reason_was_given(
    vault, least, is_accepted, severity, ok
):
    assert of_check(vault, "total-fell", least_total=least, is_fall_accepted=is_accepted) == [
        ("signatories now", 3, "at least", least, severity, ok)
    ]


@pytest.mark.parametrize(("hours", "ok"), [(0, True), (36, True), (37, False)])
def test_figures_that_are_older_than_allowed_are_told(vault, hours, ok):
    assert of_check(vault, "fresh", hours_since_fresh=hours, stale_after_hours=36) == [
        ("hours since the last whole reading", hours, "at most", 36, "tell", ok)
    ]


def test_what_nothing_is_known_of_is_not_checked(vault):
    for name in ("total-fell", "fresh", "roles-as-platform", "platform-total"):
        assert of_check(vault, name) == []


def test_each_choice_is_counted_as_the_platform_counts_it(vault):
    rollups = {PARENT: 3, SCHOOL: 2, OTHER: 1, "77": 0}
    assert sorted(of_check(vault, "roles-as-platform", rollups=rollups)) == [
        ("choice 21", 3, "equal", 3, "tell", True),
        ("choice 22", 2, "equal", 2, "tell", True),
        ("choice 29", 1, "equal", 1, "tell", True),
        ("choice 77", 0, "equal", 0, "tell", True),
    ]


def test_what_is_withdrawn_or_came_from_a_file_alone_is_not_among_the_platform_s(vault):
    vault.receive(
        ['{"id": "9", "pages": [{"questions": [{"id": "13", "answers": [{"choice_id": "21"}]}]}]}'],
        source="file",
    )
    vault.withdraw("3")
    vault.decide()
    (found,) = of_check(vault, "roles-as-platform", rollups={PARENT: 3})
    assert found == ("choice 21", 2, "equal", 3, "tell", False)


def test_of_an_edited_response_the_newest_version_counts(vault):
    vault.night("""
        id | email   | choice | modified
        3  | c@b.org | 22     | 2026-05-01T09:00:00+00:00
    """)
    found = of_check(vault, "roles-as-platform", rollups={PARENT: 2, SCHOOL: 3})
    assert [result[-1] for result in found] == [True, True]
