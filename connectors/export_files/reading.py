"""An export file, read and understood: its responses as the platform's API would give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.export_files.bodies import bodies
from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.form import form_of, made_id
from connectors.export_files.ids import content_ids, read_ids
from connectors.export_files.instants import read_instants
from connectors.export_files.joining import joined
from connectors.export_files.layout import cells_answered, read_layout
from connectors.export_files.opening import open_tables
from connectors.export_files.spreadsheet_damage import find_damage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from connectors.contract import SurveyDesign
    from connectors.export_files.form import FileForm
    from connectors.export_files.layout import Layout
    from connectors.export_files.table import Table

DAMAGED = "damaged-"
DATES = ("start_date", "end_date")


@dataclass(frozen=True, slots=True)
class Export:
    """One table of responses.

    layout: what was understood, in words. ids, created, modified: one for each record; instants in
        ISO 8601 and UTC, None where the file has none. damaged: positions of records whose id a
        spreadsheet has damaged; they get an id of their own, which the checks hold back.
    n_rows: of the file, all of them. n_answers: answered cells.
    notes: sentences for the operator.
    """

    name: str
    encoding: str
    layout: str
    form: FileForm
    ids: list[str]
    created: list[str | None]
    modified: list[str | None]
    damaged: list[int]
    n_rows: int
    n_answers: int
    notes: tuple[str, ...]
    source: tuple[Table, Layout]

    def bodies(self) -> Iterator[str]:
        """The JSON text of each record."""
        table, layout = self.source
        return bodies(table, layout, self.form, ids=self.ids, created=self.created, modified=self.modified)


def read_export(
    path: Path,
    *,
    survey_id: str | None,
    known: SurveyDesign | None,
    zone: ZoneInfo,
    order: str | None,
    needs_dates: bool,
) -> Export:
    """Read one file.

    survey_id: whose responses they are; None makes an id of the headings.
    known: the platform's design of that survey, or None. zone: of its dates. order: ``day-first``,
    ``month-first`` or None. needs_dates: refuse a file that doesn't say when people answered.

    Raises:
        ExportRefusedError: it can't be opened or taken; the sentence says why.
    """
    try:
        table = joined(open_tables(path))
    except OSError as error:
        raise ExportRefusedError(
            f"{path.name} can't be read: {error.strerror}. See that the path is right, and that you may "
            "read the file."
        ) from None
    layout = read_layout(table)
    if needs_dates and "end_date" not in layout.fixed:
        raise ExportRefusedError(
            f"{table.name} has no column End Date, so nobody can tell which of a person's answers is the "
            "latest. Export “All responses data” anew, and import that file as it comes."
        )
    survey_id = survey_id or made_id(*(question.heading for question in layout.questions))
    ids, damaged, id_notes = _ids(table, layout, survey_id)
    created, modified, date_notes, date_format = _instants(table, layout, zone=zone, order=order)
    answered = cells_answered(table, layout)
    return Export(
        name=table.name,
        encoding=table.encoding,
        layout=_described(layout, date_format),
        form=form_of(table, layout, survey_id=survey_id, known=known),
        ids=ids,
        created=created,
        modified=modified,
        damaged=damaged,
        n_rows=len(table.rows),
        n_answers=sum(answered.values()),
        notes=(*id_notes, *date_notes, *_damage_notes(table, layout)),
        source=(table, layout),
    )


def _cells(table: Table, records: Sequence[int], index: int) -> list[str]:
    return [table.rows[at][index] if index < len(table.rows[at]) else "" for at in records]


def _ids(table: Table, layout: Layout, survey_id: str) -> tuple[list[str], list[int], list[str]]:
    rows = [table.rows[at] for at in layout.records]
    if "respondent_id" not in layout.fixed:
        note = (
            f"{table.name} has no respondent ids: each response got one made of its content, so the same "
            "response from another file or from the platform is another one."
        )
        return content_ids(rows, survey=survey_id), [], [note]
    found = read_ids(_cells(table, layout.records, layout.fixed["respondent_id"]))
    made = content_ids(rows, survey=survey_id) if None in found.texts else []
    ids = [text or f"{DAMAGED}{made[at]}" for at, text in enumerate(found.texts)]
    notes = []
    if found.n_repaired:
        notes.append(
            f"{table.name}: {found.n_repaired:,} respondent ids were written as a spreadsheet does; "
            "they are repaired."
        )
    damaged = [at for at, text in enumerate(found.texts) if text is None]
    if damaged:
        notes.append(
            f"{table.name}: {len(damaged):,} respondent ids are lost or were shortened by a spreadsheet; "
            "those responses are held back. Export anew, and don't save the file in a spreadsheet."
        )
    n_again = len(ids) - len(set(ids))
    if n_again:
        notes.append(
            f"{table.name}: {n_again:,} rows have the respondent id of another row; of rows with one id the "
            "latest counts. See that no id was changed."
        )
    return ids, damaged, notes


def _instants(
    table: Table, layout: Layout, *, zone: ZoneInfo, order: str | None
) -> tuple[list[str | None], list[str | None], list[str], str]:
    nothing: list[str | None] = [None] * len(layout.records)
    there = [name for name in DATES if name in layout.fixed]
    if not there:
        return nothing, nothing, [], "no dates"
    columns = [_cells(table, layout.records, layout.fixed[name]) for name in there]
    try:
        found = read_instants(columns, order=order, zone=zone)
    except ExportRefusedError as error:
        raise ExportRefusedError(f"{table.name}: {error}") from None
    by_name = dict(zip(there, found.texts, strict=True))
    notes = []
    if found.n_unreadable:
        notes.append(f"{table.name}: {found.n_unreadable:,} dates can't be read.")
    if found.n_folded:
        notes.append(
            f"{table.name}: {found.n_folded:,} times fall into an hour that the clock showed twice; the "
            "first was taken."
        )
    if found.n_missing_hour:
        notes.append(
            f"{table.name}: {found.n_missing_hour:,} times fall into an hour that the clock left out, and "
            "were moved an hour on: see that --timezone is right."
        )
    return by_name.get("start_date", nothing), by_name.get("end_date", nothing), notes, found.format


def _damage_notes(table: Table, layout: Layout) -> list[str]:
    columns = [
        column
        for question in layout.questions
        for column in question.columns
        if column.part in {"choice", "response"}
    ]
    cells = (
        table.rows[at][column.index]
        for column in columns
        for at in layout.records
        if column.index < len(table.rows[at])
    )
    found = find_damage((*(column.label for column in columns), *cells), ())
    return [
        f"{table.name}: {n:,} cells look as if a spreadsheet had changed them ({kind}); they are kept as "
        "they stand."
        for kind, n in sorted(found.items())
    ]


def _described(layout: Layout, date_format: str) -> str:
    n = len(layout.header_rows)
    return f"{n} heading row{'s' if n != 1 else ''}, {len(layout.questions)} questions, dates: {date_format}"
