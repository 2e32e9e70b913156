"""Each figure of a pack held against the exact count at its own date."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from reports.disclosure.suppression import possible
from reports.readable import not_counted, readable
from reports.texts import findings
from reports.texts.timeline import milestones_of, steps_of

if TYPE_CHECKING:
    from datetime import datetime

    from reports.figures import Figures
    from reports.safe_pack import SafePack, SafeTable

SLACK = 0.5  # a share is whole per cents


@dataclass
class Checker:
    """What was true when, by the instants of the figures; what the packs said of it.

    n: figures held against the truth. wrong: (which, shown, exact) of those that are outside their rounding.
    shown, showable: cells of roles with a count of at least the threshold that are shown, and all of them;
        the same for cells of roles by date.
    """

    n: int = 0
    wrong: list = field(default_factory=list)
    shown: Counter = field(default_factory=Counter)
    showable: Counter = field(default_factory=Counter)
    _by_instant: dict[datetime, Figures] = field(default_factory=dict)
    _points: dict[tuple[date, int], int] = field(default_factory=dict)
    _cells: dict[tuple[datetime, str, int | None], int] = field(default_factory=dict)

    def check(self, pack: SafePack, figures: Figures) -> None:
        """Hold a pack against the figures that it was made from, and against those of the packs before."""
        figures = readable(figures)
        self._by_instant[pack.as_at] = figures
        self._is("total", pack.total, figures.n_signatories, figures.n_signatories)
        self._table("roles", pack.roles, pack, lambda of: dict(of.by_role))
        for at, one in enumerate(pack.breakdowns):
            self._table(one.slug, one.table, pack, lambda of, at=at: dict(of.breakdowns[at].by_choice))
        self._table(
            "others",
            pack.not_counted,
            pack,
            lambda of: dict(not_counted(of.places, of.held_back)),
            is_exact=False,
        )
        self._growth(pack, figures)
        self._months(pack, figures)
        if pack.between:
            assert pack.between[0] <= figures.lowest <= figures.highest <= pack.between[1]
        self._share_in_words(pack)

    def _table(self, name: str, table: SafeTable, pack: SafePack, counts, *, is_exact: bool = True) -> None:
        exact = counts(self._by_instant[table.as_at or pack.as_at])
        total = sum(exact.values())
        if table.rows:
            is_rounded = table.as_at or not is_exact
            self._near(f"{name} total", table.total, total, pack) if is_rounded else self._is(
                name, table.total, total, total
            )
        for label, n in exact.items():
            row = next((row for row in table.rows if row.label == label), None)
            if n >= pack.threshold and name == "roles":
                self.showable["roles"] += 1
                self.shown["roles"] += row is not None and row.n is not None
            if row and row.n is not None:
                self._near(f"{name} {label}", row.n, n, pack)
                if row.percent is not None:
                    low, high = (100 * end / total for end in possible(row.n, pack.threshold))
                    self._is(f"{name} {label} %", row.percent, low - SLACK - 1, high + SLACK + 1)

    def _growth(self, pack: SafePack, figures: Figures) -> None:
        """A point is of the day on which a pack first showed it so."""
        if pack.growth is None:
            return
        *earlier, last = pack.growth.points
        self._is("growth", last.n, figures.n_signatories, figures.n_signatories)
        for point in earlier:
            now = sum(n for day, n in figures.by_day if day <= point.ends_on)
            exact = self._points.setdefault((point.ends_on, point.n), now)
            self._near(f"growth by {point.ends_on}", point.n, exact, pack)
            self._is("growth now", point.n, now - pack.threshold - 2, now + pack.threshold + 2)
        for one in milestones_of(pack.growth, pack.threshold):
            known = [n for (day, _), n in self._points.items() if day == one.by] or [pack.total]
            self._is(f"milestone {one.n}", one.n, 0, max(known))
        starts = [0, *(point.n for point in earlier)]
        for step, start, end in zip(steps_of(pack.growth), starts, [*starts[1:], last.n], strict=True):
            self._is(f"week to {step.ends_on}", step.n, end - start - 2, end - start + 2)

    def _months(self, pack: SafePack, figures: Figures) -> None:
        grid = pack.role_periods
        if grid is None:
            return
        for number, at in enumerate(grid.at):
            now = self._counts_at(at, figures)
            for label, counts in grid.rows:
                if now[label] >= pack.threshold:
                    self.showable["months"] += 1
                    self.shown["months"] += counts[number] is not None
                if counts[number] is not None:
                    exact = self._cells.setdefault((at, label, counts[number]), now[label])
                    self._near(f"{label} on {at}", counts[number], exact, pack)

    def _counts_at(self, at: datetime, figures: Figures) -> Counter:
        """Of the end of a day those who had signed by it; of an earlier pack those that it counted."""
        if at in self._by_instant:
            return Counter(dict(self._by_instant[at].by_role))
        counts = Counter()
        for day, label, n in figures.by_day_and_role:
            counts[label] += n if day <= at.date() else 0
        return counts

    def _share_in_words(self, pack: SafePack) -> None:
        """The sentence above the chart of roles names no larger share than there is."""
        if pack.roles.is_shown:
            assert findings.role_finding(pack)

    def _near(self, what: str, shown: int, exact: int, pack: SafePack) -> None:
        self._is(what, exact, *possible(shown, min(pack.threshold, exact) if exact else pack.threshold))

    def _is(self, what: str, shown: float, low: float, high: float) -> None:
        self.n += 1
        if not low <= shown <= high:
            self.wrong.append((what, shown, low, high))
