"""Since when the form says what people sign: by the platform's own date, or not told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from connectors.survey.design import parse_design
from flows.reporting.figures import figures_on
from flows.settings.model import ReportSettings
from flows.steps.form import design_rows, pledge_texts
from reports.errors import PackSettingError
from tests.builders import NOW
from tests.forms import a_question
from tests.vaults import a_vault, drawn, held_by_a_plain_rule
from warehouse.ingest import designs
from warehouse.releases.figures_history import figures_in_place, release_before
from warehouse.releases.publish import is_new_content

SURVEY = "77"
MADE = "2026-01-01T09:00:00"


@pytest.fixture
def vault(tmp_path):
    """A vault in which nobody has signed yet."""
    with a_vault(tmp_path, check=held_by_a_plain_rule) as opened:
        opened.form = replace(opened.form, survey_id=SURVEY, fields=())
        yield opened


def comes(vault, text, *, changed=None, made=MADE, role="Parent", page="1"):
    """The form as the platform gives it on the next night."""
    vault.nights += 1
    survey = {
        "id": SURVEY,
        "title": "The Pledge",
        "date_created": made,
        "date_modified": changed,
        "pages": [
            {
                "id": page,
                "description": text or "",
                "questions": [
                    a_question("13", "single_choice", "You are", answers={"choices": [{"text": role}]})
                ],
            }
        ],
    }
    design = parse_design(json.dumps(survey))
    seen_at = NOW + timedelta(days=vault.nights)
    designs.load_design(vault.connection, **design_rows(design), seen_at=seen_at, run_id=vault.run_id)
    texts = tuple(pledge_texts(vault.connection, SURVEY))
    vault.form = replace(vault.form, version=design.version, pledge_texts=texts)


def told(vault, home, **settings):
    """What a pack says was signed, and since when."""
    vault.publish(home / "published", f"run-{vault.nights:03}")
    found = figures_on(ReportSettings(home, **settings), None)
    return found.wording, found.wording_since


@pytest.mark.parametrize(
    ("nights", "since"),
    [
        ("""
            text     | changed
            I listen | 2026-02-01T10:00:00
         """, date(2026, 2, 1)),
        # A London day, whatever offset it is told with.
        ("text | changed\nI listen | 2026-06-30T23:30:00", date(2026, 7, 1)),
        ("text | changed\nI listen | 2026-07-01T00:30:00+02:00", date(2026, 6, 30)),
        # The first night is later than the change: the platform's day counts; and before any made-up one.
        ("""
            text     | changed             | role
            I listen | 2026-02-01T10:00:00 | Parent
            I listen | 2026-03-01T10:00:00 | Carer
            I listen | 2026-04-01T10:00:00 | Anybody
         """, date(2026, 2, 1)),
        # Other words; then the same with other roles.
        ("""
            text     | changed             | role
            I listen | 2026-02-01T10:00:00 | Parent
            I act    | 2026-03-01T10:00:00 | Parent
            I act    | 2026-04-01T10:00:00 | Carer
         """, date(2026, 3, 1)),
        # An earlier form comes back: when, its design doesn't tell.
        ("""
            text     | changed
            I listen | 2026-02-01T10:00:00
            I act    | 2026-03-01T10:00:00
            I listen | 2026-04-01T10:00:00
         """, None),
        # Earlier words come back on a form with other roles, which is new.
        ("""
            text     | changed             | role
            I listen | 2026-02-01T10:00:00 | Parent
            I act    | 2026-03-01T10:00:00 | Parent
            I listen | 2026-04-01T10:00:00 | Carer
         """, date(2026, 4, 1)),
        # An earlier form comes back, its words had never gone.
        ("""
            text     | changed             | role
            I listen | 2026-02-01T10:00:00 | Parent
            I listen | 2026-03-01T10:00:00 | Carer
            I listen | 2026-04-01T10:00:00 | Parent
         """, date(2026, 2, 1)),
        # Not told, or no day.
        ("text | changed | made\nI listen | - | 2026-01-05T10:00:00", date(2026, 1, 5)),
        ("text | changed | made\nI listen | - | -", None),
        ("text | changed | made\nI listen | soon | -", None),
        ("""
            text     | changed             | role
            I listen | -                   | Parent
            I listen | 2026-03-01T10:00:00 | Carer
         """, None),
        ("""
            text     | changed             | role
            I listen | 2026-02-01T10:00:00 | Parent
            I act    | -                   | Parent
         """, None),
        # A form of files, before the platform's own.
        ("text | changed | page\nI listen | - | file", None),
        ("""
            text     | changed             | page
            I listen | -                   | file
            I listen | 2026-03-01T10:00:00 | 1
         """, date(2026, 3, 1)),
        # No words, no day.
        ("text | changed\n- | 2026-02-01T10:00:00", None),
    ],
)  # fmt: skip
def test_since_when_the_form_says_so(vault, tmp_path, nights, since):
    rows = drawn(nights)
    for row in rows:
        comes(vault, **row)
    is_of_a_file = rows[-1].get("page") == "file"
    assert told(vault, tmp_path) == ("" if is_of_a_file else rows[-1]["text"] or "", since)


def test_each_version_keeps_its_text_and_its_day(vault, tmp_path):
    comes(vault, "<ul><li>I listen</li></ul>", changed="2026-02-01T10:00:00")
    comes(vault, "I act", changed="2026-03-01T10:00:00")
    comes(vault, "", changed="2026-04-01T10:00:00")
    path = vault.publish(tmp_path / "published", "run-003")
    with duckdb.connect(str(path), read_only=True) as opened:
        opened.execute("set TimeZone = 'UTC'")
        found = opened.execute(
            "select pledge_version, pledge_text, worded_since::varchar, is_current from pledge_versions"
        ).fetchall()
    assert found == [
        (1, "- I listen", "2026-02-01 10:00:00+00", False),
        (2, "I act", "2026-03-01 10:00:00+00", False),
        (3, None, None, True),
    ]


def test_the_house_s_own_text_goes_before_the_form_s_and_tells_no_day(vault, tmp_path):
    comes(vault, "I listen", changed="2026-02-01T10:00:00")
    assert told(vault, tmp_path, pledge_text="I **listen**.\n\n* And act.") == ("I listen.\n- And act.", None)
    with pytest.raises(PackSettingError, match=r"absent\.md can't be read"):
        told(vault, tmp_path, pledge_text="absent.md")


def test_nothing_is_published_again_for_a_text_that_stays(vault, tmp_path):
    comes(vault, "I listen", changed="2026-02-01T10:00:00")
    path = vault.publish(tmp_path / "published", "run-001")
    comes(vault, "I listen", changed="2026-05-01T10:00:00")
    assert not is_new_content(vault.connection, vault.form, path)
    assert figures_in_place(path).wording_since == datetime(2026, 2, 1, 10, tzinfo=UTC)


def test_an_earlier_pipeline_s_day_of_first_sight_is_not_told(vault, tmp_path):
    comes(vault, "I listen", changed="2026-02-01T10:00:00")
    vault.publish(tmp_path / "published", "run-001")
    later = NOW + timedelta(seconds=1)
    assert release_before(vault.connection, later).wording_since == datetime(2026, 2, 1, 10, tzinfo=UTC)
    vault.connection.execute(
        "update releases.figures set wording = 'The Pledge', wording_since = ?", [NOW + timedelta(days=1)]
    )
    found = release_before(vault.connection, later)
    assert (found.wording, found.wording_since) == ("The Pledge", None)


def test_of_a_file_from_before_neither_is_known(vault, tmp_path):
    comes(vault, "I listen", changed="2026-02-01T10:00:00")
    path = vault.publish(tmp_path / "published", "run-001")
    path.chmod(0o644)
    with duckdb.connect(str(path)) as opened:
        opened.execute("alter table pledge_versions drop pledge_text")
        opened.execute("alter table pledge_versions drop worded_since")
        opened.execute("update about set schema_version = 2")
    found = figures_in_place(path)
    assert (found.wording, found.wording_since) == (None, None)
