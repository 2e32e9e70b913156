"""The tables of a pack, the same in every format: from the safe pack, so each number in them may be shown."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from reports.branding import Brand
from reports.dates import in_words, moment_in_words
from reports.safe_pack import SafePack, SafeTable
from reports.texts import wording
from reports.texts.timeline import Milestone, milestones_of, steps_of

SHORTHAND = "[c]"  # a hidden count in a spreadsheet; the statistical service's for confidential
NAMES = ("roles", "changes", "role-periods", "growth", "weeks", "milestones", "gaps", "not-counted")


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
    rows = [Row(what, (n,)) for what, n in figures]
    note = wording.between(pack) or ""
    return Table("summary", "Summary", wording.title(pack), ("Figure", "Number"), rows, note)


def notes_of(pack: SafePack, brand: Brand) -> list[tuple[str, str]]:
    """What a reader of numbers alone must know: (what about, note)."""
    headings = wording.HEADINGS
    notes: dict[str, Sequence[str | None]] = {
        "Shorthand": [f"{SHORTHAND} means hidden. {wording.hidden_note(pack)}"],
        "Dates": [wording.earlier_state(pack), *(f"{date}." for date in wording.dates(pack))],
        headings["roles"]: [wording.stands(pack.roles, pack), wording.undecided(pack)],
        **{one.name: [wording.stands(one.table, pack)] for one in pack.breakdowns},
        headings["changes"]: wording.changes(pack),
        headings["counting"]: [" ".join(sentence) for sentence in wording.COUNTING],
        headings["reconciliation"]: [wording.RECONCILIATION, wording.platform_finding(pack)],
        headings["limits"]: wording.limits(pack),
        "Not in this pack": list(wording.missing(pack).values()),
        headings["release"]: [f"{what}: {answer}" for what, answer in wording.release(pack, brand)],
    }
    return [(about, note) for about, sentences in notes.items() for note in sentences if note]


def tables_of(pack: SafePack) -> list[Table]:
    """Those that there are; what is missing, `wording` says why."""
    made = [
        _roles(pack), _role_periods(pack), *_breakdowns(pack), _changes(pack), *_over_time(pack), _gaps(pack),
        _not_counted(pack),
    ]  # fmt: skip
    return [table for table in made if table]


def _roles(pack: SafePack) -> Table | None:
    title = "Signatories by the role they chose on the form"
    made = _of_people(Table("roles", "Roles", title, ("Role",), [], ""), pack, pack.roles)
    more = wording.undecided(pack)
    return made._replace(note=f"{made.note} {more}") if made and more else made


def _breakdowns(pack: SafePack) -> Iterator[Table | None]:
    for number, one in enumerate(pack.breakdowns, 1):
        title = f"Signatories by their answer to “{one.question}”"
        empty = Table(one.slug, f"Breakdown {number}", title, (one.name,), [], "")
        yield _of_people(empty, pack, one.table)


def _of_people(empty: Table, pack: SafePack, table: SafeTable) -> Table | None:
    """*empty* with all signatories; their total is exact unless the table is of an earlier time."""
    if not table.rows:
        return None
    when = wording.as_at(table, pack)
    n = 2 if any(row.percent is not None for row in table.rows) else 1
    everybody = f"All signatories, {when} (rounded)" if when else "All signatories (exact)"
    return empty._replace(
        title=f"{empty.title}, {when}" if when else empty.title,
        headings=(*empty.headings, "Signatories", "Share (%)")[: n + 1],
        rows=[Row(row.label, (row.n, row.percent)[:n]) for row in table.rows],
        note=wording.note_of(table, pack),
        foot=Row(everybody, (table.total, 100)[:n]),
    )


def _changes(pack: SafePack) -> Table | None:
    since = pack.since
    if since is None or since.roles_as_at is None:
        return None
    first, last = map(in_words, since.roles_as_at)
    title = f"Signatories by role on {first} and on {last}"
    rows = [Row(role, (then, now)) for role, then, now in since.rows]
    note = f"{wording.hidden_note(pack)} A figure that is the same on both days may have moved by a little."
    return Table("changes", "Changes", title, ("Role", f"On {first}", f"On {last}"), rows, note)


def _role_periods(pack: SafePack) -> Table | None:
    grid = pack.role_periods
    if grid is None:
        return None
    title = "Signatories so far by role, over time"
    heads = ("Role", *(f"On {moment_in_words(at)}" for at in grid.at))
    rows = [Row(role, counts) for role, counts in grid.rows]
    note = (
        f"{wording.hidden_note(pack)} Each column is of its own day, and between two of them at least "
        f"{pack.threshold} people signed. {wording.revisions(pack)}"
    )
    foot = Row("All signatories (rounded)", grid.totals)
    return Table("role-periods", "Roles by month", title, heads, rows, note, foot)


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
        f"last figure are rounded to the nearest 5. {wording.revisions(pack)}"
    )
    yield Table("growth", "Growth", "Signatories so far, by week", heads, so_far, note)
    weeks = [Row(wording.span_in_words(week), (week.n,)) for week in steps_of(pack.growth)]
    heads = ("From and to", "New signatories (rounded)")
    note = f"These are the differences of the figures so far, rounded as those are. {joined}"
    yield Table("weeks", "New by week", "New signatories, by week", heads, weeks, note)
    if milestones := milestones_of(pack.growth, pack.threshold):
        yield _milestones(pack, milestones)


def _milestones(pack: SafePack, milestones: Sequence[Milestone]) -> Table:
    """As far as the points of growth tell them, and no finer."""
    greatest = max(milestones, key=lambda one: one.n)
    title = f"{greatest.n:,} had signed by {in_words(greatest.by)}"
    rows = [Row(one.by, (one.n,)) for one in milestones]
    note = (
        "Each number had been reached by the end of the day given, the first in the table of signatories so "
        f"far for which rounding leaves no doubt of it; numbers up to {pack.total:,}."
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
    when = wording.as_at(others, pack)
    title = f"Forms received that are not signatures{f', {when}' if when else ''}"
    rows = [Row(row.label, (row.n,)) for row in others.rows]
    foot = Row("All of these (rounded)", (others.total,))
    note = " ".join(filter(None, [wording.stands(others, pack), wording.hidden_note(pack)]))
    return Table("not-counted", "Not counted", title, ("Where they are", "Forms"), rows, note, foot)
