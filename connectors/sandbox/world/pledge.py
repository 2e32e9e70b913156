"""The invented pledge as the platform describes it in ``pledge.json``: account, designs, response.

The shapes are those of the platform's own answers; the wording and all ids are invented.
"""

import copy
from datetime import datetime
from importlib.resources import files
from typing import Any

import msgspec

_ANSWERS: dict[str, Any] = msgspec.json.decode(
    (files("connectors") / "sandbox/world/pledge.json").read_bytes()
)
SITE = "https://www.surveymonkey.com"

ACCOUNT = _ANSWERS["account"]
"""The answer of ``/users/me``, without ``scopes``."""

COLLECTORS = _ANSWERS["collectors"]
"""A web link and one for sheets typed in by staff."""

RESPONSE = _ANSWERS["response"]
"""A response without its pages, in the platform's order; null is what each has of its own."""

WEB_COLLECTOR_ID, PAPER_COLLECTOR_ID = (str(collector["id"]) for collector in COLLECTORS)
PUBLIC_CODE = "CPLEDG1"

SURVEY_ID = "518204417"
DRAFT_ID = "518199360"
FIRST_PAGE_ID, SECOND_PAGE_ID = "142605311", "142605312"
NAME_ID, EMAIL_ID, ROLE_ID, AREA_ID = "861745502", "861745503", "861745505", "861745506"
OTHER_ID = "6012873320"

_ROLE, _AREA = (one["answers"]["choices"] for one in _ANSWERS["survey"]["pages"][1]["questions"])
ROLES: dict[str, str] = {choice["id"]: choice["text"] for choice in _ROLE if choice["visible"]}
"""Choice ids and texts of the question "You are a …" that people see, in their order."""

AREAS: dict[str, int] = {choice["id"]: _ANSWERS["thousands_by_area"][choice["text"]] for choice in _AREA}
"""Choice ids of the question "Which council area do you live in?", and about how many thousands live there.

Of those outside Scotland: how many would sign, so to speak.
"""

HIDDEN_ROLE_ID, HIDDEN_ROLE = "6012873310", "Early years practitioner"
"""Switched off in the editor (``visible`` false); old responses still point at it."""

GONE_ROLE_ID = "6012873299"
"""In old responses, in no design: a choice of before the form was rebuilt."""


def survey_design(created: datetime) -> dict[str, Any]:
    """The answer of ``/surveys/{id}/details``, without ``response_count``; a fresh copy each time."""
    return _design("survey", created)


def draft_design(created: datetime) -> dict[str, Any]:
    """A second survey of the account, empty and never sent out, so that a title must be looked for."""
    return _design("draft", created)


def to_the_minute(moment: datetime) -> str:
    """``2022-03-05T17:45:00``: a survey's dates carry no offset, and no seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:00")


def question_in(design: dict[str, Any], question_id: str) -> dict[str, Any]:
    """The question of that id, to be read or changed in place; KeyError where there is none."""
    for page in design["pages"]:
        for question in page["questions"]:
            if question["id"] == question_id:
                found: dict[str, Any] = question
                return found
    raise KeyError(question_id)


def _design(name: str, created: datetime) -> dict[str, Any]:
    date = to_the_minute(created)
    return copy.deepcopy(_ANSWERS[name]) | {"date_created": date, "date_modified": date}
