"""The tables of a pack, the same in every format: from the safe pack, so each number in them may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from reports import prose
from reports.findings import in_words, platform_finding

if TYPE_CHECKING:
    from datetime import date

    from reports.safe_pack import SafePack


SHORTHAND = "[c]"  # the statistical service's for confidential


class Hidden(Enum):
    """The cell of a count that is kept back."""

    HIDDEN = SHORTHAND


HIDDEN = Hidden.HIDDEN
NO_TEXT = "(no text)"
SIGNED = "People who have signed (exact)"
Value = int | Hidden


class Row(NamedTuple):
    """what: a label, or the day by whose end the numbers held. remark: goes on after it."""

    what: str | date
    cells: tuple[Value, ...]
    remark: str = ""


@dataclass(frozen=True)
class Table:
    """One table.

    sheet: its name among a spreadsheet's. title: its caption.
    headings: of all columns, the first that of the rows' labels.
    foot: the total row; None where there is none. note: how to read it; may be empty.
    """

    name: str
    sheet: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    foot: Row | None
    note: str

    @property
    def whole(self) -> tuple[Row, ...]:
        """The rows, and the total row where there is one."""
        return (*self.rows, self.foot) if self.foot else self.rows


def summary_of(pack: SafePack) -> Table:
    """The few figures of the headline, for formats that are read by machines."""
    rows = [Row(SIGNED, (pack.total,))]
    if pack.between:
        rows += [Row("Least it may be (rounded down)", (pack.between[0],))]
        rows += [Row("Most it may be (rounded up)", (pack.between[1],))]
    if pack.n_seen is not None:
        rows.append(Row("Forms received (rounded)", (pack.n_seen,)))
        rows.append(Row("Forms that are not signatories (rounded)", (pack.not_counted.total,)))
    note = prose.between(pack) or ""
    return Table("summary", "Summary", prose.title(pack), ("Figure", "Number"), tuple(rows), None, note)


def notes_of(pack: SafePack) -> list[tuple[str, str]]:
    """What a reader of numbers alone must know: (what about, note)."""
    why_missing = (prose.why_no_roles(pack), prose.why_no_growth(pack), prose.why_no_others(pack))
    platform = platform_finding(pack)
    return [
        ("Shorthand", f"{SHORTHAND} means hidden. {pack.roles.note}"),
        *(("Dates", date) for date in prose.dates(pack)),
        *((prose.HEADINGS["counting"], " ".join(said)) for said in prose.COUNTING),
        (prose.HEADINGS["reconciliation"], prose.RECONCILIATION),
        *((prose.HEADINGS["reconciliation"], said) for said in (platform,) if said),
        *((prose.HEADINGS["limits"], said) for said in prose.limits(pack)),
        *(("Not in this pack", said) for said in why_missing if said),
        (prose.HEADINGS["citing"], prose.citation(pack)),
    ]


def tables_of(pack: SafePack) -> list[Table]:
    """Those that there are; what is missing, `prose` says why."""
    made = [
        _roles(pack) if prose.why_no_roles(pack) is None else None,
        _growth(pack),
        _not_counted(pack) if pack.not_counted.rows else None,
    ]
    return [table for table in made if table]


def _roles(pack: SafePack) -> Table:
    shares = prose.has_shares(pack)
    rows = tuple(
        Row(row.label, (_value(row.cell.n), _value(row.percent)) if shares else (_value(row.cell.n),))
        for row in pack.roles.rows
    )
    return Table(
        "roles",
        "Roles",
        "Signatories by the role they chose on the form",
        ("Role", "Signatories", "Share (%)") if shares else ("Role", "Signatories"),
        rows,
        Row("All signatories (exact)", (pack.total, 100) if shares else (pack.total,)),
        prose.roles_note(pack),
    )


def _growth(pack: SafePack) -> Table | None:
    if pack.growth is None or prose.why_no_growth(pack):
        return None
    *earlier, last = (Row(point.ends_on, (point.n,)) for point in pack.growth.points)
    return Table(
        "growth",
        "Growth",
        "Signatories so far, by week",
        ("By the end of", "Signatories so far"),
        (*earlier, last._replace(remark=f" (exact, at {pack.as_at:%H:%M})")),
        None,
        prose.growth_note(pack),
    )


def _not_counted(pack: SafePack) -> Table:
    seen = f"Of about {pack.n_seen:,} forms received, {pack.total:,} are signatories; the others are here"
    return Table(
        "not-counted",
        "Not counted",
        seen,
        ("Place", "Forms"),
        tuple(Row(row.label, (_value(row.cell.n),)) for row in pack.not_counted.rows),
        Row("All others (rounded)", (pack.not_counted.total,)),
        pack.not_counted.note,
    )


def label(what: str | date) -> str:
    """As people read it; a day as "4 October 2026"."""
    return (what or NO_TEXT) if isinstance(what, str) else in_words(what)


def _value(n: int | None) -> Value:
    return HIDDEN if n is None else n
