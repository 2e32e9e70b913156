"""The pack as a spreadsheet, laid out as the UK statistical service asks, by its own gptables.

gptables reads a little markup in what it is given, and refuses cells without a Latin letter. So it is given
tokens, and each is exchanged for its text as it is written: as a string, whatever it begins with, so that no
text can become a formula or a link.
"""

import re
import warnings
from collections.abc import Callable
from datetime import UTC
from io import BytesIO
from textwrap import wrap
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import vl_convert

from reports.branding import Brand
from reports.charts.catalogue import pictures_of
from reports.logos import Logo
from reports.safe_pack import SafePack
from reports.texts import findings, wording
from reports.texts.tables import SHORTHAND, Table, notes_of, summary_of, tables_of

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
ABOUT_SHORTHAND = f" {SHORTHAND} means hidden; the note below says when that is."
LANGUAGE = b"</dc:creator><dc:language>en-GB</dc:language>"
SENTENCE_ENDS = re.compile(r"(?<=\.) (?=[A-Z“])")
NUMBERS = {"num_format": "#,##0", "align": "right"}


class Sheet(GPWorksheet):
    """A worksheet that writes the texts for their tokens, and every text as a string.

    lengths: of what is written, by row and column.
    """

    lengths: dict[tuple[int, int], int]

    def write(self, row: int, col: int, *what: Any) -> int:
        value, *rest = what
        text = self._workbook.texts.get(str(value), str(value))
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
            if row in table or not table:
                needed = -(-length // (other_width if col else first_width))
                lines[row] = max(lines.get(row, 1), needed)
        for row, needed in lines.items():
            if needed > 1:
                self.set_row(row, needed * LINE_HEIGHT)


class Workbook(GPWorkbook):
    """gptables' workbook with such worksheets."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file, options=OPTIONS)
        self.texts: dict[str, str] = {}

    def token(self, text: str) -> str:
        token = f"text{len(self.texts)}"
        self.texts[token] = text
        return token

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> Sheet:
        sheet = super().add_worksheet(name, gridlines)
        # gptables makes its own class and none other.
        sheet.__class__, sheet.lengths = Sheet, {}
        return sheet


def render(pack: SafePack, brand: Brand) -> dict[str, bytes]:
    """The one file, by how its name ends: cover, contents, notes and a sheet for each table."""
    file = BytesIO()
    book = Workbook(file)
    book.set_properties({
        "title": wording.title(pack), "author": pack.organisation, "subject": wording.dates(pack)[-1],
        "created": pack.as_at.astimezone(UTC).replace(tzinfo=None),
    })  # fmt: skip
    tables = {table.sheet: _gptable(table, book.token) for table in [summary_of(pack), *tables_of(pack)]}
    notes = {"Notes": _notes(notes_of(pack, brand), book.token)}
    _write_cover(book, pack, brand)
    contents = {"Contents": book.make_table_of_contents(notes | tables)}
    for name, gptable in (contents | notes).items():
        _write(book.add_worksheet(name), gptable, OTHER_WIDTH, COVER_WIDTH)
    for name, gptable in tables.items():
        _write(book.add_worksheet(name), gptable, FIRST_WIDTH, OTHER_WIDTH)
    book.close()
    return {".xlsx": _with_language(file)}


def _with_language(file: BytesIO) -> bytes:
    """XlsxWriter has no property for the language, by which a reading voice is chosen."""
    whole = BytesIO()
    with ZipFile(file) as book, ZipFile(whole, "w", ZIP_DEFLATED) as target:
        for part in book.infolist():
            content = book.read(part)
            is_core = part.filename == "docProps/core.xml"
            target.writestr(part, content.replace(b"</dc:creator>", LANGUAGE) if is_core else content)
    return whole.getvalue()


def _write(sheet: Sheet, gptable: GPTable, first_width: int, other_width: int) -> None:
    n_columns = len(gptable.table.columns)
    with warnings.catch_warnings():
        # gptables 2.0.2 sorts in a way that pandas 3.1 calls old; that is between the two of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        sheet.write_gptable(gptable, auto_width=False)
    sheet.set_column(0, 0, first_width)
    sheet.set_column(1, n_columns - 1, other_width)
    sheet.fit_rows(first_width, other_width)
    if n_columns > MOST_UPRIGHT:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_cover(book: Workbook, pack: SafePack, brand: Brand) -> None:
    texts = brand.paragraphs(pack.title)
    intro = [
        f"{pack.total:,} {wording.headline(pack)}.",
        *filter(None, [wording.between(pack)]),
        *(f"{date}." for date in wording.dates(pack)),
        *findings.in_short(pack, [picture.finding for picture in pictures_of(pack)]),
        *texts["introduction"],
    ]
    about = []
    if pack.wording:
        since = filter(None, [wording.wording_since(pack)])
        paragraphs = (f"• {one.text}" if one.is_item else one.text for one in pack.wording)
        about += [f"{wording.HEADINGS['wording']}:", *paragraphs, *since]
    about += [f"{what}: {answer}" for what, answer in wording.release(pack, brand)]
    about += texts["closing"]
    sheet = book.add_worksheet("Cover")
    sheet.write_cover(
        Cover(
            title=book.token(wording.title(pack)),
            intro=list(map(book.token, intro)),
            about=list(map(book.token, about)),
            contact=list(map(book.token, texts["contact"])) or None,
            width=COVER_WIDTH,
        )
    )
    sheet.fit_rows(COVER_WIDTH, COVER_WIDTH)
    sheet.fit_to_pages(1, 0)
    if brand.logo:
        _set_logo(sheet, brand.logo, pack.organisation)


def _set_logo(cover: Sheet, logo: Logo, organisation: str) -> None:
    """Beside the title, since a row of its own would come before it. XlsxWriter takes no SVG."""
    width = round(LOGO_HEIGHT * logo.shape, 2)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{LOGO_HEIGHT}">'
        f'<image width="{width}" height="{LOGO_HEIGHT}" href="{logo.address}"/></svg>'
    )
    picture = BytesIO(vl_convert.svg_to_png(drawn, ppi=PIXELS_PER_INCH))
    options = {"image_data": picture, "description": organisation, "x_offset": 12}
    cover.insert_image(0, 1, "logo.png", options)


def _gptable(table: Table, token: Callable[[str], str]) -> GPTable:
    whole = [*table.rows, *filter(None, [table.foot])]
    rows = [
        [
            token(wording.label(row.what) + row.remark),
            *(SHORTHAND if cell is None else cell for cell in row.cells),
        ]
        for row in whole
    ]
    has_hidden = any(None in row.cells for row in whole)
    numbers = {"columns": list(table.headings[1:]), "format": NUMBERS, "include_names": True}
    return GPTable(
        table=pd.DataFrame(rows, columns=list(table.headings), dtype=object),
        table_name=table.name.replace("-", "_"),
        title=token(table.title),
        instructions=token(f"{ONE_TABLE}{ABOUT_SHORTHAND if has_hidden else ''}"),
        legend=[
            token(line)
            for sentence in SENTENCE_ENDS.split(table.note)
            for line in wrap(sentence, LONGEST_LINE)
        ],
        index_columns={2: 0},
        additional_formatting=[{"column": numbers}],
    )


def _notes(notes: list[tuple[str, str]], token: Callable[[str], str]) -> GPTable:
    rows = [[token(about), token(note)] for about, note in notes]
    return GPTable(
        table=pd.DataFrame(rows, columns=["About", "Note"], dtype=object),
        table_name="notes",
        title="Notes",
        instructions=ONE_TABLE,
        index_columns={2: 0},
    )
