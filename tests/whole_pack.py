"""A pack that has every table, some of an earlier day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from reports.figures import Gap
from reports.safe_pack import SafeBreakdown, SafeChange, SafeGrid, SafeRow, SafeTable
from tests.packs import LONDON, figures, safe

IN_JUNE = datetime(2026, 6, 9, 2, 15, tzinfo=LONDON)


def whole_pack(**changes):
    made = replace(
        safe(figures(lowest=1600, highest=1650)),
        roles=SafeTable((SafeRow("Parent", 1100, 73), SafeRow("Other", None)), 1500, IN_JUNE),
        breakdowns=(
            _breakdown("Area", SafeTable((SafeRow("Skye", 900, 55), SafeRow("", 730, 45)), 1632)),
            _breakdown("Age", SafeTable((SafeRow("18", None),), 1590, IN_JUNE)),
        ),
        role_periods=SafeGrid(
            (IN_JUNE.replace(month=5, day=31), IN_JUNE.replace(day=30)),
            (1090, 1635),
            (("Parent", (700, 1100)), ("Other", (None, 15))),
        ),
        since=SafeChange(IN_JUNE, 1500, (IN_JUNE, IN_JUNE.replace(hour=9)), (("Parent", 700, 1100),)),
        gaps=(Gap(date(2026, 5, 4), date(2026, 5, 10)),),
    )
    return replace(made, **changes)


def _breakdown(name, table):
    return SafeBreakdown(name, f"by-{name.lower()}", f"{name}?", table)
