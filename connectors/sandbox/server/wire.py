"""A response as the platform writes it: the shape of its answers of 2022, as JSON bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import Signatory

# The platform's own older host; real bodies of 2022 still name it here while their links do not.
_HREF = f"https://api.surveymonkey.net/v3/surveys/{pledge.SURVEY_ID}/responses"


def full_body(signatory: Signatory) -> bytes:
    """The response with its answers, as in ``bulk``."""
    return msgspec.json.encode(_facts(signatory) | {"pages": _pages(signatory)})


def reshaped(body: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """*body* after *change* has worked on its JSON in place."""
    response: dict[str, Any] = msgspec.json.decode(body)
    change(response)
    return msgspec.json.encode(response)


def detail_body(signatory: Signatory) -> bytes:
    """The response with its answers, as ``/details`` gives it."""
    page = "0" if signatory.status == "completed" else pledge.SECOND_PAGE_ID
    return msgspec.json.encode(_facts(signatory) | {"current_page_id": page, "pages": _pages(signatory)})


def id_body(response_id: int) -> bytes:
    """One item of a list of ids."""
    return b'{"id":"%d","href":"%s/%d"}' % (response_id, _HREF.encode(), response_id)


def wire_time(moment: datetime) -> str:
    """``2022-03-05T18:05:57+00:00``."""
    return moment.isoformat(timespec="seconds")


def _facts(signatory: Signatory) -> dict[str, Any]:
    response_id = signatory.response_id
    secret = hashlib.blake2b(response_id.encode(), digest_size=24).hexdigest()
    return {
        "id": response_id,
        "recipient_id": "",
        "collection_mode": signatory.mode,
        "response_status": signatory.status,
        "custom_value": "",
        "first_name": "",
        "last_name": "",
        "email_address": "",
        "ip_address": signatory.ip,
        "logic_path": {},
        "metadata": {"contact": {}},
        "page_path": [],
        "collector_id": signatory.collector_id,
        "survey_id": pledge.SURVEY_ID,
        "custom_variables": {},
        "edit_url": f"{pledge.SITE}/r/?sm={secret}_2BOf",
        "analyze_url": f"{pledge.SITE}/analyze/browse/sandbox_{pledge.SURVEY_ID}?respondent_id={response_id}",
        "total_time": signatory.total_time,
        "date_modified": wire_time(signatory.modified_at),
        "date_created": wire_time(signatory.created_at),
        "href": f"{_HREF}/{response_id}",
    }


def _pages(signatory: Signatory) -> list[dict[str, Any]]:
    typed = ((pledge.NAME_ID, signatory.name), (pledge.EMAIL_ID, signatory.email))
    boxes = [
        {"id": question_id, "answers": [{"tag_data": [], "text": text}]}
        for question_id, text in typed
        if text is not None
    ]
    role = _role_answers(signatory)
    return [
        {"id": pledge.FIRST_PAGE_ID, "questions": boxes},
        {
            "id": pledge.SECOND_PAGE_ID,
            "questions": [{"id": pledge.ROLE_ID, "answers": role}] if role else [],
        },
    ]


def _role_answers(signatory: Signatory) -> list[dict[str, str]]:
    """One answer; both forms only where a test sets both, as real data sometimes holds."""
    answers = []
    if signatory.choice_id is not None:
        answers.append({"choice_id": signatory.choice_id})
    if signatory.other_text is not None:
        answers.append({"other_id": pledge.OTHER_ID, "text": signatory.other_text})
    return answers
