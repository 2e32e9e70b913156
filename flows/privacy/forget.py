"""`pledge forget`: a person erased at their request, everywhere, with a receipt.

In the vault first, in one transaction; then the figures are published without the person, the vault's file
and its copies are written anew, and earlier published files and lists are deleted. Killed anywhere, the
command is run again and goes on: what is done already is done once more, or skipped.
"""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flows.errors import DONE, SettingsError
from flows.orchestration.run import open_run, timed
from flows.output import print_json
from flows.privacy.saved_lists import delete_lists_with
from flows.privacy.subject import DataSubject, data_subject
from flows.run.clock import now_in_utc
from flows.run.context import RunOptions, killing_at
from flows.run.record import COMPLETE
from flows.steps.audit import audit
from flows.steps.build import build
from flows.steps.check import check_incoming
from flows.steps.known_form import remember_form
from flows.steps.publish import TO_GO, publish, tell
from flows.steps.stage import stage
from flows.vault.access import record_use, said, who
from flows.vault.key import find_key
from warehouse.backups.erase_in_backups import Erasure, erase_in_copies
from warehouse.backups.rewrite import rewrite_if_due
from warehouse.database import marks
from warehouse.errors import WarehouseError
from warehouse.ingest import designs, erased_people
from warehouse.privacy.erase_person import erase_person
from warehouse.privacy.erase_withdrawn import is_settled
from warehouse.queries.figures import given_by_the_platform
from warehouse.releases.kept import kept_editions

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from flows.run.context import RunContext
    from flows.settings.model import Settings


@dataclass(slots=True)
class Receipt:
    """What was done, for whoever answers the person; no value of theirs.

    erased_at: ISO 8601 in UTC. erased_before: when the same address was last erased, or None.
    n_addresses: addresses that have a tombstone now.
    responses: ids of the person's responses, those erased before included.
    at_platform: those of them that SurveyMonkey gave, and may still have.
    n_mentions: versions that are others' now, that the person or an address was taken out of.
    copies_deleted: names of copies of the vault that could not be cleaned.
    published: the file with the figures without the person; None if that waits for the next whole walk.
    """

    erased_at: str
    erased_before: str | None
    n_addresses: int
    responses: list[str]
    at_platform: list[str]
    n_mentions: int
    copies_rewritten: int = 0
    copies_deleted: list[str] = field(default_factory=list)
    editions_deleted: int = 0
    lists_deleted: int = 0
    published: str | None = None
    warnings: list[str] = field(default_factory=list)


def forget(options: argparse.Namespace, settings: Settings) -> int:
    """Erase a person, and print the receipt."""
    from flows.run.progress import log_to_stderr, shown_progress

    asker = data_subject(options.email, options.response)
    reason = said(options.reason, "--reason")
    log_to_stderr()
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so nothing is held about anybody.")
    done: list[tuple[Erasure, Receipt]] = []
    n_editions = len(kept_editions(settings.published_folder))
    try:
        with (
            shown_progress() as progress,
            open_run(
                settings, command="forget", progress=progress, asked=RunOptions(accepts_fall=True)
            ) as run,
        ):
            _count_without(run, lambda run: done.append(_erase(run, asker, reason)))
    except Exception:  # the figures could not be made: the person goes everywhere else all the same
        if done:
            _forget_elsewhere(settings, *done[0])
        raise
    erasure, receipt = done[0]
    _forget_elsewhere(settings, erasure, receipt)
    receipt.published = run.record.published
    receipt.editions_deleted = (
        n_editions + bool(receipt.published) - len(kept_editions(settings.published_folder))
    )
    receipt.warnings = run.record.warnings
    if options.json:
        print_json(asdict(receipt))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _told(receipt)))
    return DONE


def _count_without(run: RunContext, erase_from: Callable[[RunContext], None]) -> None:
    """Settle what came in, erase the person, and count and publish anew."""

    def erase(run: RunContext) -> None:
        """Erase what the person wrote."""
        erase_from(run)

    if not designs.last_form(run.vault)[0]:  # answers of other surveys alone: nobody is counted
        timed(run, erase)
        run.record.state = COMPLETE
        return
    decide = (stage, check_incoming, build)
    for step in (remember_form, *decide, erase, *decide, audit, publish, tell):
        timed(run, step)


def _erase(run: RunContext, asker: DataSubject, reason: str) -> tuple[Erasure, Receipt]:
    vault, at = run.vault, datetime.fromisoformat(run.record.started_at)
    if not is_settled(vault):
        raise WarehouseError(
            "Not all that came in could be decided, so nobody was erased; run “pledge sync”, then this again."
        )
    person = asker.person(vault)
    before = erased_people.erased_people_of(vault, [asker.address or ""]).get(asker.address or "")
    ids = sorted(person.response_ids)
    receipt = Receipt(
        erased_at=at.isoformat(),
        erased_before=before.erased_at.isoformat() if before else None,
        n_addresses=len(person.forms),
        responses=ids,
        at_platform=given_by_the_platform(vault, ids),
        n_mentions=len(person.mentions) + len(person.earlier),
    )
    record_use(vault, "forget", reason, len(ids))
    erase_person(vault, person, salt=secrets.token_hex(32), who=who(), at=at)
    marks.set_mark(vault, TO_GO, "earlier editions, since they have a row of a forgotten person")
    run.record.responses_erased += len(ids)
    salt = erased_people.salt_of(vault) or ""
    return Erasure(asker.address, asker.key, person, salt, who(), at), receipt


def _forget_elsewhere(settings: Settings, erasure: Erasure, receipt: Receipt) -> None:
    """Everywhere but in the vault's tables."""
    key, boundary = find_key(settings) or "", killing_at(os.environ.get("PLEDGE_KILL_AT"))
    rewrite_if_due(settings.vault_path, key, now=now_in_utc())
    boundary("vault written anew")
    receipt.copies_rewritten, receipt.copies_deleted = erase_in_copies(
        settings.vault_path, key, settings.backups_folder, erasure, boundary=boundary
    )
    receipt.lists_deleted = delete_lists_with(settings.lists_folder, erasure.person)
    boundary("lists deleted")


def _told(receipt: Receipt) -> list[str]:
    deleted = f", {len(receipt.copies_deleted):,} deleted ({', '.join(receipt.copies_deleted)})"
    lines = [
        f"Erased at {receipt.erased_at}",
        f"  responses   {len(receipt.responses):,} ({', '.join(receipt.responses) or 'none'})",
        f"  mentions    taken out of {receipt.n_mentions:,} versions that are others' now",
        "  vault       written anew",
        f"  copies      {receipt.copies_rewritten:,} written anew{deleted if receipt.copies_deleted else ''}",
        f"  published   {receipt.published or 'waits for the next whole walk: run “pledge sync”'}",
        f"  editions    {receipt.editions_deleted:,} earlier published files deleted",
        f"  lists       {receipt.lists_deleted:,} deleted",
    ]
    if receipt.erased_before:
        lines.insert(1, f"  before      erased under the same address at {receipt.erased_before}")
    if receipt.n_addresses:
        lines.append("  from now on no sync and no import brings the person back, unless they sign again.")
    if receipt.at_platform:
        lines.append(f"Still to do: delete at SurveyMonkey: {', '.join(receipt.at_platform)}.")
    lines.append("Not reached: export files, lists and packs that were taken out of PLEDGE_HOME.")
    return lines
