"""The one door from raw figures to readers: every format renders a `SafePack` and sees nothing else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import category
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reports.disclosure.months import SafeGrid, grid_of, with_months
from reports.disclosure.release_sequence import (
    NOTHING_SHOWN,
    Memory,
    Shown,
    next_others,
    next_points,
    next_table,
)
from reports.disclosure.suppression import (
    GREATEST_THRESHOLD,
    LEAST_THRESHOLD,
    USUAL_THRESHOLD,
    SafeSeries,
    SafeTable,
    rounded,
)
from reports.disclosure.timeline import Gap, Milestone, Step, gaps_between, milestones_of, steps_of
from reports.errors import PackSettingError
from reports.figures import HELD_BACK, PLACES, SIGNATORY, Figures


@dataclass(frozen=True)
class SafeDifference:
    """How far two counts are apart, never the counts themselves.

    Beside the rounded number of responses ever seen, the platform's would tell how many were withdrawn.

    n: 0 where they are the same, rounded where it is at or above the threshold, else None.
    """

    n: int | None
    counted_on: date


@dataclass(frozen=True)
class SafeChange:
    """What has changed since an earlier state, from what packs have shown only.

    as_at: of the earlier state; total: exact, then. roles_as_at: the days whose tables of roles are compared;
        None when there are no two. rows: (label, then, now), both shown then and now and renewed in between.
    """

    as_at: datetime
    total: int
    roles_as_at: tuple[date, date] | None
    rows: tuple[tuple[str, int | None, int | None], ...]


@dataclass(frozen=True)
class SafePack:
    """All that a pack says.

    as_at: in the readers' time zone.
    total: exact.
    asks_role: False when the form has no such question; then *roles* is empty.
    growth, first_signed_on, last_signed_on: None when fewer signed than the threshold.
    wording: its paragraphs, none of them blank.
    between: least and greatest number of signatories, rounded outward to whole thresholds from the total
        unless no doubt is open; None when it isn't
        known, or fewer signed than the threshold.
    platform: how far the platform's own count of responses is from ours; None when they weren't compared.
    not_counted: where the other responses are. Its total, and *n_seen*, are rounded, so that one more
        erased or held back doesn't show. *n_seen* is None when fewer than the threshold are elsewhere.
    weeks, milestones: what the points of *growth* tell.
    role_periods: roles at the ends of months; None when too little of it may be told.
    gaps: days without data.
    as_of: the earlier day whose end this shows; *made_at*: when it was made then. None for the current state.
    threshold_reason: why the threshold is lower than usual; None when it isn't.
    since: what has changed since an earlier state; None when that wasn't asked.
    """

    title: str
    organisation: str
    as_at: datetime
    run_id: str
    threshold: int
    total: int
    first_signed_on: date | None
    last_signed_on: date | None
    asks_role: bool
    roles: SafeTable
    growth: SafeSeries | None
    wording: tuple[str, ...]
    wording_since: date | None
    n_seen: int | None
    not_counted: SafeTable
    between: tuple[int, int] | None
    platform: SafeDifference | None
    weeks: tuple[Step, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    role_periods: SafeGrid | None = None
    gaps: tuple[Gap, ...] = ()
    as_of: date | None = None
    made_at: datetime | None = None
    threshold_reason: str | None = None
    since: SafeChange | None = None


def make_safe(figures: Figures, *, threshold: int, tz: str, threshold_reason: str | None = None) -> SafePack:
    """The first pack of *figures*, as if none had been made before; see `made_safe`."""
    return made_safe(figures, NOTHING_SHOWN, threshold=threshold, tz=tz, threshold_reason=threshold_reason)[0]


def made_safe(
    figures: Figures, before: Memory, *, threshold: int, tz: str, threshold_reason: str | None = None
) -> tuple[SafePack, Memory]:
    """Apply disclosure control to all of *figures*, beside what packs have shown *before*.

    Returns the pack, and what packs have shown once it is handed out.

    Raises:
        PackSettingError: the threshold is not from 5 to 20, or *tz* names no time zone.
        TooNearError: an earlier day's pack would tell too much beside a later one's.
    """
    if not LEAST_THRESHOLD <= threshold <= GREATEST_THRESHOLD:
        allowed = f"from {LEAST_THRESHOLD} to {GREATEST_THRESHOLD}"
        raise PackSettingError(f"The threshold {threshold} is not {allowed}. Choose one that is.")
    as_at = figures.as_at.astimezone(_zone(tz))
    has_dates = figures.n_signatories >= threshold
    labels = [_one_line(label) for label, _ in figures.by_role]
    at = _own_instant(as_at, figures.n_signatories, before)
    roles, told = next_table(
        list(zip(labels, [n for _, n in figures.by_role], strict=True)),
        at=at,
        threshold=threshold,
        before=before,
    )
    not_counted, others = next_others(_not_counted(figures), at=at, threshold=threshold, before=before.others)
    growth = next_points(
        figures.by_day, as_at_on=as_at.date(), threshold=threshold, before=before, is_renewed=bool(told)
    )
    after = _remembered(before, figures, at, (told, others), growth if has_dates else None)
    by_role = [(day, _one_line(label), n) for day, label, n in figures.by_day_and_role]
    if not before.roles:
        after = with_months(after, by_role, labels, at=at, threshold=threshold)
    pack = SafePack(
        title=_one_line(figures.title),
        organisation=_one_line(figures.organisation),
        as_at=as_at,
        run_id=figures.run_id,
        threshold=threshold,
        total=figures.n_signatories,
        first_signed_on=_first(before, figures) if has_dates else None,
        last_signed_on=_last(before, figures) if has_dates else None,
        asks_role=bool(figures.by_role),
        roles=roles,
        growth=growth,
        wording=tuple(line.strip() for line in _writable(figures.wording).splitlines() if line.strip()),
        wording_since=figures.wording_since,
        n_seen=rounded(figures.n_signatories + not_counted.total, threshold) if not_counted.rows else None,
        not_counted=not_counted,
        between=_between(figures, threshold) if has_dates else None,
        platform=_difference(figures, threshold),
        weeks=steps_of(growth) if growth else (),
        milestones=milestones_of(growth, threshold) if growth else (),
        role_periods=grid_of(after, labels, at=at, threshold=threshold),
        gaps=gaps_between(figures.read_on, upto=as_at.date()),
        as_of=figures.as_of,
        made_at=figures.made_at and figures.made_at.astimezone(as_at.tzinfo),
        threshold_reason=threshold_reason if threshold < USUAL_THRESHOLD else None,
    )
    return pack, after


def _own_instant(at: datetime, total: int, before: Memory) -> datetime:
    """*at*, or a little later where a table of the same instant has another total."""
    while any(one.at == at and one.total != total for one in before.roles):
        at += timedelta(microseconds=1)
    return at


def _remembered(
    before: Memory,
    figures: Figures,
    at: datetime,
    tables: tuple[Shown | None, Shown | None],
    growth: SafeSeries | None,
) -> Memory:
    roles, others = tables
    points = {point.ends_on: point for point in before.points}
    points |= {point.ends_on: point for point in (growth.points[:-1] if growth else ())}
    return Memory(
        totals=tuple(sorted({*before.totals, (at, figures.n_signatories)})),
        roles=tuple(sorted((*before.roles, *([roles] if roles else [])), key=lambda one: one.at)),
        others=tuple(sorted((*before.others, *([others] if others else [])), key=lambda one: one.at)),
        points=tuple(sorted(points.values(), key=lambda point: point.ends_on)),
        first_signed_on=_first(before, figures) if growth else before.first_signed_on,
        last_signed_on=_last(before, figures) if growth else before.last_signed_on,
    )


def _first(before: Memory, figures: Figures) -> date | None:
    """As first told: that who signed first has left is not to be seen by it."""
    return before.first_signed_on or figures.first_signed_on


def _last(before: Memory, figures: Figures) -> date | None:
    told, now = before.last_signed_on, figures.last_signed_on
    return max(told, now) if told and now and told <= figures.as_at.date() else now


def _between(figures: Figures, threshold: int) -> tuple[int, int] | None:
    """Whole thresholds around the total: ends on round numbers would tell the exact ones, night by night."""
    if figures.lowest is None or figures.highest is None:
        return None
    if figures.lowest == figures.highest:  # no doubt is open, and the total is exact anyway
        return figures.n_signatories, figures.n_signatories
    n = figures.n_signatories
    down, up = (max(1, -(-apart // threshold)) for apart in (n - figures.lowest, figures.highest - n))
    return max(0, n - down * threshold), n + up * threshold


def _difference(figures: Figures, threshold: int) -> SafeDifference | None:
    if figures.platform is None:
        return None
    n_platform, n_here, counted_on = figures.platform
    n = abs(n_platform - n_here)
    return SafeDifference(rounded(n, threshold) if n >= threshold else None if n else 0, counted_on)


def _not_counted(figures: Figures) -> list[tuple[str, int]]:
    """One flat table of all places but the signatories, the rules that hold back in detail.

    One, because two tables with a margin in common could be subtracted from each other.
    """
    detailed = [
        (place, reason, n) for place, reason, n in figures.places if place not in (SIGNATORY, HELD_BACK)
    ]
    detailed += [(HELD_BACK, reason or rule, n) for rule, reason, n in figures.held_back]
    in_order = sorted(detailed, key=lambda row: PLACES.index(row[0]))
    return [(_label(place, reason), n) for place, reason, n in in_order]


def _label(place: str, reason: str) -> str:
    return _one_line(f"{place.capitalize()}: {reason}" if reason else place.capitalize())


def _one_line(text: str) -> str:
    return " ".join(_writable(text).split())


def _writable(text: str) -> str:
    """*text* without what no XML, and so no chart, may hold: control characters and broken surrogates."""
    return "".join(
        sign
        for sign in text
        if sign.isspace() or (category(sign) not in ("Cc", "Cs") and sign not in "\ufffe\uffff")
    )


def _zone(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PackSettingError(f"There is no time zone {tz!r}. Use a name such as Europe/London.") from error
