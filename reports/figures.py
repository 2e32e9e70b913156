"""What a pack is made from: counts by role, day and place. No person is in it, but small counts are."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from reports.errors import FiguresError

SIGNATORY = "signatory"
HELD_BACK = "held back"
DISPOSITIONS = {
    SIGNATORY: "signatories",
    "duplicate": "duplicates: the same person signed again",
    HELD_BACK: "held back",
    "not counted": "not counted",
    "withdrawn": "withdrawn",
    "erased": "erased",
}
"""Where a response can be, in the order shown, with the words for those that are there."""
PLACES = tuple(DISPOSITIONS)
LONGEST_SILENCE = 3  # days without data that are no gap yet


@dataclass(frozen=True)
class Gap:
    """Days on which no data came in, the first and the last of them: not a quiet time."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Breakdown:
    """The signatories by one more question. question: its heading. by_choice: as `Figures.by_role`."""

    name: str
    question: str
    by_choice: list[tuple[str, int]]

    @property
    def slug(self) -> str:
        """What its table and its files are called."""
        return f"by-{slug_of(self.name)}"


def slug_of(name: str) -> str:
    """Lower-case letters, digits and hyphens; may be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True)
class Figures:
    """The raw, exact counts of one published night; only `reports.disclosure.make_safe` may read them.

    as_at: aware; the instant when the platform was last read.
    by_role: (label, n) in the form's order; every label of the form, also those nobody chose, since a
        label that appears with its first signatory tells of that person. Empty: the form asks for no role.
    by_day: (Europe/London date of first signing, n); days without a signature are absent.
    wording: the text people signed, a paragraph a line, promises as lines that begin with "- "; "" when it
        isn't known.
    wording_since: the date on which the form was given this wording; None when it isn't known.
    places: (place, reason, n), the reconciliation; place is one of PLACES, reason "" where it needs none.
    held_back: (rule, reason, n), the "held back" of *places* in detail.
    lowest, highest: between what the signatories would lie if every open doubt were settled one way or
        the other; None when it isn't known. doubts: (kind, n) of them.
    platform: (the platform's own count of responses, ours of the same, the day of both); None when they
        weren't compared.
    by_day_and_role: (date of first signing, label, n), the *by_day* in detail; empty when it isn't known.
    read_on: the dates on which the platform, or a file, was read whole; empty when they aren't known.
    decided: (when, kind) of what staff have decided.
    as_of, made_at: set when these are the figures of an earlier day: that day, and when (aware) the pack
        was made.

    Raises:
        FiguresError: sums that must be equal are not, the range leaves the signatories out, or *as_at* has
            no time zone.
    """

    title: str
    organisation: str
    as_at: datetime
    run_id: str
    n_signatories: int
    by_role: list[tuple[str, int]]
    by_day: list[tuple[date, int]]
    wording: str
    wording_since: date | None
    places: list[tuple[str, str, int]]
    n_seen: int
    held_back: list[tuple[str, str, int]]
    lowest: int | None = None
    highest: int | None = None
    doubts: list[tuple[str, int]] = field(default_factory=list)
    platform: tuple[int, int, date] | None = None
    by_day_and_role: list[tuple[date, str, int]] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)
    read_on: list[date] = field(default_factory=list)
    decided: list[tuple[datetime, str]] = field(default_factory=list)
    as_of: date | None = None
    made_at: datetime | None = None

    @property
    def first_signed_on(self) -> date | None:
        return min((day for day, _ in self.by_day), default=None)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Spans of more than a few days in which nothing was read whole."""
        upto = self.as_at.date()
        days = sorted({day for day in self.read_on if day <= upto})
        ends = [*days[1:], upto] if days else []
        return tuple(
            Gap(day + timedelta(days=1), following - timedelta(days=1))
            for day, following in zip(days, ends, strict=True)
            if (following - day).days - 1 > LONGEST_SILENCE
        )

    def __post_init__(self) -> None:
        if self.as_at.utcoffset() is None:
            raise FiguresError("The figures' as-at time has no time zone. Hand it over in UTC.")
        if any(place not in PLACES for place, _, _ in self.places):
            raise FiguresError(f"The reconciliation names a place that is none of {', '.join(PLACES)}.")
        low, high = (self.n_signatories if end is None else end for end in (self.lowest, self.highest))
        if not 0 <= low <= self.n_signatories <= high:
            raise FiguresError("The range leaves the signatories out. Run the night again.")
        for what, parts, whole in self._sums():
            if sum(parts) != whole or any(n < 0 for n in parts):
                raise FiguresError(f"{what} don't add up. Run the night again; if it stays so, roll back.")

    def _sums(self) -> list[tuple[str, list[int], int]]:
        n = self.n_signatories
        by_place = [n for _, _, n in self.places]
        signatories = [n for place, _, n in self.places if place == SIGNATORY]
        held_back = sum(n for place, _, n in self.places if place == HELD_BACK)
        return [
            ("The roles and the signatories", [n for _, n in self.by_role] or [n], n),
            ("The days and the signatories", [n for _, n in self.by_day], n),
            ("The reconciliation and the signatories", signatories, n),
            ("The reconciliation and the responses seen", by_place, self.n_seen),
            ("Days and roles, and the signatories,", [n for *_, n in self.by_day_and_role] or [n], n),
            ("The rules and the responses held back", [n for _, _, n in self.held_back], held_back),
            *(
                (f"The choices of “{one.name}” and the signatories", [n for _, n in one.by_choice], n)
                for one in self.breakdowns
            ),
        ]
