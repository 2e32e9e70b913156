"""Export files opened: encodings, separators, line ends, workbooks and archives, and what is refused."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import ExportRefusedError
from connectors.export_files.files.opened_file import open_tables
from connectors.export_files.files.size_limits import MOST, Allowance
from connectors.export_files.reader import read_export
from tests.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.export_files.cells.table import Table

    Open = Callable[..., list[Table]]

CURL = "\N{RIGHT SINGLE QUOTATION MARK}"
DASH = "\N{EN DASH}"
PLAIN = "Respondent ID,Start Date,Name\r\n118000000001,03/24/2021 7:14:41 AM,Isla\r\n"
ACCENTED = f"ID,Why?\r\n1,“We don{CURL}t leave a child behind {DASH} ever”\r\n2,Zoë{CURL}s café in Sète\r\n"
NOTES = "http://schemas.openxmlformats.org"
FORMULA_ONLY = '<c r="A2"><f>B2+1</f></c>'
FORMULA_AND_NOTHING = '<c r="A2"><f>LOWER("x@example.org")</f><v></v></c>'
ERROR_CELL = '<c r="A2" t="e"><v>#NAME?</v></c>'

SHORT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from connectors.export_files.reader import read_export

taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 30_000_000,) * 2)
zone = ZoneInfo("Europe/London")
read_export(Path(sys.argv[1]), survey_id="1", known=None, zone=zone, order=None, needs_dates=True)
"""


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens bytes as a file of that name."""

    def open_bytes(content: bytes, name: str = "pledge.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return open_tables(path)

    return open_bytes


def workbook(*sheets: str, texts: tuple[str, ...] = (), parts: dict[str, str] | None = None, **changes: str):
    """A workbook's bytes; a sheet is the XML in sheetData; *changes* are attributes of the second sheet."""
    numbers = range(1, len(sheets) + 1)
    hidden = "".join(f' {name}="{value}"' for name, value in changes.items())
    names = "".join(
        f'<sheet name="Sheet {n}" sheetId="{n}" r:id="rId{n}"{hidden if n == 2 else ""}/>' for n in numbers
    )
    kinds = f"{NOTES}/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{kinds}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    package = f'xmlns="{NOTES}/package/2006/relationships"'
    main = f'xmlns="{NOTES}/spreadsheetml/2006/main"'
    whole = {
        "[Content_Types].xml": f'<Types xmlns="{NOTES}/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships {package}><Relationship Id="rId1" Type="{kinds}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{kinds}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {package}>{links}</Relationships>",
        "xl/styles.xml": f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/>'
        "</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
    }
    for number, rows in zip(numbers, sheets, strict=True):
        whole[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet {main}><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
        )
    return archive(whole | (parts or {}))


def archive(members: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("codec", "mark", "named"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8-sig"),
        ("utf-16", b"", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16"),
        ("utf-16-be", b"", "utf-16"),
        ("cp1252", b"", "cp1252"),
        ("mac_roman", b"", "mac_roman"),
    ],
)
def test_an_encoding_is_told_by_the_bytes(opened: Open, codec: str, mark: bytes, named: str) -> None:
    (table,) = opened(mark + ACCENTED.encode(codec), "pledge.xlsx")
    assert (table.encoding, table.name) == (named, "pledge.xlsx")
    assert list(table.rows) == list(csv.reader(io.StringIO(ACCENTED, newline="")))


def test_a_single_nul_byte_is_taken_out_and_is_no_sign_of_utf_16(opened: Open) -> None:
    (table,) = opened(PLAIN.encode().replace(b"Isla", b"Is\0la"))
    assert (table.encoding, table.rows[1][2]) == ("utf-8", "Isla")


def test_a_replacement_character_that_stands_in_the_file_stays(opened: Open) -> None:
    (table,) = opened("Name,Role\nZo\ufffd,Parent\n".encode())
    assert table.rows[1] == ["Zo\ufffd", "Parent"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_every_line_end_ends_one_row(opened: Open, end: str) -> None:
    (table,) = opened(end.join(["a,b", '"1\n2","say ""aye"""', "", "3,4", ""]).encode())
    assert list(table.rows) == [["a", "b"], ["1\n2", 'say "aye"'], [], ["3", "4"]]


@pytest.mark.parametrize(
    ("content", "separator", "width"),
    [
        ("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n", ";", 3),
        ("a\tb\n1,2,3\t4\n5,6,7\t8\n", "\t", 2),
        ('a,b\n"x;y;z",2\n"p;q;r",3\n', ",", 2),
        ('A title\n\na;b\n"1,2,3";2\n"4,5,6";3\n', ";", 2),
        ("Name\nIsla\n", ",", 1),
    ],
)
def test_the_separator_is_the_one_that_gives_rows_of_one_width(
    opened: Open, content: str, separator: str, width: int
) -> None:
    (table,) = opened(content.encode())
    assert (table.separator, len(table.rows[-1])) == (separator, width)


def test_a_workbooks_visible_sheets_come_as_text(opened: Open) -> None:
    rows = (
        '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2"><v>118000000001</v></c><c r="D2"><v>1.5</v></c>'
        '<c r="E2" s="1"><v>43772.14873843</v></c><c r="F2" s="1"><v>43772</v></c>'
        '<c r="G2" t="b"><v>1</v></c><c r="H2" t="str"><f>A1</f><v>kept</v></c></row>'
    )
    other = '<row><c t="inlineStr"><is><t>secret</t></is></c></row>'
    tables = opened(workbook(rows, other, rows, texts=("Isla &amp; Rab",), state="hidden"), "pledge.csv")
    assert [(table.name, table.encoding) for table in tables] == [
        ("pledge.csv: Sheet 1", "xlsx"),
        ("pledge.csv: Sheet 3", "xlsx"),
    ]
    dates = ["2019-11-03 03:34:11", "2019-11-03 00:00:00"]
    assert list(tables[0].rows) == [
        [""] * 8,
        ["", "Isla & Rab", "118000000001", "1.5", *dates, "TRUE", "kept"],
    ]


def test_an_archive_gives_its_export_files_and_no_others(opened: Open) -> None:
    sheet = workbook("<row><c><v>1</v></c></row>")
    tables = opened(
        archive(
            {
                "CSV/": "",
                "CSV/Sheet_1.csv": PLAIN,
                "../../Sheet_2.txt": ACCENTED.encode("mac_roman"),
                "Excel\\Sheet.xlsx": sheet,
                "__MACOSX/CSV/._Sheet_1.csv": "x",
                ".hidden.csv": "x",
                "logo.png": b"\x89PNG",
            }
        ),
        "export.zip",
    )
    assert [(table.name, table.encoding) for table in tables] == [
        ("export.zip: Sheet_1.csv", "utf-8"),
        ("export.zip: Sheet_2.txt", "mac_roman"),
        ("export.zip: Sheet.xlsx: Sheet 1", "xlsx"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b'a,b\n1,"never closed\n2,x\n3,y\n', "row 2 has a quotation mark"),
        (b'a,b\n1,"never closed\n2,"x"\n3,y\n', "row 2 has a quotation mark"),
        (b"a\n" + b"x" * 1_000_001 + b"\n", "row 2 has .* more than 1,000,000"),
        (b"a\n" + b"," * 10_000 + b"\n", "row 2 has more than 10,000 columns"),
        (b"x" * 20_000_000, "line is longer"),
        ("Zoë, Chloë\nZo".encode() + b"\xeb\n", "UTF-8 for the greater part, but line 2"),
        ("\ufeffZoë\n".encode() + b"Zo\xeb\n", "says that it is UTF-8, but line 2"),
        ("где они, там мы\n".encode("cp866"), "sense as UTF-8"),
        ("a,b\n".encode("utf-16") + b"\x00\xd8\n\x00", "broken characters"),
        (PLAIN.encode("utf-32"), "no text"),
        (bytes(range(256)) * 4, "no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"<!DOCTYPE html><html>", "document"),
        (b"%PDF-1.7", "document"),
        (b"\x1f\x8b\x08", "no ZIP"),
        (archive({"export.pdf": b"%PDF"}), "no table"),
        (archive({"inner.zip": archive({"a.csv": PLAIN})}), "archive inside an archive"),
        (archive({"inner.csv": archive({"a.csv": PLAIN})}), "archive inside an archive"),
        (archive({f"{n}.csv": PLAIN for n in range(1_001)}), "more than 1,000 files"),
        (archive({"a.csv": PLAIN})[:-30], "damaged"),
        (archive({"content.xml": "<x/>"}), "OpenDocument"),
        (workbook(FORMULA_ONLY), "formula that was never worked out"),
        (workbook(FORMULA_AND_NOTHING), "formula that was never worked out"),
        (workbook(FORMULA_AND_NOTHING.replace("<v></v>", "<v />")), "formula that was never worked out"),
        (workbook(f"<row/><row>{ERROR_CELL}</row>"), "row 2 of its sheet1.xml holds an error"),
        (workbook("", parts={"xl/vbaProject.bin": "x"}), "macros"),
        (workbook("", parts={"xl/externalLinks/externalLink1.xml": "<x/>"}), "other files"),
        (workbook("", parts={"xl/styles.xml": "<!DOCTYPE x><x/>"}), "isn't built as"),
        (workbook('<row><c r="A1"/><c r="XFD1"/></row>'), "beyond column 10,000"),
        (workbook('<row><c r="A1"/><c r="CV1048576"/></row>'), "more than 30,000,000 cells"),
        (workbook('<row><c t="s"><v>7</v></c></row>'), "isn't built as"),
        (workbook("", parts={"xl/sharedStrings.xml": '<sst uniqueCount="99999999999"/>'}), "isn't built as"),
        (
            workbook("<row>" + '<c t="s"><v>0</v></c>' * 2_100 + "</row>", texts=("x" * 1_000_000,)),
            "more than 2,000,000,000 characters",
        ),
    ],
)
def test_what_cant_be_taken_whole_is_refused_in_words(opened: Open, content: bytes, words: str) -> None:
    with pytest.raises(ExportRefusedError, match=words) as refused:
        opened(content)
    assert str(refused.value).startswith("pledge.csv: ")
    assert "closed\n" not in str(refused.value)


def test_a_sheet_that_hides_under_another_ending_is_refused(opened: Open) -> None:
    content = workbook("<row><c><v>1</v></c></row>")
    moved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(moved, "w") as written:
        for part in given.namelist():
            text = given.read(part).replace(b"sheet1.xml", b"sheet1.png")
            written.writestr(part.replace("sheet1.xml", "sheet1.png"), text)
    with pytest.raises(ExportRefusedError, match="isn't built as"):
        opened(moved.getvalue())


def test_a_zip_bomb_ends_at_the_allowance_whatever_its_header_says(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = archive({f"{n}.csv": b"0,0\n" * 500_000 for n in range(3)})
    monkeypatch.setitem(MOST, "bytes", 5_000_000)
    with pytest.raises(ExportRefusedError, match="larger than 5,000,000 bytes"):
        opened(bomb)
    size = (2_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 6
    with pytest.raises(ExportRefusedError, match="damaged"):
        opened(bomb.replace(size, (4).to_bytes(4, "little")))


def test_a_locked_member_is_refused(opened: Open) -> None:
    content = bytearray(archive({"a.csv": PLAIN}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ExportRefusedError, match="password"):
        opened(bytes(content))


def test_cells_are_counted_over_the_whole_file(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOST, "cells", 3)
    with pytest.raises(ExportRefusedError, match="more than 3 cells"):
        opened(b"a,b\nc,d\n")


def test_a_cell_that_no_row_has_written_counts_as_its_column_is_kept_for_every_row(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"," * 99 + b"\n" + b"x\n" * 20, b"a\n" * 20 + b"," * 99 + b"\n", b"," * 99 + b"\n" * 21):
        monkeypatch.setitem(MOST, "cells", 2_000)
        with pytest.raises(ExportRefusedError, match="more than 2,000 cells, each row as wide as the widest"):
            opened(content)
        monkeypatch.setitem(MOST, "cells", 2_100)
        (table,) = opened(content)
        assert len(table.rows) == 21


def test_rows_are_counted_blank_ones_too_over_the_whole_archive(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = archive({"a.csv": "a\n" * 10, "b.csv": "\n" * 10})
    monkeypatch.setitem(MOST, "rows", 19)
    with pytest.raises(ExportRefusedError, match="more than 19 rows, blank ones among them"):
        opened(content)
    monkeypatch.setitem(MOST, "rows", 20)
    assert len(opened(content)) == 2


@pytest.mark.parametrize("after", [b"x\n" * 20_000, b"\r\n" * 1_000_000, b"\n" * 1_000_000])
def test_a_small_file_that_would_fill_the_memory_is_refused(opened: Open, after: bytes) -> None:
    wide = b"Respondent ID" + b"," * 9_999 + b"\n"
    with pytest.raises(ExportRefusedError, match="more than 100,000,000 cells"):
        opened(archive({"a.csv": wide + after}))


def test_a_wide_survey_and_a_long_one_are_within_the_bounds(opened: Open) -> None:
    allowance = Allowance()
    for n_rows, n_columns in ((1_000_000, 13), (5_000, 2_000)):
        allowance.take("a.csv", rows=n_rows, cells=n_rows * n_columns)
    (table,) = opened(("a," * 1_999 + "a\n").encode() * 3_000)
    assert (len(table.rows), len(table.rows[2_999])) == (3_000, 2_000)


def test_a_formula_whose_value_is_the_empty_text_is_an_empty_cell(opened: Open) -> None:
    (table,) = opened(workbook('<row><c t="str"><f>""</f><v></v></c><c><f>1+1</f><v>2</v></c></row>'))
    assert list(table.rows) == [["", "2"]]


@pytest.mark.parametrize(
    ("attributes", "day"), [('date1904="1"', 11), ('date1904="true"', 11), ('date1904="0"', 10), ("", 10)]
)
def test_days_count_from_the_year_that_the_workbook_says(tmp_path: Path, attributes: str, day: int) -> None:
    texts = ("Respondent ID", "End Date", "Who?", "Zed")
    headings = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(3))
    response = '<c><v>118000000001</v></c><c><v>44265.5</v></c><c t="s"><v>3</v></c>'
    content = workbook(f"<row>{headings}</row><row>{response}</row>", texts=texts)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    settings = f"<workbookPr {attributes}/><sheets>".encode()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<sheets>", settings)
    path = tmp_path / "export.xlsx"
    path.write_bytes(archive(parts))
    export = read_export(
        path, survey_id="1", known=None, zone=ZoneInfo("Europe/London"), order=None, needs_dates=True
    )
    year = 2025 if day == 11 else 2021
    assert export.modified.to_pylist() == [f"{year}-03-{day}T12:00:00+00:00"]


def test_a_computer_without_the_memory_is_told_of_in_words(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"Respondent ID,End Date,Who?\n" + b"118000000001,2025-03-11 10:00:00,Zed\n" * 1_000_000)
    ran = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY, path], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (ran.stdout, ran.returncode) == ("", 1)
    last = ran.stderr.splitlines()[-1]
    assert "ExportRefusedError: export.csv: reading it takes more memory than there is" in last


def test_a_pipe_is_not_waited_for_and_a_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(ExportRefusedError, match=r"^pipe\.csv can't be read: it is a pipe"):
        open_tables(tmp_path / "pipe.csv")
    monkeypatch.chdir(tmp_path)
    for given in (".", ""):
        with pytest.raises(ExportRefusedError, match=r"^\. can't be read: it is a folder"):
            open_tables(Path(given))


def test_a_link_to_a_file_is_as_good_as_the_file(opened: Open, tmp_path: Path) -> None:
    opened(PLAIN.encode())
    (tmp_path / "link.csv").symlink_to("pledge.csv")
    assert len(open_tables(tmp_path / "link.csv")[0].rows) == 2


def test_a_name_that_cant_be_shown_is_shown_as_python_writes_it(opened: Open) -> None:
    (table,) = opened(archive({"a\x1b[31m\n.csv": PLAIN}), os.fsdecode(b"b\xff\x07.zip"))
    assert table.name == r"b\udcff\x07.zip: a\x1b[31m\n.csv"
    with pytest.raises(ExportRefusedError, match=r"^\\udcff\.csv: the file is empty"):
        opened(b"", os.fsdecode(b"\xff.csv"))


def test_a_member_is_taken_for_its_content_whatever_it_is_called(opened: Open) -> None:
    tables = opened(
        archive({"export": PLAIN, "guide.html": f"<p>{PLAIN}", "list": "Zed\nQuux\n", "nothing.csv": ""})
    )
    assert [(table.name, len(table.rows)) for table in tables] == [
        ("pledge.csv: export", 2),
        ("pledge.csv: nothing.csv", 0),
    ]


def test_the_csv_modules_own_limit_is_as_it_was(opened: Open) -> None:
    before = csv.field_size_limit()
    opened(PLAIN.encode())
    assert csv.field_size_limit() == before


def test_every_real_file_has_as_many_rows_and_cells_as_by_another_count(real_data: Path) -> None:
    known = {"fivethirtyeight_star_wars.csv": "mac_roman", "kubernetes_contribex_2019.csv": "utf-8-sig"}
    files = sorted((real_data / "exports").glob("*.csv"))
    assert len(files) == 16
    for path in files:
        (table,) = open_tables(path)
        with path.open(encoding=known.get(path.name, "utf-8"), newline="") as text:
            rows = list(csv.reader(text))
        assert table.encoding == known.get(path.name, "utf-8"), path.name
        assert list(table.rows) == rows, path.name


def test_the_real_workbook_has_a_table_for_each_of_its_sheets(real_data: Path) -> None:
    tables = open_tables(real_data / "exports" / "cncf_2021_part1_summary.xlsx")
    assert [table.name.partition(": ")[2] for table in tables] == [f"Question {n}" for n in range(1, 28)]
