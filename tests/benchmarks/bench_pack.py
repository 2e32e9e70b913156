"""What a pack of all formats costs for very many signatories.

Run by ``make bench``. The figures are invented, as a published file would give them; the pack is made in a
fresh process. Nothing is asserted: the numbers are for people.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from processes import measured

N_DAYS = 730
ROLES = 14
FIRST_DAY = date(2024, 11, 25)


def main() -> None:
    options = _options()
    if options.into:
        _make(options.signatories, Path(options.into))
        return
    with tempfile.TemporaryDirectory(prefix="pledge-bench-") as folder:
        command = [sys.executable, __file__, "--signatories", options.signatories, "--into", folder]
        measured([*command[:3], 100, *command[4:]])  # bytecode warm
        one = measured(command)
        print(f"a pack of all formats, {options.signatories:,} signatories")
        print(f"  {one.wall:.1f} s, {one.cpu:.1f} s of processor, {one.peak_mb:.0f} MB at most")
        sizes: dict[str, int] = {}
        for path in Path(folder).iterdir():
            sizes[path.suffix] = sizes.get(path.suffix, 0) + path.stat().st_size
        told = ", ".join(f"{ending[1:]} {size / 1e6:.2f} MB" for ending, size in sorted(sizes.items()))
        print(f"  {told}")
        print("  aims: under 60 s, under 1 GB, html under 3 MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signatories", type=int, default=1_000_000, help="how many have signed (1000000)")
    parser.add_argument("--into", help=argparse.SUPPRESS)
    return parser.parse_args()


def _make(n: int, folder: Path) -> None:
    from reports.branding import Brand
    from reports.disclosure.make_safe import made_safe
    from reports.figures import Figures
    from reports.pack import FORMATS, write_pack

    by_day_and_role = [
        (
            FIRST_DAY + timedelta(days=day),
            f"Role number {role}",
            n * (role + 1) // (N_DAYS * ROLES * (ROLES + 1) // 2),
        )
        for day in range(N_DAYS)
        for role in range(ROLES)
    ]
    total = sum(count for _, _, count in by_day_and_role)
    by_day_and_role[0] = (FIRST_DAY, "Role number 0", by_day_and_role[0][2] + n - total)
    by_role, by_day = {}, {}
    for day, role, count in by_day_and_role:
        by_role[role] = by_role.get(role, 0) + count
        by_day[day] = by_day.get(day, 0) + count
    others = [("duplicate", "signed again", n // 20), ("not counted", "left unfinished", n // 10)]
    figures = Figures(
        title="Connect Pledge",
        organisation="Connect",
        as_at=datetime(2026, 11, 24, 2, 15, tzinfo=UTC),
        run_id="bench",
        n_signatories=n,
        by_role=list(by_role.items()),
        by_day=list(by_day.items()),
        wording="I pledge to listen.",
        wording_since=FIRST_DAY,
        places=[("signatory", "", n), *others],
        n_seen=n + sum(count for _, _, count in others),
        held_back=[],
        by_day_and_role=by_day_and_role,
    )
    pack, _ = made_safe(figures, threshold=10, zone=ZoneInfo("Europe/London"))
    write_pack(pack, folder, FORMATS, Brand())


if __name__ == "__main__":
    main()
