"""The tables of a pack, the same in every format: from the safe pack, so each number in them may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple

from reports.dates import in_words
from reports.disclosure.safe_pack import SafePack
from reports.texts import wording
from reports.texts.findings import milestone_finding, platform_finding

SHORTHAND = "[c]"  # the statistical service's for confidential


class Hidden(Enum):
    """The cell of a count that is kept back."""

    HIDDEN = SHORTHAND


HIDDEN = Hidden.HIDDEN
NO_TEXT = "(no text)"
NAMES = ("roles", "changes", "role-periods", "growth", "weeks", "milestones", "gaps", "not-counted")
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
    note = wording.between(pack) or ""
    return Table("summary", "Summary", wording.title(pack), ("Figure", "Number"), tuple(rows), None, note)


def notes_of(pack: SafePack) -> list[tuple[str, str]]:
    """What a reader of numbers alone must know: (what about, note)."""
    why_missing = (
        wording.why_no_roles(pack),
        wording.why_no_months(pack),
        wording.why_no_growth(pack),
        wording.why_no_others(pack),
    )
    platform = platform_finding(pack)
    return [
        ("Shorthand", f"{SHORTHAND} means hidden. {pack.roles.note}"),
        *(("Dates", date) for date in [*filter(None, [wording.earlier_state(pack)]), *wording.dates(pack)]),
        *((wording.HEADINGS["roles"], said) for said in wording.dates_of_roles(pack)),
        *((wording.HEADINGS["changes"], said) for said in wording.changes(pack)),
        *((wording.HEADINGS["counting"], " ".join(said)) for said in wording.COUNTING),
        (wording.HEADINGS["reconciliation"], wording.RECONCILIATION),
        *((wording.HEADINGS["reconciliation"], said) for said in (platform,) if said),
        *((wording.HEADINGS["limits"], said) for said in wording.limits(pack)),
        *(("Not in this pack", said) for said in why_missing if said),
        (wording.HEADINGS["citing"], wording.citation(pack)),
    ]


def tables_of(pack: SafePack) -> list[Table]:
    """Those that there are; what is missing, `prose` says why."""
    made = [
        _roles(pack) if wording.why_no_roles(pack) is None else None,
        _changes(pack),
        _role_periods(pack),
        _growth(pack),
        *_timeline(pack),
        _not_counted(pack) if pack.not_counted.rows else None,
    ]
    return [table for table in made if table]


def _roles(pack: SafePack) -> Table:
    shares, total = wording.has_shares(pack), pack.roles.total
    rows = tuple(
        Row(
            row.label,
            (_value(row.cell.n), _value(row.percent)) if shares else (_value(row.cell.n),),
            f" (as at {in_words(row.since)})" if row.since else "",
        )
        for row in pack.roles.rows
    )
    return Table(
        "roles",
        "Roles",
        "Signatories by the role they chose on the form",
        ("Role", "Signatories", "Share (%)") if shares else ("Role", "Signatories"),
        rows,
        Row("All signatories (exact)", (total, 100) if shares else (total,)),
        wording.roles_note(pack),
    )


def _growth(pack: SafePack) -> Table | None:
    if pack.growth is None or wording.why_no_growth(pack):
        return None
    *earlier, last = (Row(point.ends_on, (point.n,)) for point in pack.growth.points)
    return Table(
        "growth",
        "Growth",
        "Signatories so far, by week",
        ("By the end of", "Signatories so far"),
        (*earlier, last._replace(remark=f" (exact, at {pack.as_at:%H:%M})")),
        None,
        wording.growth_note(pack),
    )


def _role_periods(pack: SafePack) -> Table | None:
    grid = pack.role_periods
    if grid is None:
        return None
    return Table(
        "role-periods",
        "Roles by month",
        "Signatories so far by role, at the ends of months",
        ("Role", *(f"By {in_words(end)}" for end in grid.ends)),
        tuple(Row(label, tuple(map(_value, counts))) for label, counts in grid.rows),
        Row("All signatories (exact)", grid.totals),
        f"{pack.roles.note} A month in which too little could be told is left out, and a figure that could "
        "not be renewed at the end of a month is an earlier one.",
    )


def _changes(pack: SafePack) -> Table | None:
    since = pack.since
    if since is None or since.roles_as_at is None:
        return None
    first, last = map(in_words, since.roles_as_at)
    return Table(
        "changes",
        "Changes",
        f"Signatories by role on {first} and on {last}",
        ("Role", f"On {first}", f"On {last}"),
        tuple(Row(label, (_value(then), _value(now))) for label, then, now in since.rows),
        None,
        f"{pack.roles.note} A figure that is the same on both days may have moved by a little.",
    )


def _timeline(pack: SafePack) -> list[Table]:
    """What follows from the points of growth: by week, milestones; and the gaps in the data."""
    made = []
    if pack.growth and wording.why_no_growth(pack) is None:
        weeks = tuple(Row(_days(step.starts_on, step.ends_on), (step.n,)) for step in pack.weeks)
        made.append(
            Table(
                "weeks",
                "New by week",
                "New signatories, by week",
                ("From and to", "New signatories (rounded)"),
                weeks,
                None,
                wording.weeks_note(pack),
            )
        )
        if pack.milestones:
            reached = tuple(Row(one.by, (one.n,)) for one in pack.milestones)
            heads = ("Reached by the end of", "Signatories")
            made.append(
                Table(
                    "milestones",
                    "Milestones",
                    milestone_finding(pack.milestones) or "",
                    heads,
                    reached,
                    None,
                    wording.milestones_note(pack),
                )
            )
    if pack.gaps:
        days = tuple(
            Row(_days(gap.starts_on, gap.ends_on), ((gap.ends_on - gap.starts_on).days + 1,))
            for gap in pack.gaps
        )
        heads = ("From and to", "Days")
        made.append(
            Table("gaps", "Gaps", "Days on which no data came in", heads, days, None, wording.GAPS_NOTE)
        )
    return made


def _days(first: date, last: date) -> str:
    return f"{in_words(first)} to {in_words(last)}"


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
