"""The platform's own counts per question, as it tells them in ``/rollups``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import Signatory


def rollups(design: dict[str, Any], signatories: Iterable[Signatory]) -> list[dict[str, Any]]:
    """One item a question that can be answered; every response given counts, whatever its status."""
    given = list(signatories)
    answered = {
        pledge.NAME_ID: sum(one.name is not None for one in given),
        pledge.EMAIL_ID: sum(one.email is not None for one in given),
        pledge.ROLE_ID: sum(one.choice_id is not None or one.other_text is not None for one in given),
    }
    chosen = Counter(one.choice_id for one in given)
    others = sum(one.other_text is not None for one in given)
    return [
        {
            "subtype": question["subtype"],
            "href": f"{question['href']}/rollups",
            "id": question["id"],
            "family": question["family"],
            "summary": [_summary(question, len(given), answered.get(question["id"], 0), chosen, others)],
        }
        for page in design["pages"]
        for question in page["questions"]
        if question["family"] != "presentation"
    ]


def _summary(
    question: dict[str, Any], total: int, answered: int, chosen: Counter[str | None], others: int
) -> dict[str, Any]:
    counts: dict[str, Any] = {"answered": answered, "skipped": total - answered}
    if not isinstance(question.get("answers", {}).get("choices"), list):  # a family that nobody knows
        return counts | {"other_answered": 0, "text": answered}
    choices = [
        {"count": chosen[choice["id"]], "id": choice["id"]} for choice in question["answers"]["choices"]
    ]
    return counts | {
        "other_answered": others,
        "choices": choices,
    }
