"""An export file, read and understood: its responses as the platform's API would give them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.columns_of_cells import counted, one_array, replaced
from connectors.export_files.cells.table import parts_that_fit
from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.files.opened_file import open_tables
from connectors.export_files.files.size_limits import refusing_unreadable
from connectors.export_files.form.bodies import bodies
from connectors.export_files.form.choices import FEWEST_PEOPLE
from connectors.export_files.form.form import form_of, made_id
from connectors.export_files.layout.columns import cells_answered, read_layout
from connectors.export_files.layout.joined_files import joined
from connectors.export_files.layout.repeated_headings import n_lines
from connectors.export_files.layout.unticked_marks import without_marks
from connectors.export_files.notes import notes_on_letters, notes_on_rows
from connectors.export_files.values.ids import content_ids, read_id_column
from connectors.export_files.values.shared_ids import of_several_responses
from connectors.export_files.values.spreadsheet_damage import find_damage
from connectors.export_files.values.timestamps_read import read_instants, refuse_undated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from connectors.export_files.cells.columns_of_cells import Cells
    from connectors.export_files.cells.table import Table
    from connectors.export_files.form.form import FileForm
    from connectors.export_files.layout.columns import Layout
    from connectors.survey.contract import SurveyDesign


DAMAGED = "damaged-"
DATES = ("start_date", "end_date")


@dataclass(frozen=True, slots=True)
class Export:
    """One table of responses.

    layout: what was understood, in words. ids, created, modified: a text for each record; instants in
        ISO 8601 and UTC, null where the file has none. damaged: positions of records whose id a
        spreadsheet has damaged; they get an id of their own, which the checks hold back.
    n_rows: of the file, all of them. n_answers: answered cells.
    notes: sentences for the operator.
    """

    name: str
    encoding: str
    layout: str
    form: FileForm
    ids: Cells
    created: Cells
    modified: Cells
    damaged: list[int]
    n_rows: int
    n_answers: int
    notes: tuple[str, ...]
    source: tuple[Table, Layout]

    def batches(self, without: Collection[str] = ()) -> Iterator[tuple[pa.Array, pa.Array]]:
        """The records in order, some at one time: their ids, and the JSON text of each.

        without: ids of records that are left out.
        """
        table, layout = self.source
        begin = 0
        for records in parts_that_fit(table.rows, layout.records):
            ids, created, modified = (
                one_array(column.slice(begin, len(records)))
                for column in (self.ids, self.created, self.modified)
            )
            begin += len(records)
            texts = bodies(
                table.rows, records, layout, self.form, ids=ids, created=created, modified=modified
            )
            if without:
                is_kept = pc.invert(pc.is_in(ids, value_set=pa.array(without, pa.string())))
                ids, texts = ids.filter(is_kept), texts.filter(is_kept)
            yield ids, texts

    def shares_an_id(self, other: Export) -> bool:
        """Whether a record here has the id of one there."""
        return bool(pc.any(pc.is_in(self.ids, value_set=one_array(other.ids))).as_py())

    @property
    def newest(self) -> str | None:
        """The latest instant at which a record was modified; None if the file has none."""
        return pc.max(self.modified).as_py()

    def bodies(self) -> Iterator[str]:
        """The JSON text of each record."""
        return (body for _, texts in self.batches() for body in texts.to_pylist())


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
    with refusing_unreadable(path):
        as_it_stands = joined(open_tables(path))
        table = without_marks(as_it_stands)
        layout = read_layout(table)
        if needs_dates and "end_date" not in layout.fixed:
            raise ExportRefusedError(
                f"{table.name} has no column End Date, so nobody can tell which of a person's answers is the "
                "latest. Export “All responses data” anew, and import that file as it comes."
            )
        survey_id = survey_id or made_id(*(question.heading for question in layout.questions))
        ids, damaged, id_notes = _ids(as_it_stands, layout, survey_id)
        created, modified, date_notes, date_format = _instants(table, layout, zone=zone, order=order)
        if needs_dates:
            refuse_undated(table.name, table.rows.cells(layout.fixed["end_date"], layout.records), modified)
        answered = cells_answered(table, layout)
        form = form_of(table, layout, survey_id=survey_id, known=known)
        return Export(
            name=table.name,
            encoding=table.encoding,
            layout=_described(layout, date_format),
            form=form,
            ids=ids,
            created=created,
            modified=modified,
            damaged=damaged,
            n_rows=len(table.rows),
            n_answers=sum(answered.values()),
            notes=(
                *table.notes,
                *notes_on_letters(table),
                *id_notes,
                *date_notes,
                *_damage_notes(table, layout),
                *_notes_on_words(table, form),
            ),
            source=(table, layout),
        )


def _ids(table: Table, layout: Layout, survey_id: str) -> tuple[Cells, list[int], list[str]]:
    if "respondent_id" not in layout.fixed:
        note = (
            f"{table.name} has no respondent ids: each response got one made of its content, so the same "
            "response from another file or from the platform is another one."
        )
        again = notes_on_rows(table, layout, n_repaired=0, n_lines=0, n_lost=0)
        return pa.array(_made_ids(table, layout, survey_id), pa.string()), [], [note, *again]
    found, n_repaired = read_id_column(table.rows.cells(layout.fixed["respondent_id"], layout.records))
    shared = of_several_responses(table, layout, found)
    if shared:
        found = replaced(one_array(found), np.array(shared), [None] * len(shared))
    damaged = pc.indices_nonzero(pc.is_null(found)).to_pylist()
    ids = found
    if damaged:
        made = _made_ids(table, layout, survey_id)
        ids = pc.coalesce(found, pa.array([f"{DAMAGED}{one}" for one in made], pa.string()))
    lost = sorted({*damaged}.difference(shared))
    dates = [layout.fixed[name] for name in DATES if name in layout.fixed]
    n_alone = n_lines(table, layout.records, lost, dates)
    notes = notes_on_rows(table, layout, n_repaired=n_repaired, n_lines=n_alone, n_lost=len(lost) - n_alone)
    if shared:
        notes.append(
            f"{table.name}: {len(shared):,} rows share a respondent id with a row that another response must "
            "have given: begun at another time, or changed at the same time and answered otherwise. A "
            "spreadsheet has made their ids alike; they are held back. Export anew."
        )
    n_again = len(ids) - pc.count_distinct(ids).as_py()
    if n_again:
        notes.append(
            f"{table.name}: {n_again:,} rows have the respondent id of another row; of rows with one id the "
            "latest counts. See that no id was changed."
        )
    return ids, damaged, notes


def _made_ids(table: Table, layout: Layout, survey_id: str) -> list[str]:
    return content_ids(table.rows.some(layout.records), survey=survey_id)


def _instants(
    table: Table, layout: Layout, *, zone: ZoneInfo, order: str | None
) -> tuple[Cells, Cells, list[str], str]:
    nothing = pa.nulls(len(layout.records), pa.string())
    there = [name for name in DATES if name in layout.fixed]
    if not there:
        return nothing, nothing, [], "no dates"
    columns = [table.rows.cells(layout.fixed[name], layout.records) for name in there]
    try:
        found = read_instants(columns, order=order, zone=zone, date_1904=table.date_1904)
    except ExportRefusedError as error:
        raise ExportRefusedError(f"{table.name}: {error}") from None
    by_name = dict(zip(there, found.columns, strict=True))
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
    cells = Counter(column.label for column in columns)
    for column in columns:
        cells.update(counted(table.rows.cells(column.index, layout.records)))
    found = find_damage(cells, ())
    return [
        f"{table.name}: {n:,} cells look as if a spreadsheet had changed them ({kind}); they are kept as "
        "they stand."
        for kind, n in sorted(found.items())
    ]


def _notes_on_words(table: Table, form: FileForm) -> list[str]:
    if not form.n_own_words:
        return []
    note = (
        f"{table.name}: texts among the answers to choose from that are on no form known and that fewer than "
        f"{FEWEST_PEOPLE} people gave: {form.n_own_words:,}. They are taken as people's own words, a role as "
        "“Other”; “pledge roles” lists those, and “pledge assign-role” gives them a role."
    )
    return [note]


def _described(layout: Layout, date_format: str) -> str:
    n = len(layout.header_rows)
    return f"{n} heading row{'s' if n != 1 else ''}, {len(layout.questions)} questions, dates: {date_format}"
