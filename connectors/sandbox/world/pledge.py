"""The invented pledge as the platform describes it: design, collectors, account.

The shapes are those of the platform's own answers; the wording and all ids are invented.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

API = "https://api.surveymonkey.com/v3"
SITE = "https://www.surveymonkey.com"

SURVEY_ID = "518204417"
DRAFT_ID = "518199360"
FIRST_PAGE_ID = "142605311"
SECOND_PAGE_ID = "142605312"
PLEDGE_TEXT_ID = "861745501"
NAME_ID = "861745502"
EMAIL_ID = "861745503"
INTERLUDE_ID = "861745504"
ROLE_ID = "861745505"
OTHER_ID = "6012873320"
WEB_COLLECTOR_ID = "430918276"
PAPER_COLLECTOR_ID = "430918295"
PUBLIC_CODE = "CPLEDG1"

ROLES = {
    "6012873301": "Parent or carer",
    "6012873302": "Parent group (e.g. Parent Council)",
    "6012873303": "School or nursery",
    "6012873304": "Local authority",
    "6012873305": "Politician",
    "6012873306": "Policy-maker",
    "6012873307": "Health or social care partner",
    "6012873308": "Community or voluntary organisation",
    "6012873309": "Member of the public",
}
"""Choice ids and texts of the question "You are a …" that people see, in their order."""

HIDDEN_ROLE_ID = "6012873310"
HIDDEN_ROLE = "Early years practitioner"
"""Switched off in the editor (``visible`` false); old responses still point at it."""

GONE_ROLE_ID = "6012873299"
"""In old responses, in no design: a choice of before the form was rebuilt."""

_PLEDGE_TEXT = (
    "<p>Children do better when home and school pull together.</p><p>By signing I pledge to:</p><ul>"
    "<li>listen to families and to the children themselves</li>"
    "<li>share what I know in words that everybody understands</li>"
    "<li>make room for every family, whatever its language or hours</li>"
    "<li>say thank you, and mean it</li></ul>"
)
_EMAIL_HEADING = (
    "<strong>Email address</strong>&nbsp;[we keep it in a safe place, use it only to count each person once, "
    "and share it with <em>nobody</em>]"
)


def survey_design(created: datetime) -> dict[str, Any]:
    """The answer of ``/surveys/{id}/details``, without ``response_count``; a fresh copy each time."""
    pages = [
        _page(
            FIRST_PAGE_ID,
            1,
            "Sign the Connect Pledge",
            _presentation(PLEDGE_TEXT_ID, _PLEDGE_TEXT),
            _text_box(NAME_ID, "Name", validation=None),
            _text_box(EMAIL_ID, _EMAIL_HEADING, validation="email"),
            _presentation(
                INTERLUDE_ID, "<p>Thank you. One short question on the next page, then you are done.</p>"
            ),
        ),
        _page(SECOND_PAGE_ID, 2, "About you", _role_question()),
    ]
    return _survey(SURVEY_ID, "The Connect Pledge", "Pledge", created, pages)


def draft_design(created: datetime) -> dict[str, Any]:
    """A second survey of the account, empty and never sent out, so that a title must be looked for."""
    pages = [_page("142604990", 1, "")]
    return _survey(DRAFT_ID, "The Connect Pledge (old draft)", "", created, pages)


def collectors() -> list[dict[str, Any]]:
    """A web link and one for sheets typed in by staff."""
    return [
        {
            "id": collector_id,
            "name": name,
            "url": f"{SITE}/r/{code}",
            "href": f"{API}/collectors/{collector_id}",
        }
        for collector_id, name, code in (
            (WEB_COLLECTOR_ID, "Web Link 1", PUBLIC_CODE),
            (PAPER_COLLECTOR_ID, "Paper sheets", "CPLEDG2"),
        )
    ]


def account() -> dict[str, Any]:
    """The answer of ``/users/me``, without ``scopes``."""
    return {
        "id": "93185520",
        "username": "connect_sandbox",
        "first_name": "",
        "last_name": "",
        "account_type": "team_advantage",
        "language": "en",
        "email": "pledge@example.org",
        "email_verified": True,
        "href": f"{API}/users/me",
        "date_last_login": "2026-03-02T08:14:09.271000+00:00",
        "date_created": "2019-05-21T10:03:00+00:00",
    }


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


def _survey(
    survey_id: str, title: str, nickname: str, created: datetime, pages: list[dict[str, Any]]
) -> dict[str, Any]:
    for page in pages:
        page["href"] = f"{API}/surveys/{survey_id}/pages/{page['id']}"
        for question in page["questions"]:
            question["href"] = f"{page['href']}/questions/{question['id']}"
    return {
        "title": title,
        "nickname": nickname,
        "language": "en",
        "folder_id": "0",
        "category": "",
        "question_count": sum(page["question_count"] for page in pages),
        "page_count": len(pages),
        "date_created": to_the_minute(created),
        "date_modified": to_the_minute(created),
        "id": survey_id,
        "buttons_text": {
            "next_button": "Next",
            "prev_button": "Prev",
            "done_button": "Done",
            "exit_button": "",
        },
        "is_owner": True,
        "footer": True,
        "theme_id": "4510354",
        "template_id": None,
        "custom_variables": {},
        "href": f"{API}/surveys/{survey_id}",
        "analyze_url": f"{SITE}/analyze/sandbox_{survey_id}",
        "edit_url": f"{SITE}/create/?sm=sandbox_{survey_id}",
        "collect_url": f"{SITE}/collect/list?sm=sandbox_{survey_id}",
        "summary_url": f"{SITE}/summary/sandbox_{survey_id}",
        "preview": f"{SITE}/r/Preview/?sm=sandbox_{survey_id}",
        "pages": pages,
    }


def _page(page_id: str, position: int, title: str, *questions: dict[str, Any]) -> dict[str, Any]:
    for number, question in enumerate(questions, start=1):
        question["position"] = number
    return {
        "title": title,
        "description": "",
        "position": position,
        "question_count": len(questions),
        "id": page_id,
        "questions": list(questions),
    }


def _question(question_id: str, family: str, subtype: str, heading: str, **more: Any) -> dict[str, Any]:
    return {
        "id": question_id,
        "position": 0,
        "visible": True,
        "family": family,
        "subtype": subtype,
        "layout": None,
        "sorting": None,
        "required": None,
        "validation": None,
        "forced_ranking": False,
        "headings": [{"heading": heading}],
    } | more


def _presentation(question_id: str, text: str) -> dict[str, Any]:
    return _question(question_id, "presentation", "descriptive_text", text)


def _text_box(question_id: str, heading: str, *, validation: str | None) -> dict[str, Any]:
    """A required one-line box; the platform gives it no ``answers``."""
    rule = {
        "type": validation,
        "text": "Please enter a valid email address.",
        "min": None,
        "max": None,
        "sum": None,
        "sum_text": "",
    }
    return _question(
        question_id,
        "open_ended",
        "single",
        heading,
        required={"text": "This question requires an answer.", "type": "all", "amount": "0"},
        validation=rule if validation else None,
        display_options={"display_type": "", "display_subtype": ""},
    )


def _role_question() -> dict[str, Any]:
    choices = [
        _choice(choice_id, text, position, visible=True)
        for position, (choice_id, text) in enumerate(ROLES.items(), start=1)
    ]
    choices.append(_choice(HIDDEN_ROLE_ID, HIDDEN_ROLE, len(choices) + 1, visible=False))
    other = {
        "id": OTHER_ID,
        "text": "Other (please specify)",
        "visible": True,
        "position": 0,
        "is_answer_choice": True,
        "apply_all_rows": False,
        "num_chars": 100,
        "num_lines": 1,
        "error_text": "",
    }
    return _question(
        ROLE_ID, "single_choice", "vertical", "You are a …", answers={"choices": choices, "other": other}
    )


def _choice(choice_id: str, text: str, position: int, *, visible: bool) -> dict[str, Any]:
    return {
        "position": position,
        "visible": visible,
        "text": text,
        "quiz_options": {"score": 0},
        "id": choice_id,
    }
