"""Packs are made beside what earlier ones have shown, so that no two of them can be subtracted."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.errors import PledgeError
from flows.settings.environment import open_to_others
from flows.settings.model import ReportSettings
from flows.vault.access import open_for_staff
from flows.vault.packs_shown import FILE, note_packs, packs_in_file, packs_in_vault, write_packs
from reports.disclosure.make_safe import made_safe
from reports.errors import MemoryFileError
from reports.figures import Breakdown, Figures
from reports.labels import DECISION_LABELS
from reports.packs_shown import NOT_COUNTED, NOTHING_SHOWN, ROLES, Counts, Memory, ShownTable
from reports.readable import by_choice, by_role, not_counted
from reports.safe_pack import SafePack
from warehouse.errors import WarehouseError
from warehouse.queries.figures import decided
from warehouse.releases import figures_history as history

MADE = "packs were made\n"  # in the lock's file, which is there when what they have shown isn't


class Shown:
    """What packs have shown, in use: each that is made safe adds to it."""

    def __init__(self, settings: ReportSettings, vault: Any, memory: Memory) -> None:
        self.settings, self.vault, self.memory = settings, vault, memory

    def made_safe(self, figures: Figures, since: datetime | None = None) -> SafePack:
        """*figures* beside all that packs have shown; *since*: the earlier one to compare with."""
        settings, vault = self.settings, self.vault
        pack, self.memory = made_safe(
            replace(figures, decided=_decided(vault)) if vault else figures,
            self.memory,
            threshold=settings.threshold,
            zone=ZoneInfo(settings.zone),
            counts_of=lambda table: _counts(vault, table, figures.breakdowns) if vault else None,
            since=since,
            threshold_reason=settings.threshold_reason,
        )
        return pack


@contextmanager
def remembering(settings: ReportSettings, *, begins_anew: bool = False) -> Iterator[Shown]:
    """What packs have shown; what is shown within the block is remembered when it ends well.

    One process at a time: two packs made at once would not know of each other. The vault is open within the
    block where it can be; where it can't be written now, the next run takes over what the file remembers.

    Raises:
        MemoryFileError: nobody knows any more what packs have shown, and it isn't said to begin anew.
    """
    folder = settings.reports_folder
    with open_to_others(is_wanted=False), ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        lock = stack.enter_context((folder / f".{FILE}.lock").open("a", encoding="utf-8"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        with ExitStack() as opened:
            vault, why_not = _opened(settings, opened)
            before = packs_in_file(folder).joined(packs_in_vault(vault) if vault else NOTHING_SHOWN)
            if before == NOTHING_SHOWN and lock.tell() and not begins_anew:
                raise MemoryFileError(_unknown(why_not))
            shown = Shown(settings, vault, before)
            yield shown
        if shown.memory != before or not (folder / FILE).exists():
            write_packs(folder, shown.memory)
            lock.write("" if lock.tell() else MADE)
            with ExitStack() as opened:
                vault, _ = _opened(settings, opened, read_only=False)
                if vault:
                    note_packs(vault, folder)


def _opened(settings: ReportSettings, stack: ExitStack, *, read_only: bool = True) -> tuple[Any, str | None]:
    """The vault, until the stack closes; or None, and why it can't be used, unless there is none."""
    if not settings.vault_path.exists():
        return None, None
    try:
        return stack.enter_context(open_for_staff(settings, read_only=read_only)), None
    except (PledgeError, WarehouseError) as error:
        return None, str(error)


def _unknown(why_not: str | None) -> str:
    where = f"the vault can't tell: {why_not.rstrip('.')}" if why_not else "the vault remembers nothing"
    return (
        f"Nobody knows what earlier packs have shown: {FILE} is not there, and {where}. Put the file's last "
        "copy back, or mend that. Only if no earlier pack can be with a reader: pledge report --begin-anew"
    )


def _decided(vault: Any) -> list[tuple[datetime, str]]:
    """When people decided what, in the words of `DECISION_LABELS`; what changes no figure is left out."""
    return [(at, DECISION_LABELS[kind]) for kind, _, at in decided(vault) if kind in DECISION_LABELS]


def _counts(vault: Any, table: ShownTable, breakdowns: list[Breakdown]) -> Counts | None:
    """The exact counts that a table was made from, under the labels of today."""
    run_id = table.run_id
    if table.what == NOT_COUNTED:
        places = history.places_of(vault, run_id)
        return dict(not_counted(*places)) if places else None
    if table.what == ROLES:
        counts = (
            history.role_counts_by(vault, run_id, table.upto)
            if table.upto
            else history.role_counts(vault, run_id)
        )
        return dict(by_role(counts.items())) if counts else None
    name = next((one.name for one in breakdowns if one.slug == table.what), None)
    counts = history.choice_counts(vault, run_id, name) if name else None
    return dict(by_choice(counts.items())) if counts else None
