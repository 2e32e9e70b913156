"""The tables of a pack in long form: one value a row, each with its day and its status.

Shares follow from the counts and are left out. So are total rows, so that a column can be summed: each total
that isn't the sum of its column is in `summary`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from reports.branding import Brand
from reports.disclosure.suppression import rounded
from reports.safe_pack import SafePack, SafeTable
from reports.texts import wording
from reports.texts.tables import Table, notes_of, tables_of
from reports.texts.timeline import milestones_of, steps_of

Value = str | int | date | None
EXACT, ROUNDED, HIDDEN = "exact", "rounded", "hidden"
ROUNDED_DOWN, ROUNDED_UP = "rounded down", "rounded up"
EARLIER, LATER = "earlier", "later"


class Column(NamedTuple):
    """kind: "date", "string" or "integer".

    least: the least number that may stand here; None: nothing is said. is_hideable: None may stand here, a
        hidden count. texts: the only ones that there are; empty: any.
    """

    name: str
    kind: str = "string"
    least: int | None = None
    is_hideable: bool = False
    texts: tuple[str, ...] = ()


class LongTable(NamedTuple):
    """key: the columns by which each row is another. title, note: for whoever reads about it."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]
    title: str = ""
    note: str = ""


DAY, FROM, TO = (Column(name, "date") for name in ("date", "from", "to"))


def tables_in_long_form(pack: SafePack) -> list[LongTable]:
    """Those that every format has."""
    return [_in_long_form(table, pack) for table in tables_of(pack)]


def with_summary_and_notes(tables: list[LongTable], pack: SafePack, brand: Brand) -> list[LongTable]:
    columns = Column("about"), Column("note")
    notes = LongTable("notes", columns, ("about", "note"), notes_of(pack, brand), "Notes")
    return [_summary(pack), *tables, notes]


def _in_long_form(table: Table, pack: SafePack) -> LongTable:
    makers = {
        "roles": _roles, "role-periods": _role_periods, "changes": _changes, "growth": _growth,
        "weeks": _weeks, "milestones": _milestones, "gaps": _gaps, "not-counted": _not_counted,
    }  # fmt: skip
    chosen = {one.slug: one.table for one in pack.breakdowns}.get(table.name)
    made = _by_choice(table.name, chosen, pack) if chosen else makers[table.name](pack)
    return made._replace(title=table.title, note=made.note or table.note)


def _summary(pack: SafePack) -> LongTable:
    on = pack.as_at.date()
    rows: list[tuple[Value, ...]] = [("People who have signed", pack.total, EXACT, on)]
    if pack.between:
        low, high = pack.between
        rows += [("Least it may be", low, ROUNDED_DOWN, on), ("Most it may be", high, ROUNDED_UP, on)]
    rows += [(f"Total of {name}", n, ROUNDED, day) for name, n, day in _other_totals(pack)]
    status = Column("status", texts=(EXACT, ROUNDED, ROUNDED_DOWN, ROUNDED_UP))
    columns = Column("figure"), Column("value", "integer"), status, DAY
    return LongTable(
        "summary", columns, ("figure", "date"), rows, wording.title(pack), wording.between(pack) or ""
    )


def _other_totals(pack: SafePack) -> Iterator[tuple[str, int, date]]:
    """Of tables whose total isn't the pack's: the table's name, the total, its day."""
    people = {"roles": pack.roles, **{one.slug: one.table for one in pack.breakdowns}}
    tables = {name: table for name, table in people.items() if table.as_at}
    for name, table in (tables | {"not-counted": pack.not_counted}).items():
        if table.rows:
            yield name, table.total, _day_of(table, pack)
    if grid := pack.role_periods:
        for end, n in zip(grid.days, grid.totals, strict=True):
            yield "role-periods", n, end


def _roles(pack: SafePack) -> LongTable:
    return _of_people("roles", "role", pack.roles, pack, wording.undecided(pack))


def _by_choice(slug: str, table: SafeTable, pack: SafePack) -> LongTable:
    return _of_people(slug, "choice", table, pack)


def _of_people(name: str, what: str, table: SafeTable, pack: SafePack, more: str | None = None) -> LongTable:
    """The other formats' note speaks of shares."""
    note = " ".join(filter(None, [wording.stands(table, pack), wording.hidden_note(pack), more]))
    columns = DAY, Column(what), *_counts("signatories", _least(pack))
    return LongTable(name, columns, ("date", what), _rows_of(table, pack), note=note)


def _not_counted(pack: SafePack) -> LongTable:
    columns = DAY, Column("place"), *_counts("forms", _least(pack))
    return LongTable("not-counted", columns, ("date", "place"), _rows_of(pack.not_counted, pack))


def _role_periods(pack: SafePack) -> LongTable:
    """The other formats' note speaks of columns."""
    grid = pack.role_periods
    rows = [
        (end, wording.label(role), *_told(counts[at]))
        for at, end in enumerate(grid.days if grid else ())
        for role, counts in (grid.rows if grid else ())
    ]
    columns = DAY, Column("role"), *_counts("signatories", _least(pack))
    note = f"{wording.hidden_note(pack)} {wording.revisions(pack)}"
    return LongTable("role-periods", columns, ("date", "role"), rows, note=note)


def _changes(pack: SafePack) -> LongTable:
    """Both tables may be of one day."""
    since = pack.since
    first, last = (since and since.roles_as_at) or (pack.as_at, pack.as_at)
    rows = [
        (at.date(), table, wording.label(role), *_told(n))
        for role, then, now in (since.rows if since else ())
        for table, at, n in ((EARLIER, first, then), (LATER, last, now))
    ]
    columns = (
        DAY,
        Column("table", texts=(EARLIER, LATER)),
        Column("role"),
        *_counts("signatories", _least(pack)),
    )
    return LongTable("changes", columns, ("table", "role"), rows)


def _growth(pack: SafePack) -> LongTable:
    """The last one is exact, so it may be less than the threshold rounded."""
    points = pack.growth.points if pack.growth else ()
    rows = [(point.ends_on, point.n, EXACT if point is points[-1] else ROUNDED) for point in points]
    columns = DAY, Column("signatories", "integer", pack.threshold), Column("status", texts=(EXACT, ROUNDED))
    return LongTable("growth", columns, ("date",), rows)


def _weeks(pack: SafePack) -> LongTable:
    weeks = steps_of(pack.growth) if pack.growth else ()
    rows = [(week.starts_on, week.ends_on, week.n, ROUNDED) for week in weeks]
    columns = FROM, TO, Column("new_signatories", "integer", 0), Column("status", texts=(ROUNDED,))
    return LongTable("weeks", columns, ("from",), rows)


def _milestones(pack: SafePack) -> LongTable:
    milestones = milestones_of(pack.growth, pack.threshold) if pack.growth else ()
    rows = [(one.by, one.n) for one in milestones]
    return LongTable("milestones", (DAY, Column("signatories", "integer")), ("signatories",), rows)


def _gaps(pack: SafePack) -> LongTable:
    rows = [(gap.starts_on, gap.ends_on, (gap.ends_on - gap.starts_on).days + 1) for gap in pack.gaps]
    return LongTable("gaps", (FROM, TO, Column("days", "integer")), ("from",), rows)


def _counts(name: str, least: int) -> tuple[Column, Column]:
    return Column(name, "integer", least, is_hideable=True), Column("status", texts=(ROUNDED, HIDDEN))


def _rows_of(table: SafeTable, pack: SafePack) -> list[tuple[Value, ...]]:
    return [(_day_of(table, pack), wording.label(row.label), *_told(row.n)) for row in table.rows]


def _told(n: int | None) -> tuple[int | None, str]:
    return n, HIDDEN if n is None else ROUNDED


def _day_of(table: SafeTable, pack: SafePack) -> date:
    return (table.as_at or pack.as_at).date()


def _least(pack: SafePack) -> int:
    """The least count that may be shown, 10 where the threshold is: "10 or more", rounded."""
    return rounded(pack.threshold, pack.threshold)
