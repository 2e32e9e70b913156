"""Packs of different times, held side by side: what was shown, and what may be shown next.

See `reports.disclosure.suppression` for what is to be kept from a reader, and decision 0037.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from reports.disclosure.spans import Span, Told, tells_too_much
from reports.disclosure.suppression import (
    SafeCell,
    SafePoint,
    SafeRow,
    SafeSeries,
    SafeTable,
    hidden_among,
    possible,
    protect,
    protect_growth,
    protect_without_total,
    rounded,
    shown_row,
    week_ends_on,
)
from reports.errors import TooNearError

SPACING = 2  # thresholds by which a total must have moved before its table is looked at again
MOST_COMPARED = 20  # other tables, and other totals, the nearest in time


@dataclass(frozen=True)
class ShownRow:
    """A role as a pack showed it.

    n: rounded; None: hidden. of: the total when it was so. at: when it was so; earlier than the table's
    where an earlier figure was left standing.
    """

    label: str
    n: int | None
    of: int
    at: datetime


@dataclass(frozen=True)
class Shown:
    """A table that was shown; what it holds was in a pack.

    at: as-at time of its figures. total: as the pack had it. threshold: that it was made with.
    """

    at: datetime
    total: int
    threshold: int
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class Memory:
    """What packs have shown so far, of all times.

    totals: of every pack, exact. roles: with exact totals. others: the forms that are not signatories, with
        rounded ones.
    points: of growth, but for the last of each pack, which was an exact total.
    first_signed_on, last_signed_on: None when no pack told.
    """

    totals: tuple[tuple[datetime, int], ...] = ()
    roles: tuple[Shown, ...] = ()
    others: tuple[Shown, ...] = ()
    points: tuple[SafePoint, ...] = ()
    first_signed_on: date | None = None
    last_signed_on: date | None = None


NOTHING_SHOWN = Memory()


def next_table(
    roles: Sequence[tuple[str, int]], *, at: datetime, threshold: int, before: Memory
) -> tuple[SafeTable, Shown | None]:
    """The table of roles to show beside those shown *before*, and what to remember of it.

    None: there is nothing new to remember, since an earlier table is shown again, or none.

    Raises:
        TooNearError: the total alone, beside a table of a later day, would tell too much.
    """
    alone = protect(roles, threshold=threshold)
    if not alone.rows:
        return alone, None
    earlier, later = _beside(before.roles, at)
    if any(_is_near(one, alone.total, threshold) for one in (earlier, later) if one):
        if later and _tells(_candidate(alone, {}, at, threshold), before):
            raise TooNearError(
                f"A pack of {at:%Y-%m-%d} would tell too much beside the one of {later.at:%Y-%m-%d}: too few "
                "people signed in between. Choose another day."
            )
        return _again(earlier, alone, threshold), None
    fresh = _that_may_be_new(roles, alone, at=at, threshold=threshold, before=before)
    stood = {row.label: row for row in earlier.rows} if earlier else {}
    rows = []
    for (label, n), row in zip(roles, alone.rows, strict=True):
        old = stood.get(label)
        if label in fresh and row.cell.n is not None:
            rows.append(ShownRow(label, row.cell.n, alone.total, at))
        elif n >= threshold and old and old.n is not None and old.n >= threshold:
            rows.append(old)
        else:
            rows.append(ShownRow(label, None, alone.total, at))
    shown = Shown(at, alone.total, threshold, tuple(rows))
    return _table(shown, alone, threshold), shown


def next_others(
    rows: Sequence[tuple[str, int]], *, at: datetime, threshold: int, before: Sequence[Shown]
) -> tuple[SafeTable, Shown | None]:
    """The same for a table without an exact total: a figure is new once it has moved by the threshold."""
    alone = protect_without_total(rows, threshold=threshold)
    earlier, later = _beside(before, at)
    if any(_is_near(one, alone.total, threshold) for one in (earlier, later) if one):
        return _again(earlier, alone, threshold), None
    stood = {row.label: row for row in earlier.rows} if earlier else {}
    told = []
    for (label, n), row in zip(rows, alone.rows, strict=bool(alone.rows)):
        old = stood.get(label)
        if row.cell.n is None or old is None or old.n is None:
            told.append(ShownRow(label, row.cell.n, alone.total, at))
        else:
            low, high = possible(old.n, threshold)
            has_moved = n - high >= threshold or low - n >= threshold
            told.append(ShownRow(label, row.cell.n, alone.total, at) if has_moved else old)
    shown = Shown(at, alone.total, threshold, tuple(told))
    table = _table(shown, alone, threshold)
    return replace(table, rows=tuple(replace(row, percent=None) for row in table.rows)), shown


def next_points(
    by_day: Sequence[tuple[date, int]], *, as_at_on: date, threshold: int, before: Memory, is_renewed: bool
) -> SafeSeries | None:
    """Growth beside what was shown *before*: a point once shown stays as it was.

    is_renewed: the table of roles is renewed too, so points that are wrong by the threshold may be put right.
    """
    alone = protect_growth(by_day, as_at_on=as_at_on, threshold=threshold)
    if alone is None or not before.points:
        return alone
    starts_on = min(
        alone.starts_on, week_ends_on(before.first_signed_on or alone.starts_on) - timedelta(days=6)
    )
    known = [point for point in before.points if point.ends_on < as_at_on]
    exact = [sum(n for day, n in by_day if day <= point.ends_on) for point in known]
    if is_renewed:
        known = [_put_right(point, n, threshold) for point, n in zip(known, exact, strict=True)]
    last_known = max(point.ends_on for point in before.points)
    n_known = sum(n for day, n in by_day if day <= last_known)
    *earlier, last = alone.points
    new = []
    for point in earlier:
        n = sum(n for day, n in by_day if day <= point.ends_on)
        if point.ends_on > last_known and n - n_known >= threshold:
            new.append(point)
            n_known = n
    if known and not new and last.n - exact[-1] < threshold:
        known.pop()  # a small last week joins the one before
    return SafeSeries(starts_on, (*_rising([*known, *new], last.n), last))


def _put_right(point: SafePoint, n: int, threshold: int) -> SafePoint:
    low, high = possible(point.n, threshold)
    is_wrong = low - n >= threshold or n - high >= threshold
    return SafePoint(point.ends_on, rounded(n, threshold)) if is_wrong else point


def _rising(points: Sequence[SafePoint], total: int) -> list[SafePoint]:
    """Without those that are above a later one: they were true once, and people have left since."""
    kept: list[SafePoint] = []
    for point in reversed(points):
        if point.n <= (kept[-1].n if kept else total):
            kept.append(point)
    return kept[::-1]


def _beside(before: Sequence[Shown], at: datetime) -> tuple[Shown | None, Shown | None]:
    """The last one not after *at*, and the first one after it."""
    earlier = max((one for one in before if one.at <= at), key=_when, default=None)
    return earlier, min((one for one in before if one.at > at), key=_when, default=None)


def _is_near(one: Shown, total: int, threshold: int) -> bool:
    return abs(one.total - total) < SPACING * max(one.threshold, threshold)


def _that_may_be_new(
    roles: Sequence[tuple[str, int]],
    alone: SafeTable,
    *,
    at: datetime,
    threshold: int,
    before: Memory,
) -> set[str]:
    """The roles whose figure of now may be told; the smallest changes are left out first."""
    earlier = _beside(before.roles, at)[0]
    stood = {row.label: row.n or 0 for row in earlier.rows} if earlier else {}
    moved = {label: abs(n - stood.get(label, 0)) for label, n in roles}
    fresh = {row.label: row.cell.n for row in alone.rows if row.cell.n is not None}
    while fresh and _tells(_candidate(alone, fresh, at, threshold), before):
        del fresh[min(fresh, key=moved.__getitem__)]
    return set(fresh)


def _candidate(alone: SafeTable, fresh: Mapping[str, int], at: datetime, threshold: int) -> Shown:
    rows = (ShownRow(row.label, fresh.get(row.label), alone.total, at) for row in alone.rows)
    return Shown(at, alone.total, threshold, tuple(rows))


def _tells(now: Shown, before: Memory) -> bool:
    """Would the new figures of *now*, beside all that was shown *before*, tell too much?"""
    if not before.totals and not before.roles:
        return False
    tables = sorted(before.roles, key=lambda one: abs(one.at - now.at))[:MOST_COMPARED]
    known = {one.at for one in [*tables, now]}
    totals = sorted(before.totals, key=lambda one: abs(one[0] - now.at))
    unknown = tuple(replace(row, n=None) for row in now.rows)
    others = [Shown(at, n, now.threshold, unknown) for at, n in totals if at not in known][:MOST_COMPARED]
    in_order = sorted([*tables, *others, now], key=_when)
    labels = list(dict.fromkeys(row.label for one in in_order for row in one.rows))
    width = max(one.threshold for one in in_order)
    return tells_too_much([_told(one, labels) for one in in_order], width)


def _told(one: Shown, labels: Sequence[str]) -> Told:
    spans = {
        row.label: Span(*possible(row.n, one.threshold))
        for row in one.rows
        if row.n is not None and row.at == one.at
    }
    own = {row.label for row in one.rows}
    asked = frozenset(at for at, label in enumerate(labels) if label in own)
    return Told(one.total, [spans.get(label) for label in labels], asked)


def _again(earlier: Shown | None, alone: SafeTable, threshold: int) -> SafeTable:
    if earlier is None:
        return replace(alone, rows=())
    return _table(earlier, alone, threshold)


def _table(shown: Shown, alone: SafeTable, threshold: int) -> SafeTable:
    """What *shown* shows, or less where the threshold was raised since."""
    hidden: set[int] = set()
    if threshold > shown.threshold:
        hidden = hidden_among([row.n for row in shown.rows], shown.total, threshold)
    rows = tuple(
        SafeRow(row.label, SafeCell(None), None) if row.n is None or at in hidden else _dated(row, shown)
        for at, row in enumerate(shown.rows)
    )
    return replace(alone, rows=rows, total=shown.total, as_on=shown.at.date())


def _dated(row: ShownRow, shown: Shown) -> SafeRow:
    safe = shown_row(row.label, row.n or 0, row.of)
    return safe if row.at == shown.at else replace(safe, since=row.at.date())


def _when(shown: Shown) -> datetime:
    return shown.at
