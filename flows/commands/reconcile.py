"""`pledge reconcile`: one page on which the platform's numbers, ours and every place add up."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from flows.errors import DONE
from flows.output import Section, plain, print_json, sections
from flows.run.record import RunRecord, read_records
from flows.run.runs_page import COLUMNS, in_order, in_words
from flows.settings.model import VaultSettings
from flows.vault.access import open_for_staff, show_roles
from warehouse.ingest import designs
from warehouse.queries.reconcile import Standing, standing

Page = dict[str, Any]
MOST_RECORDS = 100  # looked through for the last one that asked the platform
ROLES = ("role", "SurveyMonkey", "here", "difference", "")
DECIDED = ("response_id", "reason", "who", "decision_no", "decided_at", "undone_at")
WHY = ("difference in", "response_id", "why")


def reconcile(options: argparse.Namespace, settings: VaultSettings) -> int:
    """The platform's total, ours, where every response is, and the roles beside the platform's counts."""
    with open_for_staff(settings) as vault:
        show_roles(vault, settings)
        survey_id, _ = designs.last_form(vault)
        found = standing(vault, survey_id)
    page = page_of(found, read_records(settings.runs_folder, last=MOST_RECORDS))
    if options.json:
        print_json(page)
    else:
        sys.stdout.write(sections(_parts(page)) + "\n")
    return DONE


def page_of(found: Standing, records: Sequence[RunRecord]) -> Page:
    """All that the page says, as JSON can hold it."""
    n_placed = sum(n for _, _, n in found.dispositions)
    return {
        "platform": _platform(found, records),
        "seen": found.n_seen,
        "places": [
            {"place": place, "reason": reason, "n_responses": n}
            for place, reason, n in in_order(found.dispositions)
        ],
        "placed": n_placed,
        "adds_up": n_placed == found.n_seen,
        "decided": [{name: plain(value) for name, value in row.items()} for row in found.decided],
        "roles_compared_at": found.compared_at,
        "roles": [_role(found, row) for row in found.choices],
    }


def _platform(found: Standing, records: Sequence[RunRecord]) -> Page:
    """What the platform said when it was last asked, less what was fetched or marked since."""
    asked = next((one for one in records if one.platform), None)
    listed = next((one for one in records if one.platform and one.platform["are_ids_compared"]), None)
    known = asked.platform if asked and asked.platform else {}
    ids = listed.platform if listed and listed.platform else {}
    total, held = known.get("total"), len(found.live)
    return {
        "run_id": asked.run_id if asked else None,
        "asked_at": known.get("asked_at"),
        "total": total,
        "held": held,
        "held_then": known.get("held"),
        "difference": None if total is None else total - held,
        "only_from_files": found.n_from_files,
        "ids_compared_at": ids.get("asked_at"),
        "only_at_the_platform": sorted(set(ids.get("unseen", ())) - found.live),
        "only_here": sorted(set(ids.get("vanished", ())) & found.live),
    }


def _role(found: Standing, row: dict[str, Any]) -> Page:
    return {
        **row,
        "difference": row["n_platform"] - row["n_here"],
        "could_explain": [
            {"response_id": one["response_id"], "reason": one["reason"]}
            for one in found.explaining
            if one["choice_id"] == row["choice_id"]
        ],
    }


def _parts(page: Page) -> Iterator[Section | str]:
    yield from _platform_parts(page["platform"])
    yield from _places_parts(page)
    yield from _roles_parts(page)
    yield "Responses that could be why they differ", WHY, list(_could_explain(page))


def _platform_parts(platform: Page) -> Iterator[Section | str]:
    is_equal, listed_at = platform["difference"] == 0, platform["ids_compared_at"]
    rows = [
        ("counted by SurveyMonkey", platform["total"], _minute(platform["asked_at"])),
        ("of those here, then", platform["held_then"], ""),
        ("of those here, now", platform["held"], ""),
        ("difference", platform["difference"], _mark(is_equal)),
        ("besides, only from export files", platform["only_from_files"], ""),
    ]
    known = [row for row in rows if row[1] is not None]
    yield "The platform and the vault", ("responses", "number", ""), known
    if platform["total"] is None:
        yield "SurveyMonkey has not been asked yet; a pledge sync asks it."
    elif not is_equal and listed_at is None:
        yield "All ids were never compared; pledge sync --full does."
    elif not is_equal and not platform["only_at_the_platform"] and not platform["only_here"]:
        yield (
            f"By the ids of {_minute(listed_at)} neither has one that the other lacks. SurveyMonkey may hide "
            "responses beyond its plan's limit; pledge sync --full compares anew."
        )


def _places_parts(page: Page) -> Iterator[Section]:
    placed = [(row["place"], row["reason"], row["n_responses"]) for row in page["places"]]
    total = ("ever received", _mark(page["adds_up"]), page["seen"])
    yield "Every response in one place", COLUMNS, [*in_words(placed), total]
    yield "Decided by people", DECIDED, [[row[name] for name in DECIDED] for row in page["decided"]]


def _roles_parts(page: Page) -> Iterator[Section | str]:
    rows = [
        (_name(row), row["n_platform"], row["n_here"], row["difference"], _mark(row["difference"] == 0))
        for row in page["roles"]
    ]
    if not rows:
        yield "SurveyMonkey's own counts of each choice have not been compared yet."
    when = _minute(page["roles_compared_at"])
    yield f"Roles as ticked, whatever the status, duplicates included; compared {when}", ROLES, rows
    unexplained = [_name(row) for row in page["roles"] if row["difference"] and not row["could_explain"]]
    if unexplained:
        yield (
            f"{', '.join(unexplained)}: no response here explains the difference; pledge sync --full "
            "fetches every response anew."
        )


def _could_explain(page: Page) -> Iterator[tuple[str, str, str]]:
    platform = page["platform"]
    when = f"as of {_minute(platform['ids_compared_at'])}"
    for where, ids in (("SurveyMonkey lists it", "only_at_the_platform"), ("here", "only_here")):
        yield from (("responses", one, f"only {where}, {when}") for one in platform[ids])
    for role in page["roles"]:
        yield from ((_name(role), one["response_id"], one["reason"]) for one in role["could_explain"])


def _name(role: Page) -> str:
    return str(role["text"] or role["choice_id"])


def _mark(holds: bool) -> str:
    return "✓" if holds else "✗"


def _minute(instant: str | None) -> str:
    """``2026-11-24 02:15 UTC`` of an instant in ISO 8601."""
    return f"{instant[:10]} {instant[11:16]} UTC" if instant else ""
