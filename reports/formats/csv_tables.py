"""The tables of a pack as CSV, one file a table: RFC 4180, safe from formulas.

UTF-8 with a byte order mark: without it a spreadsheet shows “Pàrant” as “PÃ rant”; DuckDB, pandas and R skip
it. Total rows are left out, so that a column can be summed; the totals are in `summary`. Days are ISO 8601.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from reports.branding import Brand
from reports.disclosure.safe_pack import SafePack
from reports.formats.csv_safety import harmless
from reports.texts.tables import SHORTHAND, Row, notes_of, summary_of, tables_of
from reports.texts.wording import label


def render(pack: SafePack, _brand: Brand) -> dict[str, bytes]:
    """A file a table, by how its name ends, as "-roles.csv"; hidden counts are “[c]”, as `notes` says."""
    made = {
        f"-{table.name}.csv": _file(map(_name, table.headings), map(_cells, table.rows))
        for table in [summary_of(pack), *tables_of(pack)]
    }
    return made | {"-notes.csv": _file(("about", "note"), notes_of(pack))}


def _cells(row: Row) -> list[object]:
    what = label(row.what) if isinstance(row.what, str) else row.what.isoformat()
    return [what, *(SHORTHAND if cell is None else cell for cell in row.cells)]


def _name(heading: str) -> str:
    """As "share_percent" for "Share (%)"."""
    return re.sub(r"\W+", "_", heading.lower().replace("%", "percent")).strip("_")


def _file(names: Iterable[str], rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")
