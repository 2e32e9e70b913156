"""Packs to try all of a format on: one that has every table, some of an earlier day; one that is long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from reports.branding import Brand
from reports.figures import Gap
from reports.logos import Logo
from reports.safe_pack import SafeBreakdown, SafeChange, SafeGrid, SafeRow, SafeTable
from tests.packs import LONDON, figures, safe

LONG = "A parent, carer, guardian or other family member of a child with additional support needs in Scotland"
LOGO = Logo(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 3"><rect width="90" height="3"/></svg>',
    "svg+xml",
    30,
)
LONG_BRAND = Brand(logo=LOGO, colour="#0b6e4f", contact=f"{LONG}\n" * 20, next_release=date(2027, 1, 1))
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


def long_pack():
    """With more to say than there is room for on one page."""
    roles = [(f"{LONG} {LONG} {number}", 400 - number) for number in range(30)]
    return safe(
        figures(
            roles,
            title=f"{LONG} {LONG}",
            organisation=f"{LONG} {LONG}",
            wording=f"I pledge to listen to every family that comes to our door. {LONG}.\n" * 9,
            as_of=date(2026, 7, 1),
            made_at=datetime(2026, 8, 1, 9, tzinfo=UTC),
            lowest=1000,
            highest=12000,
            doubts=[("same person", 90), ("two people", 90), ("not genuine", 90)],
        )
    )


def _breakdown(name, table):
    return SafeBreakdown(name, f"by-{name.lower()}", f"{name}?", table)
