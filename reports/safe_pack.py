"""What a pack says, and all that a format sees: only `reports.disclosure` makes it from raw figures."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.figures import Gap, slug_of
from reports.pledge_text import Paragraph

LONGEST_SLUG = 60  # letters of the title in a file's name


@dataclass(frozen=True)
class SafeRow:
    """n: a count that may be shown, a multiple of 5. percent: whole; None: the total is too small for shares.

    None is hidden.
    """

    label: str
    n: int | None
    percent: int | None = None


@dataclass(frozen=True)
class SafeTable:
    """Counts that may be shown together.

    rows: always the same ones of the same form; empty when nothing may be shown.
    total: exact, but for forms that are no signatures and for an earlier table; then rounded.
    as_at: the instant of an earlier table that stands in the place of one of the pack's own time; else None.
    """

    rows: tuple[SafeRow, ...]
    total: int
    as_at: datetime | None = None

    @property
    def is_shown(self) -> bool:
        return any(row.n is not None for row in self.rows)


@dataclass(frozen=True)
class SafePoint:
    """So many had signed by the end of that day."""

    ends_on: date
    n: int


@dataclass(frozen=True)
class SafeSeries:
    """Growth: cumulative points, the last of them the exact total.

    starts_on: the Monday of the first week with a signature.
    points: at least one; between two of them at least the threshold signed.
    """

    starts_on: date
    points: tuple[SafePoint, ...]


@dataclass(frozen=True)
class SafeGrid:
    """Signatories so far, by role, at some times.

    at: ascending; the last instant of a day, or that of an earlier pack. totals: rounded, one for each.
    rows: (label, a count for each of *at*), as it was then within rounding; None is hidden.
    """

    at: tuple[datetime, ...]
    totals: tuple[int, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(one.date() for one in self.at)


@dataclass(frozen=True)
class SafeBreakdown:
    """The signatories by their choice in another question; *slug* names its table."""

    name: str
    slug: str
    question: str
    table: SafeTable


@dataclass(frozen=True)
class SafeDifference:
    """How far two counts are apart, never the counts themselves.

    n: 0 where they are the same, rounded where it is at or above the threshold, else None.
    """

    n: int | None
    counted_on: date


@dataclass(frozen=True)
class SafeChange:
    """What has changed since an earlier pack, from what both show.

    as_at, total: of the earlier pack; exact. roles_as_at: the instants of the two tables of roles compared;
        None where the table hasn't been renewed since. rows: (label, then, now); None is hidden.
    """

    as_at: datetime
    total: int
    roles_as_at: tuple[datetime, datetime] | None
    rows: tuple[tuple[str, int | None, int | None], ...]


@dataclass(frozen=True)
class SafePack:
    """All that a pack says.

    as_at: in the readers' time zone. total: exact.
    signed_since: the day of the first signature; growth: None when fewer signed than the threshold.
    asks_role: False when the form has no such question; then *roles* is empty.
    role_periods: None when fewer than two times may be shown.
    between: least and greatest number of signatories, rounded outward to whole thresholds from the total;
        None when it isn't known. doubts: the kinds of open doubts that the threshold of people are in.
    decided: the kinds of what staff decided after the table of roles was counted.
    platform: how far the platform's own count of responses is from ours; None when they weren't compared.
    gaps: days without data. since: None where no earlier pack is known.
    as_of: the earlier day whose end this shows; *made_at*: when it was made then. None for the current state.
    threshold_reason: why the threshold is lower than usual; None when it isn't.
    """

    title: str
    organisation: str
    as_at: datetime
    run_id: str
    threshold: int
    total: int
    asks_role: bool
    roles: SafeTable
    wording: tuple[Paragraph, ...]
    wording_since: date | None
    not_counted: SafeTable
    platform: SafeDifference | None
    signed_since: date | None = None
    growth: SafeSeries | None = None
    between: tuple[int, int] | None = None
    role_periods: SafeGrid | None = None
    breakdowns: tuple[SafeBreakdown, ...] = ()
    doubts: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    as_of: date | None = None
    made_at: datetime | None = None
    threshold_reason: str | None = None
    since: SafeChange | None = None

    @property
    def stem(self) -> str:
        """How the names of its files begin, as "connect-pledge-2026-11-24"."""
        return f"{slug_of(self.title)[:LONGEST_SLUG].strip('-') or 'pledge'}-{self.as_at:%Y-%m-%d}"
