"""The row checks: complete for any number of failures, blind to values, silent, and bounded in memory."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from checks.errors import CheckError
from checks.expectations import POSITIONS_ONLY, Expectation, Suite, failing_positions
from checks.row_checks import check_rows
from checks.row_rules import INSTANTS, ROW_RULES

ROOT = Path(__file__).parents[2]


def candidates(n, **changes):
    """Good responses; a change is one value for all of them, or a list."""
    instant = pd.Timestamp("2026-11-01T09:00", tz="UTC")
    good = {
        "response_id": [str(number) for number in range(n)],
        "survey_id": "318754279",
        "expected_survey_id": "318754279",
        "created_at": instant,
        "modified_at": instant,
        "believable_until": instant + pd.Timedelta(days=1),
        "survey_created_at": instant,
        "id_state": "given",
        "status_state": "completed",
        "mode_state": "known",
        "email_problem": None,
        "name_state": "given",
        "role_state": "known",
        "questions_state": "known",
        "choices_state": "known",
    }
    return pd.DataFrame(good | changes, index=range(n))


def test_all_of_10_000_failures_are_held_back_and_nothing_else():
    problems = [("missing", "invalid", None)[n % 6 // 2] if n % 6 != 5 else "missing" for n in range(12_000)]
    outcome = check_rows([candidates(12_000, email_problem=problems)])
    bad = {str(n) for n, problem in enumerate(problems) if problem}
    assert len(bad) == 10_000
    assert len(outcome.held) == 10_000
    assert {response_id for response_id, *_ in outcome.held} == bad
    failed = {result["rule"]: result["n_failed"] for result in outcome.results if result["n_failed"]}
    assert failed == {"email-missing": 6_000, "email-invalid": 4_000}


def test_one_response_that_fails_everything_is_held_back_once():
    frame = candidates(3, survey_id="9", email_problem="missing", name_state="blank")
    frame["modified_at"] = pd.to_datetime([None] * 3, utc=True)
    assert [response_id for response_id, *_ in check_rows([frame]).held] == ["0", "1", "2"]


def test_results_have_one_line_a_rule_with_counts_only():
    outcome = check_rows(
        [candidates(3, name_state=["blank", "given", "blank"], email_problem=["missing", None, None])]
    )
    lines = {result["rule"]: result for result in outcome.results}
    assert list(lines) == [rule.name for rule in ROW_RULES]
    # The first response fails it too, but is held back: it isn't warned of as one that counts.
    assert lines["name-blank"] == {"rule": "name-blank", "severity": "warn", "n_checked": 3, "n_failed": 2}
    assert outcome.warned == {"name-blank": 1}


def test_ids_are_found_whatever_the_index_of_the_frame():
    frame = candidates(4, email_problem=[None, "invalid", None, None])
    for other in (
        frame.set_index(pd.Index([7, 7, 7, 7])),
        frame.iloc[::-1],
        frame.set_index("role_state", drop=False),
    ):
        assert [response_id for response_id, *_ in check_rows([other]).held] == ["1"]


def test_an_empty_chunk_is_checked_and_holds_nothing_back():
    outcome = check_rows([candidates(2).iloc[:0]])
    assert (outcome.held, outcome.warned, outcome.n_checked) == ([], {}, 0)


def test_chunks_add_up_to_the_whole():
    frame = candidates(
        90,
        email_problem=[None, "missing", "invalid"] * 30,
        name_state=["given", "blank", "blank", "blank", "given"] * 18,
    )
    assert check_rows(frame.iloc[start : start + 40] for start in (0, 40, 80)) == check_rows([frame])


def test_the_outcome_of_no_chunk_is_an_error():
    with pytest.raises(CheckError, match="No chunk"):
        check_rows([])


def test_the_frame_checked_is_left_as_it_was():
    frame = candidates(3, email_problem=["missing", None, None])
    before = frame.copy(deep=True)
    check_rows([frame])
    pd.testing.assert_frame_equal(frame, before)


def test_the_chunk_before_is_let_go():
    check_rows(candidates(n) for n in (4_321, 2))
    gc.collect()
    assert not [
        thing for thing in gc.get_objects() if isinstance(thing, pd.DataFrame) and len(thing) == 4_321
    ]


def test_own_rules_can_be_given():
    only_names = [rule for rule in ROW_RULES if rule.name == "name-blank"]
    outcome = check_rows([candidates(2, email_problem="missing", name_state="blank")], only_names)
    assert (outcome.held, outcome.warned) == ([], {"name-blank": 2})


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (candidates(2).drop(columns=["role_state", "survey_id"]), "lack survey_id, role_state"),
        (candidates(3, response_id=["1", "1", None]), "1 have no id"),
        (candidates(3, response_id=["1", "1", "2"]), "1 an id seen before"),
        (candidates(2, modified_at="2026-11-01T09:00"), "modified_at .* time zone"),
        (candidates(2, created_at=pd.Timestamp("2026-11-01T09:00")), "created_at .* time zone"),
        (candidates(2, email_problem=["odd", None]), "email_problem of 1 response"),
        (candidates(2, name_state=None), "name_state of 2 responses"),
        (candidates(2, role_state=["ada@example.org", "known"]), "role_state of 1 response"),
        (candidates(2, status_state=["partial", "completed"]), "status_state of 1 response"),
        (candidates(2, believable_until=pd.Timestamp("2026-11-01T09:00")), "believable_until .* time zone"),
    ],
)
def test_a_frame_that_no_rule_can_read_is_refused_without_quoting_it(frame, said):
    with pytest.raises(CheckError, match=said) as refused:
        check_rows([frame])
    assert "ada@example.org" not in str(refused.value)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (None, "could not be run"),
        ({}, "could not be run"),
        ({"element_count": 900, "unexpected_count": 300}, "could not be run"),
        # What the library does for SQL and Spark batches: it names the first 200.
        (
            {"element_count": 900, "unexpected_count": 300, "unexpected_index_list": list(range(200))},
            "named 200 of 300 failing ones",
        ),
        (
            {"element_count": 899, "unexpected_count": 1, "unexpected_index_list": [1]},
            "looked at 899 of 900 rows",
        ),
        ({"element_count": 900, "unexpected_count": 2, "unexpected_index_list": [1, 1]}, "named 1 of 2"),
    ],
)
def test_a_result_that_does_not_name_every_failing_row_is_refused(result, said):
    with pytest.raises(CheckError, match=said):
        failing_positions("email-missing", result, 900)


def test_a_check_that_cannot_be_run_is_an_error_that_quotes_nothing(caplog, capfd):
    suite = Suite(
        {
            "too-old": Expectation(
                "ExpectColumnValuesToBeBetween", {"column": "typed", "min_value": 5, "max_value": 9}
            )
        }
    )
    with pytest.raises(CheckError, match="too-old could not be run") as refused:
        suite.failing_rows(pd.DataFrame({"typed": ["ada@example.org", "x"]}))
    out, err = capfd.readouterr()
    assert "ada@example.org" not in f"{refused.value}{refused.value.__cause__}{caplog.text}{out}{err}"


def test_the_library_hands_back_positions_and_no_value():
    """A white-box test: the raw result is looked at, which nothing outside the suite ever sees."""
    suite = Suite({rule.name: rule.expectation for rule in ROW_RULES})
    frame = candidates(300, survey_id="ada@example.org", name_state="blank")
    frame = frame.assign(**{column: frame[column].dt.tz_convert(None) for column in INSTANTS})
    run = suite._frames.get_batch(batch_parameters={"dataframe": frame}).validate(
        suite._suite, result_format=POSITIONS_ONLY
    )
    assert run.results[0].result["unexpected_index_list"] == list(range(300))
    assert "ada@example.org" not in str(run.to_json_dict())


WATCHED_RUN = """
import json, logging, sys, warnings
import pandas as pd
import checks.audit, checks.row_checks

lazy = "great_expectations" not in sys.modules
TOLD = {"os.mkdir", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "tempfile.mkdtemp"}
seen = []

def watch(event, args):
    if event in TOLD or (event == "open" and (set(args[1] or "") & set("wax+") or args[2] & 3)):
        seen.append(event)

sys.addaudithook(watch)
logging.basicConfig(level=logging.DEBUG)
instant = pd.Timestamp("2026-11-01", tz="UTC")
rows = {"response_id": ["1"], "survey_id": "9", "expected_survey_id": "9", "created_at": instant}
rows |= {"modified_at": instant, "believable_until": instant, "survey_created_at": instant}
rows |= {"id_state": "given", "status_state": "completed", "mode_state": "known"}
rows |= {"email_problem": "missing", "name_state": "given", "role_state": "known"}
rows |= {"questions_state": "known", "choices_state": "known"}
held = checks.row_checks.check_rows([pd.DataFrame(rows)]).held
measures = {"check": ["conservation"], "subject": "all", "observed": 1, "relation": "equal", "expected": 1}
measures |= {"severity": "stop"}
checks.audit.audit(pd.DataFrame(measures))
logging.getLogger("great_expectations.validator").critical("a value of the frame")
warnings.warn("still shown")
print(json.dumps({"lazy": lazy, "seen": seen, "held": len(held)}))
"""


def test_a_run_writes_no_file_calls_nobody_and_says_nothing(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED_RUN],
        cwd=home,
        env={"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == {"lazy": True, "seen": [], "held": 1}
    assert list(home.iterdir()) == []
    # Warnings go where they went before, and there is no other line: no progress bar, no log.
    assert len(ran.stderr.splitlines()) == 1
    assert "UserWarning: still shown" in ran.stderr
