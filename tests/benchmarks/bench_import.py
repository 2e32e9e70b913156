"""What an import costs, beside DuckDB's own reader and the plain pandas script.

Run by ``make bench``. The file has two heading rows and invented people, their addresses made different by
a number. Each figure is of a fresh process. Nothing is asserted: the numbers are for people.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from processes import PLEDGE, Measured, measured

from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import SURVEY_ID
from tests.exporting import Style, export_rows, exportable, write_xlsx

N_DIFFERENT = 20_000
FIRST_ID = 114_000_000_000

READ_CSV = """
import duckdb, sys
with duckdb.connect(sys.argv[2]) as connection:
    read = "create table export as from read_csv(?, all_varchar=true, header=true)"
    connection.execute(read, [sys.argv[1]])
"""
PLAIN = """
import duckdb, pandas as pd, sys
rows = pd.read_csv(sys.argv[1], dtype=str, skiprows=[1])
email = next(name for name in rows if name.lower().startswith(("email address [", "<strong>email")))
role = next(name for name in rows if name.startswith("You are a"))
rows["key"] = rows[email].str.strip().str.lower()
rows["End Date"] = pd.to_datetime(rows["End Date"], format="%m/%d/%Y %I:%M:%S %p")
people = rows[rows["key"].notna()].sort_values("End Date").drop_duplicates("key", keep="last")
by_role = people.groupby(role, dropna=False).size().reset_index(name="n")
with duckdb.connect(sys.argv[2]) as connection:
    connection.register("people", people)
    connection.register("by_role", by_role)
    connection.execute("create table signatories as from people")
    connection.execute("create table signatories_by_role as from by_role")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the CSV file (1000000)")
    parser.add_argument("--xlsx-rows", type=int, default=200_000, help="of the XLSX file (200000)")
    options = parser.parse_args()
    n_rows, n_xlsx_rows = options.rows, options.xlsx_rows
    with tempfile.TemporaryDirectory(prefix="pledge-bench-") as name:
        folder = Path(name)
        path = _write(folder / "export.csv", n_rows)
        print(f"export file: {n_rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, two heading rows")
        print(f"{'':44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
        _print("DuckDB's read_csv into a table", _script(READ_CSV, path, folder / "a.duckdb"))
        _print("the plain pandas script", _script(PLAIN, path, folder / "b.duckdb"))
        settings = _settings(folder / "home")
        _print("pledge import, all of it", measured([PLEDGE, "import", path], **settings))
        _print("pledge import, the same file again", measured([PLEDGE, "import", path], **settings))
        # In a process of its own: the next one's peak would begin with the memory of this one.
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            workbook = apart.submit(_write_workbook, folder / "export.xlsx", n_xlsx_rows).result()
        print(f"workbook: {n_xlsx_rows:,} rows, {workbook.stat().st_size / 1e6:,.0f} MB")
        _print("pledge import", measured([PLEDGE, "import", workbook], **_settings(folder / "other-home")))


def _settings(home: Path) -> dict[str, str]:
    home.mkdir()
    return {"PLEDGE_HOME": str(home), "PLEDGE_SURVEY_ID": SURVEY_ID}


def _write(path: Path, n_rows: int) -> Path:
    style = Style(choices="condensed")
    people = exportable(invent(N_DIFFERENT, 1, datetime(2025, 11, 3, tzinfo=UTC)))
    *headings, first = export_rows(people, style)[:3]
    rows = [first, *export_rows(people, style)[3:]]
    email = len(style.fixed) + 1
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(headings)
        for number in range(n_rows):
            row = rows[number % len(rows)].copy()
            row[0] = str(FIRST_ID + number)
            row[email] = row[email].replace("@", f"{number // len(rows)}@")
            writer.writerow(row)
    return path


def _write_workbook(path: Path, n_rows: int) -> Path:
    people = exportable(invent(N_DIFFERENT, 1, datetime(2025, 11, 3, tzinfo=UTC)))
    signed = [
        replace(
            people[number % len(people)],
            response_id=str(FIRST_ID + number),
            email=(people[number % len(people)].email or "").replace("@", f"{number // len(people)}@"),
        )
        for number in range(n_rows)
    ]
    return write_xlsx(path, signed, Style(choices="condensed", dates="ISO"))


def _script(text: str, *arguments: Path) -> Measured:
    return measured([sys.executable, "-c", text, *arguments])


def _print(title: str, one: Measured) -> None:
    print(f"{title:44}{one.wall:9.2f}{one.cpu:9.2f}{one.peak_mb:9.0f}", flush=True)


if __name__ == "__main__":
    main()
