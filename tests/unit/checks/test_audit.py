"""The audit: each measure must be there, not negative and as expected; some stop the night, some are told."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from checks.audit import audit
from checks.audit_rules import AUDIT_RULES
from checks.errors import CheckError


def measures(*rows):
    """Measures that must be equal."""
    frame = pd.DataFrame(rows, columns=["check", "subject", "observed", "expected", "severity"])
    return frame.assign(relation="equal")


def test_an_audit_of_sound_tables_passes_and_shows_what_it_looked_at():
    results = audit(
        measures(
            ("keys-unique", "core.signatories", 0, 0, "stop"),
            ("conservation", "responses", 1_250, 1_250, "stop"),
            ("platform-total", "responses", 1_250, 1_250, "tell"),
        )
    )
    assert [result["ok"] for result in results] == [True, True, True]
    assert results[1] == {
        "check": "conservation",
        "subject": "responses",
        "observed": 1_250,
        "relation": "equal",
        "expected": 1_250,
        "severity": "stop",
        "ok": True,
    }


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (1_249, 1_250),
        (1_251, 1_250),
        (-1, -1),
        (None, 1_250),
        (1_250, None),
        (None, None),
        # One more than a float can tell apart from its neighbour.
        (9_007_199_254_740_993, 9_007_199_254_740_992),
    ],
)
@pytest.mark.parametrize("severity", ["stop", "tell"])
def test_a_measure_that_does_not_hold_is_not_ok_whether_it_stops_the_night_or_not(
    observed, expected, severity
):
    frame = measures(
        ("conservation", "responses", observed, expected, severity), ("days-add-up", "d", 7, 7, "stop")
    )
    frame = frame.astype({"observed": "Int64", "expected": "Int64"})
    assert [
        (result["observed"], result["expected"], result["severity"], result["ok"]) for result in audit(frame)
    ] == [(observed, expected, severity, False), (7, 7, "stop", True)]


def test_whole_numbers_with_nulls_may_come_as_floats():
    results = audit(
        measures(("roles-add-up", "a", 5.0, 5.0, "stop"), ("roles-add-up", "b", None, 3.0, "stop"))
    )
    assert [result["observed"] for result in results] == [5, None]
    assert [result["ok"] for result in results] == [True, False]


def test_results_keep_the_order_given_whatever_the_index():
    frame = measures(*(("keys-unique", f"table {n}", n % 2, 0, "stop") for n in range(500)))
    results = audit(frame.set_index("check", drop=False))
    assert [result["subject"] for result in results] == [f"table {n}" for n in range(500)]
    assert [result["ok"] for result in results] == [True, False] * 250


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (measures(), "no measure to audit"),
        (measures(("keys-unique", "t", 0, 0, "stop")).drop(columns=["expected"]), "lack expected"),
        (measures(("keys-unique", "t", 0, 0, "stop"), ("luck", "t", 0, 0, "stop")), "no check named luck"),
        (measures(("keys-unique", "t", 0, 0, "shrug")), "no severity named shrug"),
        (measures((None, "t", 0, 0, "stop")), "no check named None"),
        (measures(("keys-unique", "t", 0, 0, "stop")).assign(relation="about"), "no relation named about"),
    ],
)
def test_an_audit_of_nothing_or_of_the_unknown_is_an_error(frame, said):
    with pytest.raises(CheckError, match=said):
        audit(frame)


@pytest.mark.parametrize("name", AUDIT_RULES)
def test_a_check_says_why_and_what_to_do_in_whole_sentences(name):
    for text in (AUDIT_RULES[name].reason, AUDIT_RULES[name].next_step):
        assert re.fullmatch(r"[A-Z].{20,}\.", text)


def test_the_checks_known_are_these():
    assert sorted(AUDIT_RULES) == [
        "choices-add-up",
        "conservation",
        "days-add-up",
        "fresh",
        "keys-unique",
        "platform-total",
        "references-whole",
        "roles-add-up",
        "roles-as-platform",
        "total-fell",
    ]
