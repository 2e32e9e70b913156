"""The design that a file shows, told as the platform would tell it."""

from __future__ import annotations

import msgspec

from connectors.survey.contract import Option, Question, SurveyDesign
from connectors.survey.design import parse_design

PAGE = "file"  # the one page of such a design


def design_of(survey_id: str, title: str, questions: list[Question]) -> SurveyDesign:
    """As the platform would tell it, so that it is kept and read back like any other."""
    told = {
        "id": survey_id,
        "title": title,
        "pages": [{"id": PAGE, "position": 1, "questions": [_told(question) for question in questions]}],
    }
    return parse_design(msgspec.json.encode(told).decode())


def _told(question: Question) -> dict[str, object]:
    kinds = {"choice": "choices", "row": "rows", "col": "cols"}
    answers: dict[str, object] = {
        key: [_option_told(one) for one in question.options if one.kind == kind]
        for kind, key in kinds.items()
    }
    others = [_option_told(one) for one in question.options if one.kind == "other"]
    return {
        "id": question.question_id,
        "position": question.position,
        "family": question.family,
        "subtype": question.subtype,
        "headings": [{"heading": question.heading}],
        "validation": {"type": question.validation} if question.validation else None,
        "answers": answers | ({"other": others[0]} if others else {}),
    }


def _option_told(option: Option) -> dict[str, object]:
    return {
        "id": option.option_id,
        "text": option.text,
        "position": option.position,
        "type": option.row_type,
        "is_answer_choice": option.is_answer_choice,
    }
