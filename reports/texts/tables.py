"""The tables of a pack, the same in every format: from the safe pack, so each number in them may be shown."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from reports.dates import in_words
from reports.disclosure.safe_pack import SafePack
from reports.texts import wording

SHORTHAND = "[c]"  # a hidden count in a spreadsheet; the statistical service's for confidential
NAMES = ("roles", "changes", "role-periods", "growth", "weeks", "milestones", "gaps", "not-counted")
ALL = "All signatories (exact)"


class Row(NamedTuple):
    """what: a label, or the day by whose end the numbers held. remark: goes on after it.

    cells: None is a hidden count.
    """

    what: str | date
    cells: tuple[int | None, ...]
    remark: str = ""


class Table(NamedTuple):
    """One table.

    sheet: its name among a spreadsheet's. title: its caption.
    headings: of all columns, the first that of the rows' labels.
    foot: the total row; None where there is none. note: how to read it; may be empty.
    """

    name: str
    sheet: str
    title: str
    headings: tuple[str, ...]
    rows: list[Row]
    note: str
    foot: Row | None = None


def summary_of(pack: SafePack) -> Table:
    """The few figures of the headline, for formats that are read by machines."""
    figures = [("People who have signed (exact)", pack.total)]
    if pack.between:
        low, high = pack.between
        figures += [("Least it may be (rounded down)", low), ("Most it may be (rounded up)", high)]
    if pack.n_seen is not None:
        figures.append(("Forms received (rounded)", pack.n_seen))
        figures.append(("Forms that are not signatories (rounded)", pack.not_counted.total))
    rows = [Row(what, (n,)) for what, n in figures]
    note = wording.between(pack) or ""
    return Table("summary", "Summary", wording.title(pack), ("Figure", "Number"), rows, note)


def notes_of(pack: SafePack) -> list[tuple[str, str]]:
    """What a reader of numbers alone must know: (what about, note)."""
    headings = wording.HEADINGS
    notes: dict[str, Sequence[str | None]] = {
        "Shorthand": [f"{SHORTHAND} means hidden. {pack.roles.note}"],
        "Dates": [wording.earlier_state(pack), *wording.dates(pack)],
        headings["roles"]: wording.dates_of_roles(pack),
        headings["changes"]: wording.changes(pack),
        headings["counting"]: [" ".join(sentence) for sentence in wording.COUNTING],
        headings["reconciliation"]: [wording.RECONCILIATION, wording.platform_finding(pack)],
        headings["limits"]: wording.limits(pack),
        "Not in this pack": list(wording.missing(pack).values()),
        headings["citing"]: [wording.citation(pack)],
    }
    return [(about, note) for about, sentences in notes.items() for note in sentences if note]


def tables_of(pack: SafePack) -> list[Table]:
    """Those that there are; what is missing, `wording` says why."""
    made = [_roles(pack), _changes(pack), _role_periods(pack), *_over_time(pack), _gaps(pack)]
    return [table for table in (*made, _not_counted(pack)) if table]


def _roles(pack: SafePack) -> Table | None:
    if not pack.roles.rows:
        return None
    heads = ("Role", "Signatories", "Share (%)")
    n = 2 if wording.has_shares(pack) else 1
    rows = [
        Row(row.label, (row.cell.n, row.percent)[:n], f" (as at {in_words(row.since)})" if row.since else "")
        for row in pack.roles.rows
    ]
    title = "Signatories by the role they chose on the form"
    foot = Row(ALL, (pack.roles.total, 100)[:n])
    return Table("roles", "Roles", title, heads[: n + 1], rows, wording.roles_note(pack), foot)


def _changes(pack: SafePack) -> Table | None:
    since = pack.since
    if since is None or since.roles_as_at is None:
        return None
    first, last = map(in_words, since.roles_as_at)
    title = f"Signatories by role on {first} and on {last}"
    rows = [Row(role, (then, now)) for role, then, now in since.rows]
    note = f"{pack.roles.note} A figure that is the same on both days may have moved by a little."
    return Table("changes", "Changes", title, ("Role", f"On {first}", f"On {last}"), rows, note)


def _role_periods(pack: SafePack) -> Table | None:
    grid = pack.role_periods
    if grid is None:
        return None
    title = "Signatories so far by role, at the ends of months"
    heads = ("Role", *(f"By {in_words(end)}" for end in grid.ends))
    rows = [Row(role, counts) for role, counts in grid.rows]
    note = (
        f"{pack.roles.note} A month in which too little could be told is left out, and a figure that could "
        "not be renewed at the end of a month is an earlier one."
    )
    return Table("role-periods", "Roles by month", title, heads, rows, note, Row(ALL, grid.totals))


def _over_time(pack: SafePack) -> Iterator[Table]:
    """The points of growth, and what follows from them: by week, and milestones."""
    if pack.growth is None or len(pack.growth.points) == 1:
        return
    joined = f"A week in which fewer than {pack.threshold} signed is joined with its neighbours."
    *earlier, last = (Row(point.ends_on, (point.n,)) for point in pack.growth.points)
    so_far = [*earlier, last._replace(remark=f" (exact, at {pack.as_at:%H:%M})")]
    heads = ("By the end of", "Signatories so far")
    note = (
        f"Each person counts in the week of their first signature. Weeks end on Sunday. {joined} All but the "
        "last figure are rounded to the nearest 5."
    )
    yield Table("growth", "Growth", "Signatories so far, by week", heads, so_far, note)
    weeks = [Row(wording.span_in_words(week), (week.n,)) for week in pack.weeks]
    heads = ("From and to", "New signatories (rounded)")
    note = f"These are the differences of the figures so far, rounded as those are. {joined}"
    yield Table("weeks", "New by week", "New signatories, by week", heads, weeks, note)
    if pack.milestones:
        yield _milestones(pack)


def _milestones(pack: SafePack) -> Table:
    """As far as the points of growth tell them, and no finer."""
    greatest = max(pack.milestones, key=lambda one: one.n)
    title = f"{greatest.n:,} had signed by {in_words(greatest.by)}"
    rows = [Row(one.by, (one.n,)) for one in pack.milestones]
    note = (
        "Each number was reached by the end of the day given, and not yet by the end of the week before "
        f"it in the table of signatories so far; numbers up to {pack.total:,}."
    )
    return Table("milestones", "Milestones", title, ("Reached by the end of", "Signatories"), rows, note)


def _gaps(pack: SafePack) -> Table | None:
    if not pack.gaps:
        return None
    rows = [Row(wording.span_in_words(gap), ((gap.ends_on - gap.starts_on).days + 1,)) for gap in pack.gaps]
    note = "A gap in the data is not a quiet time: signatures of those days were read later."
    return Table("gaps", "Gaps", "Days on which no data came in", ("From and to", "Days"), rows, note)


def _not_counted(pack: SafePack) -> Table | None:
    others = pack.not_counted
    if not others.rows:
        return None
    title = f"Of about {pack.n_seen:,} forms received, {pack.total:,} are signatories; the others are here"
    rows = [Row(row.label, (row.cell.n,)) for row in others.rows]
    foot = Row("All others (rounded)", (others.total,))
    return Table("not-counted", "Not counted", title, ("Place", "Forms"), rows, others.note, foot)
