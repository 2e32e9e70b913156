"""Small whole things for tests: a test says only what it is about."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from warehouse.transform.stage import Form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SURVEY = "4100"
NAME, EMAIL, ROLE = "11", "12", "13"
PARENT, SCHOOL, OTHER = "21", "22", "29"
NOW = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
KEY = "0123456789abcdef" * 4

FORM = Form(SURVEY, "v1", (("email", EMAIL, None), ("name", NAME, None), ("role", ROLE, None)))


def a_response(response_id: int | str, **changes: Any) -> str:
    """The JSON text of a completed response, as the platform sends it.

    name, email: None leaves the question out. choice: a choice id, or None; other: a text beside or
    instead of it. answers: further questions to their lists of answers. Any other name changes the field.
    """
    name = changes.pop("name", "Ailsa Invented")
    email = changes.pop("email", f"person{response_id}@example.org")
    choice, other = changes.pop("choice", PARENT), changes.pop("other", None)
    questions = {
        NAME: [] if name is None else [{"text": name, "tag_data": []}],
        EMAIL: [] if email is None else [{"text": email, "tag_data": []}],
        ROLE: ([{"choice_id": choice}] if choice else [])
        + ([{"other_id": OTHER, "text": other}] if other else []),
        **changes.pop("answers", {}),
    }
    body = {
        "id": str(response_id),
        "collector_id": "71",
        "survey_id": SURVEY,
        "response_status": "completed",
        "collection_mode": "default",
        "date_created": "2026-03-01T09:00:00+00:00",
        "date_modified": "2026-03-01T09:01:00+00:00",
        "ip_address": "203.0.113.9",
        "pages": [{"id": "61", "questions": [{"id": q, "answers": a} for q, a in questions.items() if a]}],
        **changes,
    }
    return json.dumps(body, ensure_ascii=False)


def as_kept(body: str) -> str:
    """The text as the vault keeps it: without its IP address."""
    address = json.loads(body).get("ip_address")
    return body.replace(f'"{address}"', '""', 1) if address else body


def a_design(texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Arguments for load_design: a form whose role question has the choices *texts* (id to text)."""
    texts = texts or {PARENT: "Parent or carer", SCHOOL: "School or nursery"}
    choices = [
        an_option(option_id, text=text, position=number)
        for number, (option_id, text) in enumerate(texts.items(), 1)
    ]
    return {
        "survey": {
            "survey_id": SURVEY,
            "version": "v1",
            "title": "The Connect Pledge",
            "wording": "We pledge.",
            "body": "{}",
            "created_at": None,
        },
        "questions": [
            a_question(NAME, heading="Name"),
            a_question(EMAIL, heading="Email address", validation="email"),
            a_question(ROLE, heading="You are a", family="single_choice"),
        ],
        "options": [
            *choices,
            an_option(OTHER, kind="other", text="Other (please specify)", is_answer_choice=True),
        ],
        "seen_at": NOW,
        "run_id": "run-1",
    }


def a_question(question_id: str, **changes: Any) -> dict[str, Any]:
    """One row of a design's questions."""
    return {
        "question_id": question_id,
        "page_id": "61",
        "page_position": 1,
        "position": int(question_id),
        "family": "open_ended",
        "subtype": "single",
        "heading": f"Question {question_id}",
        "is_visible": True,
        "is_required": False,
        "validation": None,
        **changes,
    }


def an_option(option_id: str, **changes: Any) -> dict[str, Any]:
    """One row of a design's options."""
    return {
        "question_id": ROLE,
        "option_id": option_id,
        "kind": "choice",
        "text": f"Choice {option_id}",
        "position": 0,
        "is_visible": True,
        "row_type": None,
        "is_answer_choice": False,
        **changes,
    }


def ids_of(bodies: Sequence[str]) -> list[str]:
    """The response ids of bodies made by a_response."""
    return [str(json.loads(body)["id"]) for body in bodies]
