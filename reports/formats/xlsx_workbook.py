"""The pack as a spreadsheet, laid out as the UK statistical service asks, by its own gptables.

gptables reads a little markup in what it is given, and refuses cells without a Latin letter. So it is given
tokens, and each is exchanged for its text as it is written: as a string, whatever it begins with, so that no
text can become a formula or a link.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import vl_convert

from reports.branding import Brand, paragraphs
from reports.charts.catalogue import pictures_of
from reports.disclosure.safe_pack import SafePack
from reports.logos import Logo
from reports.texts import findings
from reports.texts import wording as prose
from reports.texts.chart_texts import in_short
from reports.texts.tables import HIDDEN, SHORTHAND, Table, Value, label, notes_of, summary_of, tables_of

with warnings.catch_warnings():
    # gptables 2.0.2 doesn't close the file in which its theme is.
    warnings.simplefilter("ignore", ResourceWarning)
    from gptables import Cover, GPTable
    from gptables.core.wrappers import GPWorkbook, GPWorksheet

FIRST_WIDTH, OTHER_WIDTH, COVER_WIDTH = 60, 22, 90  # characters
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LOGO_HEIGHT, PIXELS_PER_INCH = 42, 216  # points
MOST_UPRIGHT = 3  # columns that a page holds upright
LINE_HEIGHT = 16  # points
LONGEST_LINE = 100  # characters, over a table: longer ones would make a printed page small
ONE_TABLE = "This worksheet contains one table."
LANGUAGE = b"</dc:creator><dc:language>en-GB</dc:language>"
SENTENCE_ENDS = re.compile(r"(?<=\.) (?=[A-Z“])")
NUMBERS = {"num_format": "#,##0", "align": "right"}


class Texts:
    """Tokens for texts, and the texts again."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}

    def token(self, text: str) -> str:
        token = f"text{len(self._told)}"
        self._told[token] = text
        return token

    def text(self, token: str) -> str:
        return self._told.get(token, token)


class Sheet(GPWorksheet):
    """A worksheet that writes the texts for their tokens, and every text as a string."""

    texts: Texts
    lengths: dict[tuple[int, int], int]

    def write(self, row: int, col: int, *what: Any) -> int:
        value, *rest = what
        text = self.texts.text(str(value))
        self.lengths[row, col] = len(text)
        if isinstance(value, str):
            return self.write_string(row, col, text, *rest)
        return super().write(row, col, value, *rest)

    def fit_rows(self, first_width: int, other_width: int) -> None:
        """Make rows as high as their text: not every program does so when it opens a file.

        What stands above a table runs on beside its cell, and needs no more than a line.
        """
        table = {row for row, col in self.lengths if col}
        lines: dict[int, int] = {}
        for (row, col), length in self.lengths.items():
            needed = -(-length // (other_width if col else first_width))
            if row in table or not table:
                lines[row] = max(lines.get(row, 1), needed)
        for row, needed in lines.items():
            if needed > 1:
                self.set_row(row, needed * LINE_HEIGHT)


class Workbook(GPWorkbook):
    """gptables' workbook with such worksheets."""

    def __init__(self, path: Path, texts: Texts) -> None:
        super().__init__(str(path), options=OPTIONS)
        self.texts = texts

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> Sheet:
        sheet = super().add_worksheet(name, gridlines)
        # gptables makes its own class and none other.
        sheet.__class__, sheet.texts, sheet.lengths = Sheet, self.texts, {}
        return sheet


def write_xlsx(pack: SafePack, path: Path, brand: Brand) -> None:
    """Write cover, contents, notes and a sheet for each table."""
    texts = Texts()
    book = Workbook(path, texts)
    book.set_properties({
        "title": prose.title(pack), "author": pack.organisation, "subject": prose.dates(pack)[-1],
        "created": pack.as_at.astimezone(UTC).replace(tzinfo=None),
    })  # fmt: skip
    sheets = {table.sheet: _gptable(table, texts) for table in [summary_of(pack), *tables_of(pack)]}
    notes = {"Notes": _notes(pack, texts)}
    cover = book.add_worksheet("Cover")
    cover.write_cover(_cover(pack, texts, brand))
    cover.fit_rows(COVER_WIDTH, COVER_WIDTH)
    cover.fit_to_pages(1, 0)
    if brand.logo:
        _set_logo(cover, brand.logo, pack.organisation)
    contents = {"Contents": book.make_table_of_contents(notes | sheets)}
    for name, gptable in (contents | notes | sheets).items():
        sheet = book.add_worksheet(name)
        with warnings.catch_warnings():
            # gptables 2.0.2 sorts in a way that pandas 3.1 calls old; that is between the two of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            sheet.write_gptable(gptable, auto_width=False)
        widths = (FIRST_WIDTH, OTHER_WIDTH) if name in sheets else (OTHER_WIDTH, COVER_WIDTH)
        sheet.set_column(0, 0, widths[0])
        sheet.set_column(1, len(gptable.table.columns) - 1, widths[1])
        sheet.fit_rows(*widths)
        if len(gptable.table.columns) > MOST_UPRIGHT:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    book.close()
    _tell_language(path)


def _tell_language(path: Path) -> None:
    """XlsxWriter has no property for the language, by which a reading voice is chosen."""
    with ZipFile(path) as book:
        parts = [(part, book.read(part)) for part in book.infolist()]
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        for part, content in parts:
            is_core = part.filename == "docProps/core.xml"
            book.writestr(part, content.replace(b"</dc:creator>", LANGUAGE) if is_core else content)


def _set_logo(cover: Sheet, logo: Logo, organisation: str) -> None:
    """Beside the title, since a row of its own would come before it. XlsxWriter takes no SVG."""
    width = round(LOGO_HEIGHT * logo.shape, 2)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{LOGO_HEIGHT}">'
        f'<image width="{width}" height="{LOGO_HEIGHT}" href="{logo.address}"/></svg>'
    )
    picture = BytesIO(vl_convert.svg_to_png(drawn, ppi=PIXELS_PER_INCH))
    told = {"image_data": picture, "description": organisation, "x_offset": 12}
    cover.insert_image(0, 1, "logo.png", told)


def _cover(pack: SafePack, texts: Texts, brand: Brand) -> Cover:
    total = f"{pack.total:,} {findings.headline(pack)}"
    said = [
        f"{total}.",
        *filter(None, [prose.between(pack)]),
        *(f"{date}." for date in prose.dates(pack)),
        *in_short(pack, [picture.finding for picture in pictures_of(pack)]),
        *paragraphs(brand.introduction, pack.title),
    ]
    wording = [*pack.wording, *filter(None, [prose.wording_since(pack)])]
    signed = [f"{prose.HEADINGS['wording']}:", *wording] if pack.wording else []
    about = [*signed, f"{prose.HEADINGS['citing']}: {prose.citation(pack)}"]
    about += paragraphs(brand.closing, pack.title)
    contact = paragraphs(brand.contact, pack.title)
    tokens = texts.token
    return Cover(
        title=tokens(prose.title(pack)),
        intro=list(map(tokens, said)),
        about=list(map(tokens, about)),
        contact=list(map(tokens, contact)) or None,
        width=COVER_WIDTH,
    )


def _gptable(table: Table, texts: Texts) -> GPTable:
    rows = [[texts.token(label(row.what) + row.remark), *map(_cell, row.cells)] for row in table.whole]
    return GPTable(
        table=pd.DataFrame(rows, columns=list(table.headings), dtype=object),
        table_name=table.name.replace("-", "_"),
        title=texts.token(table.title),
        instructions=texts.token(_instructions(table)),
        legend=[
            texts.token(line)
            for sentence in SENTENCE_ENDS.split(table.note)
            for line in wrap(sentence, LONGEST_LINE)
        ],
        index_columns={2: 0},
        additional_formatting=[
            {"column": {"columns": list(table.headings[1:]), "format": NUMBERS, "include_names": True}}
        ],
    )


def _instructions(table: Table) -> str:
    hidden = any(HIDDEN in row.cells for row in table.whole)
    return f"{ONE_TABLE} {SHORTHAND} means hidden; the note below says when that is." if hidden else ONE_TABLE


def _cell(value: Value) -> int | str:
    return SHORTHAND if value is HIDDEN else value


def _notes(pack: SafePack, texts: Texts) -> GPTable:
    rows = [[texts.token(about), texts.token(note)] for about, note in notes_of(pack)]
    return GPTable(
        table=pd.DataFrame(rows, columns=["About", "Note"], dtype=object),
        table_name="notes",
        title="Notes",
        instructions=ONE_TABLE,
        index_columns={2: 0},
    )
