"""However an export file is broken: it is refused in words, or each row and cell of it is accounted for.

Rows and cells are counted here in another way than the product does: by a reader of one character at a
time for texts, by an XML tree for workbooks.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import ExportRefusedError
from connectors.export_files.form.bodies import TOLD
from connectors.export_files.reader import read_export
from connectors.sandbox.world import pledge
from connectors.sandbox.world.people import invent
from connectors.survey.design import parse_design
from tests.broken_exports import Broken, make_broken
from tests.driving import UNTIL, Pledge
from tests.exporting import exportable
from tests.layouts import bodies_of

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.export_files.reader import Export

Row = list[str]
SEED = 20_251_103
PEOPLE = exportable(invent(400, 5, UNTIL))
KNOWN = parse_design(json.dumps(pledge.survey_design(UNTIL)))
ORDERS = (None, None, "month-first", "day-first")
TAKEN, CHECKS_FAILED, REFUSED = 0, 12, 15
HIDDEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
BESIDE = {*TOLD, "date_created", "date_modified"}
HEADINGS = {"Respondent ID", "Start Date", "Open-Ended Response", "Response"}


def a_case(number: int) -> Broken:
    return make_broken(Random(f"{SEED}-{number}"), PEOPLE)


@pytest.mark.parametrize("n_cases", [120, pytest.param(2_000, marks=pytest.mark.chaos)])
def test_a_broken_file_is_refused_in_words_or_taken_whole(tmp_path, n_cases):
    outcomes: Counter[str] = Counter()
    wrong = []
    for number in range(n_cases):
        broken = a_case(number)
        try:
            export = read(tmp_path, broken, number)
        except ExportRefusedError as error:
            outcomes[f"refused: {kind_of(str(error))}"] += 1
            continue
        except BaseException as error:
            error.add_note(f"case {number}: {', '.join(broken.broken)}")
            raise
        outcomes["accepted"] += 1
        wrong += [f"case {number}, {', '.join(broken.broken)}: {what}" for what in losses(broken, export)]
    print(f"\n{n_cases:,} broken files")
    print("\n".join(f"{n:6,} {what}" for what, n in outcomes.most_common()))
    assert wrong == []
    assert outcomes["accepted"] > n_cases / 4


@pytest.mark.parametrize("n_cases", [4, pytest.param(20, marks=pytest.mark.chaos)])
def test_the_whole_command_ends_in_words_and_with_every_response(tmp_path, n_cases):
    codes: Counter[int] = Counter()
    for number in range(n_cases):
        broken = a_case(number)
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / broken.name
        path.write_bytes(broken.content)
        ran = Pledge(folder, {"PLEDGE_SURVEY_ID": pledge.SURVEY_ID})("import", str(path), "--json")
        codes[ran.code] += 1
        assert ran.code in {TAKEN, CHECKS_FAILED, REFUSED}, (number, broken.broken)
        assert "Traceback" not in ran.stdout + ran.stderr, (number, broken.broken)
        if ran.code == TAKEN:
            export = read(tmp_path, broken, None)
            assert losses(broken, export) == []
            assert (ran.json["conservation_ok"], ran.json["responses_seen"]) == (True, len(export.ids))
    print(f"\n{n_cases} commands: {dict(codes)}")
    assert codes[TAKEN] > n_cases / 5


def read(folder: Path, broken: Broken, number: int | None) -> Export:
    """The file read; *number* varies how, None reads it as the command does."""
    path = folder / broken.name
    path.write_bytes(broken.content)
    chance = Random(number)
    return read_export(
        path,
        survey_id=pledge.SURVEY_ID,
        known=None if number is None else chance.choice((None, KNOWN)),
        zone=ZoneInfo("Europe/London"),
        order=None if number is None else chance.choice(ORDERS),
        needs_dates=number is None or chance.random() < 0.5,
    )


def kind_of(sentence: str) -> str:
    """The sentence's first words without names and numbers."""
    said = re.sub(r"export\.(csv|zip|xlsx)(: (export\.csv|Sheet))?:? ", "", sentence)
    return re.sub(r"\d[\d,]*", "#", said)[:60]


def losses(broken: Broken, export: Export) -> list[str]:
    """What of the file's rows and cells the export doesn't account for."""
    above, below = ([row for row in rows if n_filled(row)] for rows in rows_of(broken, export))
    n = len(export.ids)
    below = without_headings_again(below, export)
    least, most = broken.n_above + len(below), len(below) + len(above)
    if below and HEADINGS & set(below[0]):  # another file's, which may count as this one's
        least -= sum(bool(HEADINGS & set(row)) for row in below)
    elif broken.is_head_whole:
        most = least
    wrong = [] if least <= n <= most else [f"{n} records of {least} to {most}"]
    if len(set(export.ids)) < n and "of another row" not in "\n".join(export.notes):
        wrong.append("an id stands twice and nothing is said of it")
    return wrong + lost_cells((above + below)[len(above + below) - n :], export)


def without_headings_again(below: list[Row], export: Export) -> list[Row]:
    """*below* but for as many rows as are said to repeat the headings, and do."""
    layout = export.source
    table = layout.header.table
    said = re.search(r"([\d,]+) rows say again", "\n".join(export.notes))
    n = int(said[1].replace(",", "")) if said else 0
    headings = [as_read(table.rows[at]) for at in layout.header.rows]
    again = [at for at, row in enumerate(below) if as_read(row) in headings]
    taken = set(again if layout.header.n_again == n else [])
    kept = [row for at, row in enumerate(below) if at not in taken]
    return kept if len(below) - len(kept) == n else below


def as_read(row: Row) -> list[str]:
    cells = ["".join(letter for letter in cell if not is_hidden(letter)) for cell in row]
    return cells[: max((at for at, cell in enumerate(cells, 1) if cell), default=0)]


def lost_cells(rows: list[Row], export: Export) -> list[str]:
    """*rows*: of the records, as they were counted here."""
    bodies = [json.loads(text) for text in bodies_of(export)]
    layout = export.source
    table = layout.header.table
    records = [table.rows[at] for at in layout.header.records]
    places = [*layout.fixed.values(), *(column.index for column in layout.columns)]
    n_placed = sum(n_filled(row[at : at + 1]) for row in records for at in places)
    n_cells, told, noted = sum(map(n_filled, rows)), sum(map(n_told, bodies)), n_noted(export)
    wrong = []
    if n_placed != n_cells:
        wrong.append(f"{n_placed} cells have a place of {n_cells}")
    if told + noted != n_cells:
        wrong.append(f"{told} cells told and {noted} noted of {n_cells}")
    if any(texts_of(body) - set(row) for row, body in zip(rows, bodies, strict=False)):
        wrong.append("a text is told with another record")
    return wrong


def answers_of(body: dict[str, Any]) -> list[dict[str, str]]:
    return [answer for page in body["pages"] for asked in page["questions"] for answer in asked["answers"]]


def texts_of(body: dict[str, Any]) -> set[str]:
    return {answer["text"] for answer in answers_of(body) if "text" in answer}


def n_told(body: dict[str, Any]) -> int:
    """Cells that a response's JSON tells."""
    beside = sum(bool(body.get(name)) for name in BESIDE) + len(body.get("custom_variables", {}))
    return len(answers_of(body)) + beside + body["id"].isdecimal()


def n_noted(export: Export) -> int:
    """Cells that aren't told but are spoken of: dates that can't be read, ids that are lost."""
    notes = "\n".join(export.notes)
    unread = re.search(r"([\d,]+) dates can't be read", notes)
    layout = export.source
    table = layout.header.table
    id_at = layout.fixed.get("respondent_id", 0)
    lost = [table.rows[layout.header.records[record]][id_at : id_at + 1] for record in export.damaged]
    return (int(unread[1].replace(",", "")) if unread else 0) + sum(map(n_filled, lost))


def rows_of(broken: Broken, export: Export) -> tuple[list[Row], list[Row]]:
    """The rows above the first response and those from there on, blank ones too."""
    content = broken.content
    if broken.name.endswith(".csv"):
        return text_rows(content, broken.head, export)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if broken.name.endswith(".zip"):
            (name,) = archive.namelist()
            return text_rows(archive.read(name), broken.head, export)
        sheet = ET.fromstring(re.sub(rb"\w+:space", b"space", archive.read("xl/worksheets/sheet1.xml")))
    rows = [["".join(cell.itertext()) for cell in row] for row in sheet.iter() if row.tag.endswith("}row")]
    return rows[: broken.head], rows[broken.head :]


def text_rows(content: bytes, head: int, export: Export) -> tuple[list[Row], list[Row]]:
    """A row that begins above the first response's place counts as above, however far it reaches."""
    table = export.source.header.table
    codec = table.encoding
    if codec == "utf-16":
        little = content[:2] == b"\xff\xfe" or (content[:2] != b"\xfe\xff" and content[1:40:2].count(0) > 9)
        codec = "utf-16-le" if little else "utf-16-be"
    border = len(content[:head].decode(codec.replace("-sig", ""), "ignore"))
    text = content.decode(codec.replace("-sig", ""))
    above: list[Row] = []
    below: list[Row] = []
    for begins, row in each_row(text.lstrip("\ufeff"), table.separator):
        is_above = begins + text.startswith("\ufeff") < border
        (above if is_above else below).append([cell.replace("\0", "") for cell in row])
    return above, below


def each_row(text: str, separator: str):
    """Where each row begins and its cells; a quotation mark counts at a cell's start."""
    row, cell, begins, is_quoted, at = [], "", 0, False, 0
    while at < len(text):
        letter, at = text[at], at + 1
        if is_quoted and text[at - 1 : at + 1] == '""':
            cell, at = cell + '"', at + 1
        elif letter == '"' and (is_quoted or not cell):
            is_quoted = not is_quoted
        elif is_quoted or letter not in f"\r\n{separator}":
            cell += letter
        else:
            row, cell = [*row, cell], ""
            if letter != separator:
                yield begins, row
                row, begins = [], at
    if row or cell:
        yield begins, [*row, cell]


def is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in HIDDEN


def n_filled(row: Row) -> int:
    return sum(any(not is_hidden(letter) for letter in cell) for cell in row)
