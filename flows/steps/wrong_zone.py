"""A file whose dates were read in a wrong time zone: seen by the responses that are here already.

Their times of change then lie a whole number of quarter hours apart, the same for most of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.export_files.errors import ExportRefusedError
from flows.output import counted
from warehouse.ingest.times_apart import times_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from connectors.export_files.reader import Export
    from flows.run.context import ImportOptions


QUARTER, HOUR = 15, 60  # minutes: every zone's clock is a whole number of quarter hours from any other's
ROUNDED = 1  # minute: a spreadsheet may round the seconds up
FARTHEST = 14 * HOUR  # the farthest that a clock is from UTC
MOST_BETWEEN, MOST_CLOCKS = 2 * HOUR, 3  # London and Sydney are 9 hours apart in summer, 11 in winter, or 10
MOST = 0.9  # the rest was edited since, or falls into the weeks in which one of two clocks is changed already
HANDFUL = 5  # fewer may have been edited to the same quarter hour by chance
LEAST_MOVED = 0.1  # fewer may be those of the hour that a clock shows twice, one hour apart rightly
PLATFORM, FILE = "api", "file"


@dataclass(frozen=True, slots=True)
class Moved:
    """Responses whose times lie apart as two zones' clocks do.

    minutes: by how much the file's are later, up to three numbers, as clocks are changed in summer; never 0.
    n_moved: how many responses. n_known: of how many that were compared.
    """

    minutes: tuple[int, ...]
    n_moved: int
    n_known: int


def moved(apart: Mapping[int, int]) -> Moved | None:
    """The times that lie apart as clocks do, if they are most; else None.

    apart: how many responses have times so many minutes apart.
    """
    n_known = sum(apart.values())
    whole: Counter[int] = Counter()
    for one, n in apart.items():
        quarter = round(one / QUARTER) * QUARTER
        if abs(one - quarter) <= ROUNDED and abs(one) <= FARTHEST:
            whole[quarter] += n
    first = max(whole, key=lambda one: whole[one], default=0)
    near = sorted(
        (one for one in whole if abs(one - first) <= MOST_BETWEEN), key=lambda one: whole[one], reverse=True
    )
    alike = {one: whole[one] for one in near[:MOST_CLOCKS]}
    n_moved = sum(n for minutes, n in alike.items() if minutes)
    if sum(alike.values()) < MOST * n_known or n_moved < max(HANDFUL, LEAST_MOVED * n_known):
        return None
    told = [minutes for minutes, n in alike.items() if minutes and n >= LEAST_MOVED * n_moved]
    return Moved(tuple(sorted(told)), n_moved, n_known)


def refuse_wrong_zone(vault: Any, files: ImportOptions, exports: Sequence[Export]) -> None:
    """Don't take in what would move people's times of change.

    Where the platform agrees, an earlier file that doesn't is no reason: that one was wrong.

    Raises:
        ExportRefusedError: the file's times and those here lie apart as two clocks do.
    """
    for export in exports:
        of_the_platform = _apart(vault, export, PLATFORM)
        if found := moved(of_the_platform):
            raise ExportRefusedError(_unlike_the_platform(export, found, files.zone))
        is_proven = of_the_platform.get(0, 0) >= HANDFUL
        if not is_proven and (found := moved(_apart(vault, export, FILE))):
            raise ExportRefusedError(_unlike_a_file(export, found, files.zone))


def _apart(vault: Any, export: Export, source: str) -> dict[int, int]:
    return times_apart(vault, export.form.design.survey_id, source, export.ids, export.modified)


def _unlike_the_platform(export: Export, found: Moved, zone: ZoneInfo) -> str:
    return (
        f"{export.name}: read by the clock of {zone.key}, {_how_many(found)} that the platform gave too were "
        f"changed {_in_words(found.minutes)} than the platform says. Import it with another --timezone: that "
        "of the account which exported. Nothing was imported."
    )


def _unlike_a_file(export: Export, found: Moved, zone: ZoneInfo) -> str:
    return (
        f"{export.name}: read by the clock of {zone.key}, {_how_many(found)} that an earlier file gave too "
        f"were changed {_in_words(found.minutes)} than by that file. If this --timezone is the wrong one, "
        "import it with another: that of the account which exported. If the earlier import had the wrong "
        "one, put back the copy kept from before it (pledge restore; docs/operations.md says how), and "
        "import again. Nothing was imported."
    )


def _how_many(found: Moved) -> str:
    return f"{found.n_moved:,} of {counted(found.n_known, 'response')}"


def _in_words(minutes: tuple[int, ...]) -> str:
    """Such as ``5 hours later``; several are those of summer and winter."""
    return " or ".join(f"{_amount(abs(one))} {'later' if one > 0 else 'earlier'}" for one in minutes)


def _amount(minutes: int) -> str:
    hours, rest = divmod(minutes, HOUR)
    return " ".join(counted(n, noun) for n, noun in ((hours, "hour"), (rest, "minute")) if n)
