"""The one door from raw figures to readers: what a pack may say of them, beside what packs have shown."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from reports.disclosure.cohorts import CountsOf, Frame, renewed, standing
from reports.disclosure.over_time import next_points, roles_by_month, so_far
from reports.disclosure.suppression import USUAL_THRESHOLD, rounded
from reports.figures import Figures
from reports.packs_shown import NOT_COUNTED, NOTHING_SHOWN, ROLES, Counts, Memory, ShownTable
from reports.pledge_text import paragraphs_of
from reports.readable import not_counted, readable
from reports.safe_pack import SafeBreakdown, SafeChange, SafeDifference, SafePack


def made_safe(
    figures: Figures,
    before: Memory = NOTHING_SHOWN,
    *,
    threshold: int,
    zone: ZoneInfo,
    counts_of: CountsOf = lambda _: None,
    since: datetime | None = None,
    threshold_reason: str | None = None,
) -> tuple[SafePack, Memory]:
    """Apply disclosure control to all of *figures*, beside what packs have shown *before*.

    counts_of: for tables of other runs. since: the earlier pack to compare with; None: the last one.
    Returns the pack, and what packs have shown once it is handed out.
    """
    figures = readable(figures)
    at, total = figures.as_at.astimezone(zone), figures.n_signatories
    labels = [label for label, _ in figures.by_role]
    exact = {ROLES: figures.by_role, NOT_COUNTED: not_counted(figures.places, figures.held_back)}
    exact |= {one.slug: one.by_choice for one in figures.breakdowns}

    def counts(table: ShownTable) -> Counts | None:
        if table.run_id != figures.run_id:
            return counts_of(table)
        rows = figures.by_day_and_role
        return so_far(rows, labels, table.upto) if table.upto else dict(exact[table.what])

    shown = [replace(one, at=one.at.astimezone(zone)) for one in before.tables]
    frame = Frame(at, figures.run_id, threshold, shown, counts)
    tables = {what: renewed(what, rows, frame) for what, rows in exact.items()}
    pack = SafePack(
        title=figures.title,
        organisation=figures.organisation,
        as_at=at,
        run_id=figures.run_id,
        threshold=threshold,
        total=total,
        asks_role=bool(figures.by_role),
        roles=tables[ROLES],
        wording=paragraphs_of(figures.wording),
        wording_since=figures.wording_since,
        not_counted=tables[NOT_COUNTED],
        platform=_difference(figures, threshold),
        role_periods=roles_by_month(figures.by_day_and_role, labels, frame),
        breakdowns=tuple(
            SafeBreakdown(one.name, one.slug, one.question, tables[one.slug]) for one in figures.breakdowns
        ),
        gaps=figures.gaps,
        as_of=figures.as_of,
        made_at=figures.made_at and figures.made_at.astimezone(zone),
        threshold_reason=threshold_reason if threshold < USUAL_THRESHOLD else None,
    )
    if total >= threshold:
        pack = _with_dates(pack, figures, before)
    decided = [kind for when, kind in figures.decided if pack.roles.as_at and when > pack.roles.as_at]
    pack = replace(pack, since=_change(pack, before, frame, since), decided=tuple(dict.fromkeys(decided)))
    points = pack.growth.points[:-1] if pack.growth else ()
    told = Memory(((at, total),), tuple(frame.shown), points, pack.signed_since)
    return pack, told.joined(before)


def _with_dates(pack: SafePack, figures: Figures, before: Memory) -> SafePack:
    """With what a pack says of when people signed, and between what their number lies."""
    days = [day for day in (before.signed_since, figures.first_signed_on) if day]
    return replace(
        pack,
        signed_since=min(days, default=None),
        growth=next_points(figures.by_day, before.points, min(days), pack) if days else None,
        between=_between(figures, pack.threshold),
        doubts=tuple(kind for kind, n in figures.doubts if n >= pack.threshold),
    )


def _between(figures: Figures, threshold: int) -> tuple[int, int] | None:
    """At least one whole threshold to either side, so that a single doubt, or none, doesn't show."""
    if figures.lowest is None or figures.highest is None:
        return None
    n = figures.n_signatories
    down, up = (max(1, -(-apart // threshold)) for apart in (n - figures.lowest, figures.highest - n))
    return max(0, n - down * threshold), n + up * threshold


def _difference(figures: Figures, threshold: int) -> SafeDifference | None:
    if figures.platform is None:
        return None
    n_platform, n_here, counted_on = figures.platform
    n = abs(n_platform - n_here)
    return SafeDifference(rounded(n, threshold) if n >= threshold else None if n else 0, counted_on)


def _change(pack: SafePack, before: Memory, frame: Frame, since: datetime | None) -> SafeChange | None:
    """What has changed since the pack of *since*, or since the last one before this."""
    now = pack.as_at, pack.total  # an erasure or a decision changes figures that are as at the same instant
    packs = [one for one in before.packs if (one[0] == since if since else one[0] <= now[0] and one != now)]
    if not packs:
        return None
    (at, n), zone = packs[-1], pack.as_at.tzinfo
    then, now_at = frame.last(ROLES, by=at), pack.roles.as_at or pack.as_at
    if not then or not pack.roles.rows or then.at >= now_at or then is frame.of_this_run(ROLES):
        return SafeChange(at.astimezone(zone), n, None, ())
    earlier = {row.label: row.n for row in standing(then, pack.threshold).rows}
    rows = tuple((row.label, earlier.get(row.label), row.n) for row in pack.roles.rows)
    return SafeChange(at.astimezone(zone), n, (then.at.astimezone(zone), now_at), rows)
