"""A record of an export file as the platform's API would give the same response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from connectors.export_files.layout import is_answered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.export_files.form import FileColumn, FileForm, FileQuestion
    from connectors.export_files.layout import Layout
    from connectors.export_files.table import Table

# What the file says of a response beside its answers, and how the API calls it.
TOLD = {
    "collector_id": "collector_id",
    "ip_address": "ip_address",
    "email_address": "email_address",
    "first_name": "first_name",
    "last_name": "last_name",
}
CUSTOM = "custom_data"


def bodies(
    table: Table,
    layout: Layout,
    form: FileForm,
    *,
    ids: Sequence[str],
    created: Sequence[str | None],
    modified: Sequence[str | None],
) -> Iterator[str]:
    """The JSON text of each record, in the file's order.

    ids, created, modified: one for each record; ISO 8601 in UTC, None where the file doesn't say.
    A file doesn't tell a response's status: one with an answer is taken as completed, one without as
    partial.
    """
    encode = msgspec.json.Encoder().encode
    for at, record in enumerate(layout.records):
        row = table.rows[record]
        pages = _pages(row, form.questions)
        told = {
            "id": ids[at],
            "survey_id": form.design.survey_id,
            "response_status": "completed" if pages else "partial",
            "collection_mode": "default",
            "date_created": created[at],
            "date_modified": modified[at],
            **_beside(row, layout),
            "pages": pages,
        }
        yield encode(told).decode()


def _beside(row: list[str], layout: Layout) -> dict[str, Any]:
    beside: dict[str, Any] = {}
    custom = {}
    for name, index in layout.fixed.items():
        cell = row[index] if index < len(row) else ""
        if not is_answered(cell):
            continue
        if name in TOLD:
            beside[TOLD[name]] = cell.strip()
        elif name.startswith(CUSTOM):
            custom[name] = cell
    return beside | ({"custom_variables": custom} if custom else {})


def _pages(row: list[str], questions: Sequence[FileQuestion]) -> list[dict[str, Any]]:
    by_page: dict[str, list[dict[str, Any]]] = {}
    for question in questions:
        answers = [
            _answer(column, row[column.index])
            for column in question.columns
            if column.index < len(row) and is_answered(row[column.index])
        ]
        if answers:
            answered = {"id": question.question_id, "answers": answers}
            by_page.setdefault(question.page_id, []).append(answered)
    return [{"id": page_id, "questions": answered} for page_id, answered in by_page.items()]


def _answer(column: FileColumn, cell: str) -> dict[str, str]:
    part = column.part
    if part == "choice":
        return {"choice_id": column.option_id}
    if part in {"other", "comment"}:
        return {"other_id": column.option_id, "text": cell}
    chosen = column.by_text.get(cell)
    if part == "line":
        line = {"row_id": column.option_id}
        return line | ({"choice_id": chosen[1]} if chosen else {"text": cell})
    if chosen is None:
        return {"text": cell}
    kind, option_id = chosen
    return {"other_id": option_id} if kind == "other" else {"choice_id": option_id}
