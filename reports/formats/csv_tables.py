"""The tables of a pack as CSV, one file a table in long form: RFC 4180, safe from formulas.

UTF-8 with a byte order mark: without it a spreadsheet shows “Pàrant” as “PÃ rant”; DuckDB, pandas, R and
readers of CSVW skip it. Days are ISO 8601.
"""

import csv
import io
from datetime import date

from reports.branding import Brand
from reports.formats.csv_metadata import metadata
from reports.formats.csv_safety import harmless
from reports.formats.long_tables import LongTable, Value, tables_in_long_form, with_summary_and_notes
from reports.safe_pack import SafePack
from reports.texts.tables import SHORTHAND


def render(pack: SafePack, brand: Brand) -> dict[str, bytes]:
    """A file a table, by how its name ends, as "-roles.csv", and what they hold, in CSVW."""
    tables = with_summary_and_notes(tables_in_long_form(pack), pack, brand)
    return _files(tables) | {"-csv-metadata.json": metadata(tables, pack)}


def data_files(pack: SafePack) -> dict[str, bytes]:
    """The same files of the tables alone, to lie beside charts of the same names."""
    return _files(tables_in_long_form(pack))


def _files(tables: list[LongTable]) -> dict[str, bytes]:
    return {f"-{table.name}.csv": _file(table) for table in tables}


def _file(table: LongTable) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str | int:
    if value is None:
        return SHORTHAND
    if isinstance(value, str):
        return harmless(value)
    return value.isoformat() if isinstance(value, date) else value
