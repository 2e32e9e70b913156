"""`pledge find`: all that is held about a person, in plain words and for programs, to be handed to them."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from flows.errors import DONE
from flows.output import plain, print_json
from flows.run.clock import now_in_utc, run_name
from flows.settings.model import Settings
from flows.vault.access import open_for_staff, record_use, said, show_roles
from flows.vault.data_subject import DataSubject, data_subject
from warehouse.database.private_files import make_private_folder, write_private
from warehouse.ingest import erased_people
from warehouse.privacy.person import Person
from warehouse.queries import figures, subject_access

STORY: tuple[str, ...] = ("place", "figures", "held_back", "withdrawn", "decisions", "changes")
NO_STORY: dict[str, Any] = {name: [] for name in STORY}  # of a response that is somebody else's now


def find(options: argparse.Namespace, settings: Settings) -> int:
    """Gather it, record the use, then write the pack or print it."""
    subject = data_subject(options.email, options.response)
    reason = said(options.reason, "--reason")
    with open_for_staff(settings, read_only=False) as vault:
        show_roles(vault, settings)
        person = subject.person(vault)
        found = _held(vault, subject, person) | {
            "organisation": settings.organisation,
            "kept": _how_long(settings.erase_after_days, settings.names_months, settings.organisation),
        }
        record_use(vault, "find", reason, len(person.response_ids))
    if options.json:
        print_json(found)
    else:
        for path in _written(found, options.out or settings.lists_folder):
            sys.stdout.write(f"{path}\n")
    sys.stderr.write(f"{_summary(person, found)}\n")
    return DONE


def _held(vault: Any, subject: DataSubject, person: Person) -> dict[str, Any]:
    ids = sorted(person.response_ids)
    versions, n_others = subject_access.versions_of(vault, person)
    stones = erased_people.erased_people_of(vault, [subject.address] if subject.address else [])
    found = {
        "made_at": now_in_utc(),
        "address": subject.address,
        "erased_at": max((stone.erased_at for stone in stones.values()), default=None),
        "responses": [
            {
                "response_id": response_id,
                "versions": [one for one in versions if one["response_id"] == response_id],
                **(_story(vault, response_id) if response_id in person.response_ids else NO_STORY),
            }
            for response_id in sorted({one["response_id"] for one in versions})
        ],
        "worked_out": subject_access.worked_out_of(vault, ids),
        "n_mentions": len(person.mentions),
        "n_under_another_address": n_others,
    }
    made: dict[str, Any] = plain(found)
    return made


def _story(vault: Any, response_id: str) -> dict[str, Any]:
    story = figures.story_of(vault, response_id)
    return {name: [dict(row) for row in story[name]] for name in STORY}


def _how_long(days: int, months: int | None, organisation: str) -> list[str]:
    """How long what is held is kept, a sentence each."""
    while_kept = f"as long as {organisation} keeps the pledge"
    return [
        f"Your name and address are kept {while_kept}."
        if months is None
        else f"Your name and address are erased {months} months after the pledge closes.",
        f"Your role and the day on which you signed are kept {while_kept}.",
        "The internet address that the form was sent from isn't kept; a hash of its block is, for 30 days.",
        f"Answers of a response deleted at SurveyMonkey are erased {days} days after that is noticed.",
    ]


def _written(found: dict[str, Any], folder: Path) -> list[Path]:
    """The two files of the pack, in place whole and readable by their owner alone."""
    from reports.subject_access import render

    if not folder.exists():
        make_private_folder(folder)
    path = folder / f"find-{run_name(now_in_utc())}"
    return [
        write_private(
            path.with_suffix(".json"), f"{json.dumps(found, indent=2, ensure_ascii=False)}\n".encode()
        ),
        write_private(path.with_suffix(".html"), render(found).encode()),
    ]


def _summary(person: Person, found: dict[str, Any]) -> str:
    n = len(found["responses"])
    text = f"{n:,} responses are held; this use of the vault was recorded."
    if found["erased_at"]:
        text += f" The person was erased at {found['erased_at']}."
    if len(person.forms) > 1:
        text += f" {len(person.forms):,} addresses are the same person's by the decision of staff."
    if n > 1:
        text += " Are they all one person's? An address may be shared: look before you hand the pack over."
    if person.mentions:
        text += f" The address stands in {len(person.mentions):,} texts of others; they aren't in the pack."
    if found["n_under_another_address"]:
        text += (
            f" {found['n_under_another_address']:,} versions have another address, and aren't in the pack: "
            "ask for that one too if it is theirs."
        )
    return text
