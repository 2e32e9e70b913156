"""Which answers are asked for again, and how long is waited before."""

from __future__ import annotations

import pytest

from connectors.surveymonkey.transport.retry import WAITS, is_retried, seconds_asked, wait_before_next


@pytest.mark.parametrize(
    ("status", "error_id", "retried"),
    [
        (429, "1040", True),
        (429, None, True),
        (500, "1050", True),
        (503, "1051", True),
        (502, "1054", True),
        (504, "1055", True),
        (502, None, True),
        (404, "1051", True),
        (400, "1003", False),
        (401, "1013", False),
        (403, None, False),
        (404, "1020", False),
        (500, "revoked", False),
    ],
)
def test_only_faults_that_may_pass_are_asked_for_again(status, error_id, retried):
    assert is_retried(status, error_id) is retried


def test_the_waits_grow_and_the_fifth_attempt_is_the_last():
    assert [wait_before_next(WAITS, attempt, 0, 0) for attempt in range(1, 6)] == [1, 4, 15, 30, None]


def test_the_wait_that_the_platform_asks_for_is_honoured_within_limits():
    assert wait_before_next(WAITS, 1, 0, 20) == 20
    assert wait_before_next(WAITS, 1, 0, 86_400) == 65
    assert wait_before_next(WAITS, 3, 0, 2) == 15


def test_no_attempt_begins_after_the_total():
    assert wait_before_next(WAITS, 1, 299, 0) == 1
    assert wait_before_next(WAITS, 1, 299.5, 0) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": " 17 "}, 17),
        ({"Retry-After": "Tue, 24 Nov 2026 02:15:30 GMT", "Date": "Tue, 24 Nov 2026 02:15:00 GMT"}, 30),
        ({"Retry-After": "Tue, 24 Nov 2026 02:14:30 GMT", "Date": "Tue, 24 Nov 2026 02:15:00 GMT"}, 0),
        ({"Retry-After": "Tue, 24 Nov 2026 02:15:30 GMT"}, 0),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "later"}, 0),
        ({}, 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(headers, seconds):
    assert seconds_asked(headers) == seconds
