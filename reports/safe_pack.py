"""The one door from raw figures to readers: every format renders a `SafePack` and sees nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import category
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reports.disclosure import (
    BASE,
    GREATEST_THRESHOLD,
    LEAST_THRESHOLD,
    SafeSeries,
    SafeTable,
    protect,
    protect_growth,
    protect_without_total,
    rounded,
)
from reports.errors import PackSettingError
from reports.figures import HELD_BACK, PLACES, SIGNATORY, Figures

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True)
class SafeDifference:
    """How far two counts are apart, never the counts themselves.

    Beside the rounded number of responses ever seen, the platform's would tell how many were withdrawn.

    n: 0 where they are the same, rounded where it is at or above the threshold, else None.
    """

    n: int | None
    counted_on: date


@dataclass(frozen=True)
class SafePack:
    """All that a pack says.

    as_at: in the readers' time zone.
    total: exact.
    asks_role: False when the form has no such question; then *roles* is empty.
    growth, first_signed_on, last_signed_on: None when fewer signed than the threshold.
    wording: its paragraphs, none of them blank.
    between: least and greatest number of signatories, rounded outward to multiples of 5 unless no doubt
        is open; None when it isn't
        known, or fewer signed than the threshold.
    platform: how far the platform's own count of responses is from ours; None when they weren't compared.
    not_counted: where the other responses are. Its total, and *n_seen*, are rounded, so that one more
        erased or held back doesn't show. *n_seen* is None when fewer than the threshold are elsewhere.
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


def make_safe(figures: Figures, *, threshold: int, tz: str) -> SafePack:
    """Apply disclosure control to all of *figures*.

    Raises:
        PackSettingError: the threshold is not from 5 to 20, or *tz* names no time zone.
    """
    if not LEAST_THRESHOLD <= threshold <= GREATEST_THRESHOLD:
        allowed = f"from {LEAST_THRESHOLD} to {GREATEST_THRESHOLD}"
        raise PackSettingError(f"The threshold {threshold} is not {allowed}. Choose one that is.")
    as_at = figures.as_at.astimezone(_zone(tz))
    has_dates = figures.n_signatories >= threshold
    not_counted = _protect_not_counted(figures, threshold)
    return SafePack(
        title=_one_line(figures.title),
        organisation=_one_line(figures.organisation),
        as_at=as_at,
        run_id=figures.run_id,
        threshold=threshold,
        total=figures.n_signatories,
        first_signed_on=figures.first_signed_on if has_dates else None,
        last_signed_on=figures.last_signed_on if has_dates else None,
        asks_role=bool(figures.by_role),
        roles=protect([(_one_line(label), n) for label, n in figures.by_role], threshold=threshold),
        growth=protect_growth(figures.by_day, as_at_on=as_at.date(), threshold=threshold),
        wording=tuple(line.strip() for line in _writable(figures.wording).splitlines() if line.strip()),
        wording_since=figures.wording_since,
        n_seen=rounded(figures.n_seen, threshold) if not_counted.rows else None,
        not_counted=not_counted,
        between=_between(figures) if has_dates else None,
        platform=_difference(figures, threshold),
    )


def _between(figures: Figures) -> tuple[int, int] | None:
    if figures.lowest is None or figures.highest is None:
        return None
    if figures.lowest == figures.highest:  # no doubt is open, and the total is exact anyway
        return figures.n_signatories, figures.n_signatories
    return figures.lowest // BASE * BASE, -(-figures.highest // BASE) * BASE


def _difference(figures: Figures, threshold: int) -> SafeDifference | None:
    if figures.platform is None:
        return None
    n_platform, n_here, counted_on = figures.platform
    n = abs(n_platform - n_here)
    return SafeDifference(rounded(n, threshold) if n >= threshold else None if n else 0, counted_on)


def _protect_not_counted(figures: Figures, threshold: int) -> SafeTable:
    """One flat table of all places but the signatories, the rules that hold back in detail.

    One, because two tables with a margin in common could be subtracted from each other.
    """
    detailed = [
        (place, reason, n) for place, reason, n in figures.places if place not in (SIGNATORY, HELD_BACK)
    ]
    detailed += [(HELD_BACK, reason or rule, n) for rule, reason, n in figures.held_back]
    in_order = sorted(detailed, key=lambda row: PLACES.index(row[0]))
    rows = [(_label(place, reason), n) for place, reason, n in in_order]
    return protect_without_total(rows, threshold=threshold)


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
