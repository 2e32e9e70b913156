"""The pack for readers outside: made beside what earlier packs have shown, which is remembered."""

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.errors import UsageError
from flows.reporting.figures import figures_on
from flows.settings.environment import open_to_others
from flows.settings.model import Home, ReportSettings
from reports.disclosure.history_file import read_memory, write_memory
from reports.disclosure.safe_pack import SafeChange, SafePack, made_safe
from reports.figures import Figures

FILE = "shown.json"
MakeSafe = Callable[[Figures], SafePack]


@dataclass(frozen=True)
class Earlier:
    """An earlier state, as a pack showed it. roles: label to count; None: hidden."""

    as_at: datetime
    total: int
    roles_on: date
    roles: dict[str, int | None]


def make_pack(
    settings: ReportSettings,
    folder: Path,
    formats: Sequence[str] | None = None,
    *,
    as_of: date | None = None,
    since: str | None = None,
) -> list[Path]:
    """Write the pack into *folder* and return its files.

    formats: None for the usual ones.
    as_of: the day whose end it shows; None for the published figures.
    since: the earlier state it is compared with: a day, or the `counts.json` of an earlier pack.

    Raises:
        NotPublishedError: nothing is published yet.
        NoHistoryError, UsageError: there is no such earlier state.
        ReportError: a setting that packs don't know, or a character that no font has.
    """
    from reports.branding import brand_of
    from reports.pack import USUAL_FORMATS, write_pack

    with remembering(settings) as safe:
        earlier = earlier_state(settings, safe, since) if since else None
        pack = safe(figures_on(settings, as_of))
        if earlier:
            pack = compared(pack, earlier)
    return write_pack(pack, folder, formats or USUAL_FORMATS, brand_of(**settings.brand))


@contextmanager
def remembering(settings: ReportSettings) -> Iterator[MakeSafe]:
    """Within the block figures are made safe beside all that packs have shown before.

    What is shown is remembered when the block ends well, before any file of a pack is written.
    One process at a time: two packs made at once would not know of each other.
    """
    folder = settings.reports_folder
    with open_to_others(is_wanted=False):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f".{FILE}.lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            memory = before = read_memory(folder / FILE)

            def safe(figures: Figures) -> SafePack:
                nonlocal memory
                pack, memory = made_safe(
                    figures,
                    memory,
                    threshold=settings.threshold,
                    tz=settings.zone,
                    threshold_reason=settings.threshold_reason,
                )
                return pack

            yield safe
            if memory != before:
                write_memory(folder / FILE, memory)


def earlier_state(settings: ReportSettings, safe: MakeSafe, since: str) -> Earlier:
    """The state of a day, made safe like a pack of that day; or that of an earlier pack's file.

    Raises:
        UsageError: *since* is no day and no file of counts.
    """
    try:
        day = date.fromisoformat(since)
    except ValueError:
        return _of_file(Path(since), settings)
    pack = safe(figures_on(settings, day))
    roles = {row.label: row.cell.n for row in pack.roles.rows}
    return Earlier(pack.as_at, pack.total, pack.roles.as_on or pack.as_at.date(), roles)


def _of_file(path: Path, settings: Home) -> Earlier:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        as_at = datetime.fromisoformat(content["as_at"]).astimezone(ZoneInfo(settings.zone))
        on = date.fromisoformat(content["roles_as_on"]) if "roles_as_on" in content else as_at.date()
        roles = {str(row["role"]): None if row["n"] is None else int(row["n"]) for row in content["roles"]}
        return Earlier(as_at, int(content["total"]), on, roles)
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(
            f"{path.name} is neither a day such as 2026-06-30 nor the counts.json of an earlier pack."
        ) from None


def compared(pack: SafePack, earlier: Earlier) -> SafePack:
    """*pack*, with what has changed since *earlier*: from what both show, and nothing else.

    Raises:
        UsageError: the other state is the later one.
    """
    if earlier.as_at > pack.as_at:
        raise UsageError("--since must name an earlier state than the one that the pack shows.")
    on = pack.roles.as_on or pack.as_at.date()
    is_renewed = on > earlier.roles_on
    rows = tuple(
        (row.label, earlier.roles.get(row.label), row.cell.n)
        for row in pack.roles.rows
        if is_renewed and earlier.roles
    )
    days = (earlier.roles_on, on) if rows else None
    return replace(pack, since=SafeChange(earlier.as_at, earlier.total, days, rows))
