"""Records of an export file as the platform's API would give the same responses.

Their JSON is put together column by column, for many records at once; each cell's text is in it as it stands.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from connectors.export_files.cells.cell_text import (
    Cells,
    answered,
    joined_texts,
    n_answered,
    one_array,
    replaced,
    stripped,
)
from connectors.export_files.form.form import FileColumn, FileForm, FileQuestion
from connectors.export_files.layout.columns import Layout

CellsOf: TypeAlias = Callable[[int], pa.Array]  # of a column, by its index
# What the file says of a response beside its answers, as the API calls it.
TOLD = ("collector_id", "ip_address", "email_address", "first_name", "last_name")
CUSTOM = "custom_data"
ESCAPED = r"[\x00-\x1f\"\\]"  # JSON has any other character as it is

_encode = msgspec.json.Encoder().encode


def bodies(
    records: Sequence[int],
    layout: Layout,
    form: FileForm,
    *,
    ids: pa.Array,
    created: pa.Array,
    modified: pa.Array,
) -> pa.Array:
    """The JSON text of each of *records*, which are not too many: all texts together fit into one array.

    ids, created, modified: one for each record; ISO 8601 in UTC, null where the file doesn't say.
    A file doesn't tell a response's status: one with an answer is taken as completed, one without as
    partial.
    """

    def cells(index: int) -> pa.Array:
        return one_array(layout.header.table.rows.cells(index, records))

    pages = listed(_pages(cells, form.questions)) if form.questions else pa.array([""] * len(records))
    return joined_texts(
        '{"id":',
        json_texts(ids),
        f',"survey_id":{_json_of(form.design.survey_id)},"response_status":"',
        pc.if_else(pc.equal(pages, ""), "partial", "completed"),
        '","collection_mode":"default","date_created":',
        pc.coalesce(json_texts(created), "null"),
        ',"date_modified":',
        pc.coalesce(json_texts(modified), "null"),
        *_behind_commas(_beside(cells, layout.fixed)),
        ',"pages":[',
        pages,
        "]}",
    )


def _beside(cells_of: CellsOf, fixed: Mapping[str, int]) -> list[pa.Array]:
    """What the fixed columns say of each record, beside its answers."""
    beside: list[pa.Array] = []
    custom: list[pa.Array] = []
    for name, index in fixed.items():
        cells = cells_of(index)
        if not n_answered(cells):
            continue
        if name in TOLD:
            beside.append(_where_answered(cells, f'"{name}":', json_texts(stripped(cells))))
        elif name.startswith(CUSTOM):
            custom.append(_where_answered(cells, f'"{name}":', json_texts(cells)))
    return [*beside, _around(listed(custom), '"custom_variables":{', "}")] if custom else beside


def _pages(cells_of: CellsOf, questions: Sequence[FileQuestion]) -> list[pa.Array]:
    """Each page, with what a record answers on it; null where that is nothing."""
    by_page: dict[str, list[pa.Array]] = defaultdict(list)
    for question in questions:
        answers = [_answers(cells_of(column.index), column) for column in question.columns]
        by_page[question.page_id].append(_list_of(answers, question.question_id, "answers"))
    return [_list_of(asked, page_id, "questions") for page_id, asked in by_page.items()]


def _answers(cells: pa.Array, column: FileColumn) -> pa.Array:
    """What each cell answers; null where it is blank."""
    if column.by_text:
        different = cells.dictionary_encode()
        texts = [_json_of(_answer(column, cell)) for cell in different.dictionary.to_pylist()]
        return _where(answered(cells), pa.array(texts, pa.string()).take(different.indices))
    fixed = _json_of(_answer(column, ""))
    if column.part == "choice":
        return _where(answered(cells), fixed)
    return _where_answered(cells, fixed.removesuffix('""}'), json_texts(cells), "}")


def _answer(column: FileColumn, cell: str) -> dict[str, str]:
    part = column.part
    kind, option_id = column.by_text.get(cell, ("", column.option_id))
    if kind == "own" or part in {"other", "comment"}:
        return {"other_id": option_id, "text": cell}
    if part == "choice":
        return {"choice_id": option_id}
    if part == "line":
        return {"row_id": column.option_id} | ({"choice_id": option_id} if kind else {"text": cell})
    if not kind:
        return {"text": cell}
    return {"other_id": option_id} if kind == "other" else {"choice_id": option_id}


def _list_of(items: Sequence[pa.Array], object_id: str, name: str) -> pa.Array:
    """An object with a list of those items of a record that it has; null where it has none."""
    return _around(listed(items), f'{{"id":{_json_of(object_id)},"{name}":[', "]}")


def _around(texts: pa.Array, start: str, end: str) -> pa.Array:
    return _where(pc.not_equal(texts, ""), joined_texts(start, texts, end))


def _where_answered(cells: pa.Array, *parts: Cells | str) -> pa.Array:
    return _where(answered(cells), joined_texts(*parts))


def listed(parts: Sequence[Cells]) -> Cells:
    """The parts of each row that aren't null, with commas between them; the empty text where all are."""
    # Arrow's own way to skip nulls leaves out the rows where all are null.
    return pc.binary_replace_slice(joined_texts(*_behind_commas(parts)), 0, 1, "")


def _behind_commas(parts: Sequence[Cells]) -> list[Cells]:
    """Each part with a comma before it; the empty text where it is null."""
    return [pc.coalesce(joined_texts(",", part), "") for part in parts]


def _where(is_there: Cells, texts: Cells | str) -> Cells:
    """*texts* where *is_there* says so, and null elsewhere."""
    return pc.if_else(is_there, texts, pa.scalar(None, pa.string()))


def json_texts(texts: pa.Array) -> pa.Array:
    plain = joined_texts('"', texts, '"')
    is_odd = pc.match_substring_regex(texts, ESCAPED)
    if not pc.any(is_odd).as_py():
        return plain
    odd = pc.indices_nonzero(is_odd)
    return replaced(plain, odd.to_numpy(), [_json_of(text) for text in texts.take(odd).to_pylist()])


def _json_of(value: object) -> str:
    return _encode(value).decode()
