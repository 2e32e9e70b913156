"""An export file, read and understood: its responses as the platform's API would give them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import ExportRefusedError
from connectors.export_files import notes
from connectors.export_files.cells.cell_text import Cells, joined_texts, n_answered, one_array, replaced
from connectors.export_files.cells.table import Table, parts_that_fit
from connectors.export_files.files.opened_file import open_tables
from connectors.export_files.files.size_limits import refusing_unreadable
from connectors.export_files.form.bodies import bodies
from connectors.export_files.form.choices import FEWEST_PEOPLE, made_id
from connectors.export_files.form.form import FileForm, form_of
from connectors.export_files.layout.columns import Layout, read_layout
from connectors.export_files.layout.joined_files import joined
from connectors.export_files.layout.unticked_marks import without_marks
from connectors.export_files.values.ids import content_ids, of_several_responses, read_id_column
from connectors.export_files.values.timestamps_read import read_instants, refuse_undated
from connectors.survey.contract import SurveyDesign

DAMAGED = "damaged-"
OWN_WORDS = (
    "texts among the answers to choose from are on no form known, and fewer than "
    f"{FEWEST_PEOPLE} people gave each. They are taken as people's own words, a role as “Other”; “pledge "
    "roles” lists those, and “pledge assign-role” gives them a role."
)


@dataclass(frozen=True, slots=True)
class Export:
    """One table of responses.

    layout: what was understood, in words. ids, created, modified: a text for each record; instants in
        ISO 8601 and UTC, null where the file has none. damaged: positions of records whose id a
        spreadsheet has damaged; they get an id of their own, which the checks hold back.
    n_rows: of the file, all of them. n_answers: answered cells. notes: sentences for the operator.
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
    source: Layout

    def batches(self, without: Collection[str] = ()) -> Iterator[tuple[pa.Array, pa.Array]]:
        """The records in order, some at one time: their ids, and the JSON text of each.

        without: ids of records that are left out.
        """
        layout = self.source
        rows = layout.header.table.rows
        begin = 0
        for records in parts_that_fit(rows, layout.header.records):
            ids, created, modified = (
                one_array(column.slice(begin, len(records)))
                for column in (self.ids, self.created, self.modified)
            )
            begin += len(records)
            texts = bodies(records, layout, self.form, ids=ids, created=created, modified=modified)
            if without:
                is_kept = pc.invert(pc.is_in(ids, value_set=pa.array(without, pa.string())))
                ids, texts = ids.filter(is_kept), texts.filter(is_kept)
            yield ids, texts

    def shares_an_id(self, other: Export) -> bool:
        return bool(pc.any(pc.is_in(self.ids, value_set=one_array(other.ids))).as_py())

    @property
    def newest(self) -> str | None:
        """The latest instant at which a record was modified; None if the file has none."""
        return pc.max(self.modified).as_py()


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

    survey_id: whose responses they are; None makes an id of the headings. known: the platform's design of
    that survey, or None. zone: of its dates. order: ``day-first``, ``month-first`` or None.
    needs_dates: refuse a file that doesn't say when people answered.
    """
    with refusing_unreadable(path):
        as_it_stands = joined(open_tables(path))
        header = without_marks(as_it_stands)
        table, layout = header.table, read_layout(header)
        if needs_dates and "end_date" not in layout.fixed:
            raise ExportRefusedError(
                f"{table.name} has no column End Date, so nobody can tell which of a person's answers is the "
                "latest. Export “All responses data” anew, and import that file as it comes."
            )
        survey_id = survey_id or made_id(*(question.heading for question in layout.questions))
        ids, damaged, notes_on_ids = _ids(as_it_stands.table, layout, survey_id)
        created, modified, notes_on_dates, date_format = _instants(layout, zone=zone, order=order)
        if needs_dates:
            refuse_undated(table.name, layout.cells(layout.fixed["end_date"]), modified)
        form = form_of(layout, survey_id=survey_id, known=known)
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
            n_answers=sum(n_answered(layout.cells(one.index)) for one in layout.columns),
            notes=(
                *table.notes,
                *notes.on_letters(table),
                *notes_on_ids,
                *notes_on_dates,
                *notes.on_damage(layout),
                *notes.that_count(layout, {OWN_WORDS: form.n_own_words}),
            ),
            source=layout,
        )


def _ids(as_it_stands: Table, layout: Layout, survey_id: str) -> tuple[Cells, list[int], list[str]]:
    """The records' ids, the positions of those that are damaged, and notes."""

    def made_ids() -> pa.Array:
        rows = as_it_stands.rows.some(layout.header.records)
        return pa.array(content_ids(rows, survey=survey_id), pa.string())

    counts = {notes.HEADINGS_AGAIN: layout.header.n_again}
    if "respondent_id" not in layout.fixed:
        note = (
            f"{as_it_stands.name} has no respondent ids: each response got one made of its content, so the "
            "same response from another file or from the platform is another one."
        )
        return made_ids(), [], [note, *notes.that_count(layout, counts)]
    ids, n_repaired = read_id_column(layout.cells(layout.fixed["respondent_id"]))
    shared = of_several_responses(layout, ids)
    ids = replaced(ids, np.array(shared, np.int64), [None] * len(shared))
    damaged = pc.indices_nonzero(pc.is_null(ids)).to_pylist()
    if damaged:
        ids = pc.coalesce(ids, joined_texts(DAMAGED, made_ids()))
    lost = sorted({*damaged}.difference(shared))
    n_alone = notes.n_lines(layout, lost)
    counts = {notes.REPAIRED: n_repaired} | counts | {notes.LINES: n_alone, notes.LOST: len(lost) - n_alone}
    counts |= {notes.SHARED: len(shared), notes.AGAIN: len(ids) - pc.count_distinct(ids).as_py()}
    return ids, damaged, notes.that_count(layout, counts)


def _instants(layout: Layout, *, zone: ZoneInfo, order: str | None) -> tuple[Cells, Cells, list[str], str]:
    """When the records were begun and changed, notes, and how the dates are written."""
    table = layout.header.table
    there = [name for name in ("start_date", "end_date") if name in layout.fixed]
    columns = [layout.cells(layout.fixed[name]) for name in there]
    try:
        found = read_instants(columns, order=order, zone=zone, date_1904=table.date_1904)
    except ExportRefusedError as error:
        raise ExportRefusedError(f"{table.name}: {error}") from None
    by_name = dict(zip(there, found.columns, strict=True))
    nothing = pa.nulls(len(layout.header.records), pa.string())
    counts = {
        notes.UNREADABLE: found.n_unreadable,
        notes.FOLDED: found.n_folded,
        notes.LEFT_OUT: found.n_missing_hour,
    }
    sentences = notes.that_count(layout, counts)
    return by_name.get("start_date", nothing), by_name.get("end_date", nothing), sentences, found.format


def _described(layout: Layout, date_format: str) -> str:
    n = len(layout.header.rows)
    return f"{n} heading row{'s' if n != 1 else ''}, {len(layout.questions)} questions, dates: {date_format}"
