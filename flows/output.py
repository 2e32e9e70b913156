"""Rows on standard output: as a table for people, CSV for spreadsheets, JSON for programs."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from math import isfinite
from typing import Any

from reports.formats.csv_safety import harmless

Section = tuple[str, Sequence[str], Sequence[Sequence[Any]]]
"""A table: its title, its columns and its rows."""


def rendered(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> str:
    """The rows in *form*: ``table``, ``csv`` (RFC 4180, safe from formulas) or ``json``
    (a list of objects). Instants are shown in UTC, ISO 8601.
    """
    if form == "json":
        names = _different(columns)
        return json.dumps(
            [dict(zip(names, map(plain, row), strict=True)) for row in rows], indent=2, ensure_ascii=False
        )
    if form == "csv":
        return _csv(columns, rows)
    return _table(columns, rows)


def _different(columns: Sequence[str]) -> list[str]:
    """An object can hold a name once: the second column of one name gets a number."""
    names: list[str] = []
    for column in columns:
        alike = (f"{column}_{number}" for number in count(2))
        names.append(column if column not in names else next(one for one in alike if one not in names))
    return names


def print_json(content: object) -> None:
    """One JSON value on standard output, and nothing else there."""
    sys.stdout.write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def plain(value: Any) -> Any:
    """A value that JSON can hold: instants and dates as ISO 8601, instants in UTC."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    is_json = value is None or isinstance(value, bool | int | str)
    return value if is_json or (isinstance(value, float) and isfinite(value)) else str(value)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    cells = ([plain(value) for value in row] for row in rows)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in cells)
    return buffer.getvalue().removesuffix("\r\n")


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        is_number = bool(rows) and all(isinstance(row[number], int | float | Decimal) for row in rows)
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    buffer = io.StringIO()
    console = Console(file=buffer, width=160, highlight=False, markup=False)
    console.print(table)
    return buffer.getvalue().rstrip("\n")


def _cell(value: Any) -> str:
    shown = plain(value)
    if isinstance(shown, int) and not isinstance(shown, bool):
        return f"{shown:,}"
    return "" if shown is None else str(shown)


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Such as ``1 response`` or ``1,200 responses``; *plural* where it isn't the noun with an s."""
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"


def sections(parts: Iterable[Section | str]) -> str:
    """Tables under their titles and sentences, a blank line between; a table without rows is left out."""
    shown = (
        part if isinstance(part, str) else f"{part[0]}\n{rendered(part[1], part[2], 'table')}"
        for part in parts
        if isinstance(part, str) or part[2]
    )
    return "\n\n".join(shown)
