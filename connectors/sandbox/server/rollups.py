"""The platform's own counts per question, as it tells them in ``/rollups``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from connectors.sandbox.world import pledge

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        "stats": _stats([choice["count"] for choice in choices]),
        "other_answered": others,
        "choices": choices,
    }


def _stats(counts: list[int]) -> dict[str, float]:
    """Of the choices' positions, weighted by how often each was chosen; zeros where none was."""
    weighted = [(position, count) for position, count in enumerate(counts, start=1) if count]
    n = sum(count for _, count in weighted)
    if not n:
        return {"std": 0, "max": 0, "min": 0, "median": 0, "mean": 0}
    mean = sum(position * count for position, count in weighted) / n
    variance = sum(count * (position - mean) ** 2 for position, count in weighted) / n
    return {
        "std": round(variance**0.5, 2),
        "max": weighted[-1][0],
        "min": weighted[0][0],
        "median": _median(weighted, n),
        "mean": round(mean, 2),
    }


def _median(weighted: list[tuple[int, int]], n: int) -> float:
    before, below = 0, None
    for position, count in weighted:
        before += count
        if below is None and before >= n / 2:
            below = position
        if below is not None and before > n / 2:
            return (below + position) / 2
    return 0.0
