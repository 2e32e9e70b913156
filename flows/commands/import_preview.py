"""What a dry run of an import shows: what was understood of each file, to be checked by a person."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from flows.output import counted, print_json, rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.reader import Export
    from flows.commands.import_trial import Tried
    from flows.run.context import Files
    from warehouse.transform.stage import Form


COLUMNS = ("column", "heading", "holds", "of", "field")
HELD = ("rule", "responses", "reason", "next_step")
LONGEST_HEADING = 80
DATES = ", dates: "  # begins what an export's layout says of them


def show_tried(files: Files, tried: Tried, *, as_json: bool, refused: str | None) -> None:
    """Print what was found out. refused: why an import would end there, if it would."""
    entries = [dict(entry) for entry in tried.record.files]
    read = [entry for entry in entries if not entry["refused"]]
    for number, (entry, export) in enumerate(zip(read, files.exports, strict=False)):
        entry.update(_understood(export, files, tried.form))
        if number < len(tried.held):
            entry["held_back_by_rule"] = tried.held[number]
            entry["held_back"] = sum(held["responses"] for held in tried.held[number])
    if as_json:
        told = {"files": entries, "to_be_withdrawn": tried.to_be_withdrawn}
        print_json({**told, "warnings": tried.record.warnings, "refused": refused})
        return
    for entry in entries:
        sys.stdout.write(f"{_file(entry)}\n")
    sys.stdout.write("".join(f"{sentence}\n" for sentence in tried.record.warnings))
    if files.replaces and refused is None:
        n = counted(len(tried.to_be_withdrawn), "response")
        sys.stdout.write(f"To be withdrawn: {n} of earlier files that these don't hold.\n")
    if refused is None:
        sys.stdout.write("Nothing was written.\n")


def _understood(export: Export, files: Files, form: Form | None) -> dict[str, Any]:
    layout, _, dates = export.layout.partition(DATES)
    return {
        "layout": layout,
        "dates": dates,
        "timezone": files.zone.key,
        "first_modified": _by_clock(pc.min(export.modified).as_py(), files),
        "last_modified": _by_clock(export.newest, files),
        "columns": [dict(zip(COLUMNS, row, strict=True)) for row in _columns(export, form)],
        "held_back_by_rule": [],
    }


def _by_clock(instant: str | None, files: Files) -> str | None:
    """As the file's clock shows it, with how far that is from UTC."""
    return instant and datetime.fromisoformat(instant).astimezone(files.zone).isoformat()


def _columns(export: Export, form: Form | None) -> list[tuple[int, str, str, str, str]]:
    _, layout = export.source
    fields = {(question_id, row_id): name for name, question_id, row_id in form.fields} if form else {}
    fixed = [(index, name.replace("_", " "), "fixed column", "", "") for name, index in layout.fixed.items()]
    asked = [
        (
            column.index,
            f"{question.heading} {column.label}".strip(),
            column.part,
            known.question_id,
            fields.get((known.question_id, None)) or fields.get((known.question_id, place.option_id), ""),
        )
        for question, known in zip(layout.questions, export.form.questions, strict=False)
        for column, place in zip(question.columns, known.columns, strict=True)
    ]
    extra = [(column.index, column.label, "extra column", "", "") for column in layout.extra]
    return [
        (index + 1, heading[:LONGEST_HEADING], holds, of, name)
        for index, heading, holds, of, name in sorted([*fixed, *asked, *extra])
    ]


def _file(entry: dict[str, Any]) -> str:
    if entry["refused"]:
        return f"{entry['name']}: refused. {entry['refused']}\n"
    parts = [entry["name"], _facts(entry), _rows(COLUMNS, entry["columns"])]
    if entry["held_back_by_rule"]:
        parts.append(_rows(HELD, entry["held_back_by_rule"]))
    return "".join(f"{part}\n\n" for part in parts).removesuffix("\n")


def _facts(entry: dict[str, Any]) -> str:
    facts = [
        ("encoding", entry["encoding"]),
        ("layout", entry["layout"]),
        ("dates", entry["dates"]),
        ("time zone", entry["timezone"]),
        ("first change", entry["first_modified"]),
        ("last change", entry["last_modified"]),
        ("rows", f"{entry['rows_read']:,}"),
        ("responses", f"{entry['responses']:,}"),
        ("answers", f"{entry['answers']:,}"),
        ("to be held back", f"{entry['held_back']:,}"),
    ]
    return rendered(("what", "understood"), facts, "table")


def _rows(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    shown = [[row[column] for column in columns] for row in rows]
    return rendered([column.replace("_", " ") for column in columns], shown, "table")
