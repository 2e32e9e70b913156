"""Responses as the platform writes them, the shape of its answers of 2022, and its counts of them."""

import hashlib
from collections import Counter
from typing import Any

import msgspec

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import Signatory

# The platform's own older host; real bodies of 2022 still name it here while their links do not.
_HREF = f"https://api.surveymonkey.net/v3/surveys/{pledge.SURVEY_ID}/responses"


def full_body(signatory: Signatory) -> bytes:
    """The response with its answers, as in ``bulk``."""
    return msgspec.json.encode(_facts(signatory) | {"pages": _pages(signatory)})


def detail_body(signatory: Signatory) -> bytes:
    """The response with its answers, as ``/details`` gives it."""
    page = "0" if signatory.status == "completed" else pledge.SECOND_PAGE_ID
    return msgspec.json.encode(_facts(signatory) | {"current_page_id": page, "pages": _pages(signatory)})


def id_body(response_id: int) -> bytes:
    """One item of a list of ids."""
    return b'{"id":"%d","href":"%s/%d"}' % (response_id, _HREF.encode(), response_id)


def rollups(design: dict[str, Any], signatories: list[Signatory]) -> list[dict[str, Any]]:
    """The platform's own counts, one item a question that can be answered, of responses of any status."""
    answered = {
        pledge.NAME_ID: sum(one.name is not None for one in signatories),
        pledge.EMAIL_ID: sum(one.email is not None for one in signatories),
        pledge.ROLE_ID: sum(one.choice_id is not None or one.other_text is not None for one in signatories),
        pledge.AREA_ID: sum(one.area_id is not None for one in signatories),
    }
    chosen = Counter(chosen for one in signatories for chosen in (one.choice_id, one.area_id))
    n_others = {pledge.ROLE_ID: sum(one.other_text is not None for one in signatories)}
    return [
        {
            "subtype": question["subtype"],
            "href": f"{question['href']}/rollups",
            "id": question["id"],
            "family": question["family"],
            "summary": [
                _summary(
                    question,
                    len(signatories),
                    answered.get(question["id"], 0),
                    chosen,
                    n_others.get(question["id"], 0),
                )
            ],
        }
        for page in design["pages"]
        for question in page["questions"]
        if question["family"] != "presentation"
    ]


def _summary(
    question: dict[str, Any], total: int, answered: int, chosen: Counter[str | None], n_others: int
) -> dict[str, Any]:
    counts: dict[str, Any] = {"answered": answered, "skipped": total - answered}
    choices = question.get("answers", {}).get("choices")
    if not isinstance(choices, list):  # a family that nobody knows
        return counts | {"other_answered": 0, "text": answered}
    of_each = [{"count": chosen[choice["id"]], "id": choice["id"]} for choice in choices]
    return counts | {"other_answered": n_others, "choices": of_each}


def _facts(signatory: Signatory) -> dict[str, Any]:
    response_id = signatory.response_id
    secret = hashlib.blake2b(response_id.encode(), digest_size=24).hexdigest()
    return pledge.RESPONSE | {
        "id": response_id,
        "collection_mode": signatory.mode,
        "response_status": signatory.status,
        "ip_address": signatory.ip,
        "collector_id": signatory.collector_id,
        "edit_url": f"{pledge.SITE}/r/?sm={secret}_2BOf",
        "analyze_url": f"{pledge.SITE}/analyze/browse/sandbox_{pledge.SURVEY_ID}?respondent_id={response_id}",
        "total_time": signatory.total_time,
        "date_modified": signatory.modified_at.isoformat(timespec="seconds"),
        "date_created": signatory.created_at.isoformat(timespec="seconds"),
        "href": f"{_HREF}/{response_id}",
    }


def _pages(signatory: Signatory) -> list[dict[str, Any]]:
    typed = ((pledge.NAME_ID, signatory.name), (pledge.EMAIL_ID, signatory.email))
    boxes = [
        {"id": question_id, "answers": [{"tag_data": [], "text": text}]}
        for question_id, text in typed
        if text is not None
    ]
    area = [] if signatory.area_id is None else [{"choice_id": signatory.area_id}]
    chosen = ((pledge.ROLE_ID, _role_answers(signatory)), (pledge.AREA_ID, area))
    return [
        {"id": pledge.FIRST_PAGE_ID, "questions": boxes},
        {
            "id": pledge.SECOND_PAGE_ID,
            "questions": [{"id": question_id, "answers": given} for question_id, given in chosen if given],
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
