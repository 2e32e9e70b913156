"""`pledge reconcile`: one page on which the platform's numbers, ours and every place add up."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flows.errors import DONE
from flows.output import plain, print_json
from flows.run.record import read_records
from flows.vault.access import open_for_staff, show_roles

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from flows.run.record import RunRecord
    from flows.settings.model import Settings
    from warehouse.queries.reconcile import Standing


Page = dict[str, Any]
MOST_RECORDS = 100  # looked through for the last one that asked the platform
MOST_DECISIONS = 20  # told one by one
IDS_A_LINE = 5  # of twelve digits: they fit a line of eighty
RIGHT, WRONG = "✓", "✗"
PLACES = ("signatory", "duplicate", "held back", "not counted", "withdrawn", "erased")
WIDTH = 46


def reconcile(options: argparse.Namespace, settings: Settings) -> int:
    """The platform's total, ours, where every response is, and the roles beside the platform's counts."""
    from warehouse.ingest import designs
    from warehouse.queries.reconcile import standing

    with open_for_staff(settings) as vault:
        show_roles(vault, settings)
        survey_id, _ = designs.last_form(vault)
        found = standing(vault, survey_id)
    page = page_of(found, read_records(settings.runs_folder, last=MOST_RECORDS))
    if options.json:
        print_json(page)
    else:
        sys.stdout.write("\n".join(_told(page)) + "\n")
    return DONE


def page_of(found: Standing, records: Sequence[RunRecord]) -> Page:
    """All that the page says, as JSON can hold it."""
    n_placed = sum(n for _, _, n in found.dispositions)
    return {
        "platform": _platform(found, records),
        "seen": found.n_seen,
        "places": [
            {"place": place, "reason": reason, "n_responses": n}
            for place, reason, n in _in_order(found.dispositions)
        ],
        "placed": n_placed,
        "adds_up": n_placed == found.n_seen,
        "decided": [{name: plain(value) for name, value in row.items()} for row in found.decided],
        "roles_compared_at": found.compared_at,
        "roles": [_role(found, row) for row in found.choices],
    }


def _in_order(places: Sequence[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    return sorted(places, key=lambda row: (PLACES.index(row[0]), row[1]))


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


def _told(page: Page) -> Iterator[str]:
    yield from _told_platform(page["platform"])
    yield ""
    yield from _told_places(page)
    yield ""
    yield from _told_roles(page)


def _told_platform(told: Page) -> Iterator[str]:
    yield "The platform and the vault"
    if told["total"] is None:
        yield "  SurveyMonkey has not been asked yet; a pledge sync asks it."
        yield _line("We hold of its responses", told["held"])
    else:
        yield _line(f"SurveyMonkey counts, {_minute(told['asked_at'])}", told["total"])
        yield _line("We hold of those", told["held"])
        yield _line("Difference", told["difference"], RIGHT if told["difference"] == 0 else WRONG)
        yield from _told_why(told)
    yield _line("Besides, only from export files", told["only_from_files"])


def _told_why(told: Page) -> Iterator[str]:
    lacking, extra = told["only_at_the_platform"], told["only_here"]
    if told["difference"] == 0 and not lacking and not extra:
        return
    if told["held"] != told["held_then"]:
        yield f"    That night we held {told['held_then']:,}; responses came or went here since."
    if told["ids_compared_at"] is None:
        yield "    All ids were never compared; pledge sync --full does."
        return
    when = _minute(told["ids_compared_at"])
    for ids, who in ((lacking, "Only SurveyMonkey lists"), (extra, "Only we hold")):
        if ids:
            yield from _wrapped(f"    {who}, by the ids of {when}:", ids)
    if not lacking and not extra:
        yield (
            f"    By the ids of {when} neither has one that the other lacks. SurveyMonkey may hide "
            "responses beyond its plan's limit; pledge sync --full compares anew."
        )


def _told_places(page: Page) -> Iterator[str]:
    yield "Every response in one place"
    for place in PLACES:
        yield from _told_place(place, [row for row in page["places"] if row["place"] == place])
    yield _line("Sum", page["placed"])
    yield _line("Responses ever seen", page["seen"], RIGHT if page["adds_up"] else WRONG)
    decided = page["decided"]
    if decided:
        yield "  Decided by people"
    for row in decided[:MOST_DECISIONS]:
        yield (
            f"    {row['response_id']}  {row['reason'].split()[0]} by {row['who']}, "
            f"{_minute(row['decided_at'])}, decision {row['decision_no']}"
            + (", undone since" if row["undone_at"] else "")
        )
    if len(decided) > MOST_DECISIONS:
        yield f"    and {len(decided) - MOST_DECISIONS:,} more: pledge decisions --reason TEXT"


def _told_place(place: str, rows: list[Page]) -> Iterator[str]:
    """One line a place, and one a reason where there are several or the reason says more."""
    whole = sum(row["n_responses"] for row in rows)
    if place == "signatory":
        yield _line("signatories", whole)
        accepted = [row for row in rows if row["reason"] != "counts"]
        yield from (_line(f"  of them {row['reason']}", row["n_responses"], inner=True) for row in accepted)
        return
    yield _line("duplicates" if place == "duplicate" else place, whole)
    if place in {"held back", "not counted"}:
        yield from (_line(f"  {row['reason']}", row["n_responses"], inner=True) for row in rows)


def _told_roles(page: Page) -> Iterator[str]:
    yield "Roles as ticked, before duplicates are taken out"
    if not page["roles"]:
        yield "  SurveyMonkey's own counts of each choice have not been compared yet."
        return
    yield f"  compared {_minute(page['roles_compared_at'])}; responses of every status at SurveyMonkey"
    yield f"  {'':<{WIDTH}}{'SurveyMonkey':>13}{'here':>9}{'difference':>12}"
    for row in page["roles"]:
        mark = RIGHT if row["difference"] == 0 else WRONG
        yield (
            f"  {_cut(row['text'] or row['choice_id']):<{WIDTH}}{row['n_platform']:>13,}{row['n_here']:>9,}"
            f"{_signed(row['difference']):>12} {mark}"
        )
    for row in page["roles"]:
        yield from _told_difference(row)


def _told_difference(row: Page) -> Iterator[str]:
    if row["difference"] == 0:
        return
    name = _cut(row["text"] or row["choice_id"])
    if not row["could_explain"]:
        yield f"  {name}: no response here explains it; pledge sync --full fetches every response anew."
        return
    yield f"  {name}: one of these could be why"
    for reason, ones in groupby(row["could_explain"], key=lambda one: one["reason"]):
        yield from _wrapped(f"    {reason}:", [one["response_id"] for one in ones])


def _line(words: str, n: int, mark: str = "", *, inner: bool = False) -> str:
    """A line of the sum; what is part of the line above stands further out, so that nobody adds it twice."""
    return f"  {_cut(words):<{WIDTH}}{f'{n:,}':>{9 if not inner else 18}} {mark}".rstrip()


def _wrapped(head: str, ids: Iterable[str]) -> Iterator[str]:
    """*head*, then the ids, five a line."""
    yield head
    line: list[str] = []
    for one in ids:
        line.append(one)
        if len(line) == IDS_A_LINE:
            yield f"      {' '.join(line)}"
            line = []
    if line:
        yield f"      {' '.join(line)}"


def _signed(n: int) -> str:
    return f"{n:+,}" if n else "0"


def _minute(instant: str) -> str:
    """``2026-11-24 02:15 UTC`` of an instant in ISO 8601."""
    return f"{instant[:10]} {instant[11:16]} UTC"


def _cut(text: str) -> str:
    return text if len(text) < WIDTH else f"{text[: WIDTH - 2]}…"
