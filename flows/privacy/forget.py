"""`pledge forget`: a person erased at their request, everywhere, with a receipt.

In the vault first, in one transaction; then the figures are published without the person, the vault's file
and its copies are written anew, and earlier published files and lists are deleted. Killed anywhere, the
command is run again and goes on: what is done already is done once more, or skipped.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flows import pipelines
from flows.errors import DONE, SettingsError
from flows.orchestration.run import open_run, run_here
from flows.output import print_json
from flows.pipelines import Do
from flows.run.context import RunOptions
from flows.run.progress import log_to_stderr, shown_progress
from flows.run.record import state_after, write_record
from flows.run.shutdown import stopping_clean
from flows.settings.model import KeySettings, Settings
from flows.staff.lists import delete_lists_with
from flows.steps.erase import Receipt, erase
from flows.vault.access import said
from flows.vault.data_subject import DataSubject, data_subject
from flows.vault.key import find_key
from warehouse import failpoints
from warehouse.backups.erase_in_backups import Erasure, erase_in_backups
from warehouse.backups.rewrite import rewrite_if_due
from warehouse.releases.kept import kept_releases

STOPPED = "Told to stop; run pledge forget again with the same words: it goes on where it was."


def forget(options: argparse.Namespace, settings: Settings) -> int:
    """Erase a person, and print the receipt."""
    subject, reason = data_subject(options.email, options.response), said(options.reason, "--reason")
    log_to_stderr()
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so nothing is held about anybody.")
    with stopping_clean(STOPPED):
        receipt = _forget(settings, subject, reason)
    if options.json:
        print_json(asdict(receipt))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(receipt)))
    return DONE


def _forget(settings: Settings, subject: DataSubject, reason: str) -> Receipt:
    """In the vault first; should its run fail after that, the person goes everywhere else all the same."""
    erased: list[tuple[Erasure, Receipt]] = []

    def pipeline(do: Do) -> None:
        def noting(step: Callable[..., Any], *given: Any) -> Any:
            found = do(step, *given)
            if step is erase:
                erased.append(found)
            return found

        pipelines.erasure(noting, subject, reason)

    n_releases = len(kept_releases(settings.published_folder))
    try:
        with shown_progress() as progress:
            opening = open_run(settings, progress, "forget", RunOptions(accepts_fall=True))
            record = run_here(opening, pipeline)
    except Exception:
        if erased:  # the vault has forgotten the person, so copies and lists must follow
            _forget_elsewhere(settings, *erased[0])
        raise
    _, receipt = erased[0]
    try:
        _forget_elsewhere(settings, *erased[0])
    except BaseException as error:
        record.state = state_after(error)
        write_record(record, settings.runs_folder)
        raise
    receipt.published = record.published
    receipt.editions_deleted = (
        n_releases + bool(receipt.published) - len(kept_releases(settings.published_folder))
    )
    receipt.warnings = record.warnings
    return receipt


def _forget_elsewhere(settings: KeySettings, erasure: Erasure, receipt: Receipt) -> None:
    """Everywhere but in the vault's tables."""
    key = find_key(settings) or ""
    rewrite_if_due(settings.vault_path, key)
    failpoints.reached("vault written anew")
    receipt.copies_rewritten, receipt.copies_deleted = erase_in_backups(
        settings.vault_path, key, settings.backups_folder, erasure
    )
    receipt.lists_deleted = delete_lists_with(settings.lists_folder, erasure.person)
    failpoints.reached("lists deleted")


def _lines(receipt: Receipt) -> list[str]:
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
