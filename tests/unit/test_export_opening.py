"""Export files opened: encodings, separators, line ends, workbooks and archives, and what is refused."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.opening import open_tables
from connectors.export_files.source import Allowance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connectors.export_files.table import Table

    Open = Callable[..., list[Table]]

CURL = "\N{RIGHT SINGLE QUOTATION MARK}"
DASH = "\N{EN DASH}"
PLAIN = "Respondent ID,Start Date,Name\r\n118000000001,03/24/2021 7:14:41 AM,Isla\r\n"
ACCENTED = f"ID,Why?\r\n1,“We don{CURL}t leave a child behind {DASH} ever”\r\n2,Zoë{CURL}s café in Sète\r\n"
NOTES = "http://schemas.openxmlformats.org"
FORMULA_ONLY = '<c r="A2"><f>B2+1</f></c>'
ERROR_CELL = '<c r="A2" t="e"><v>#NAME?</v></c>'


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens bytes as a file of that name."""

    def open_bytes(content: bytes, name: str = "pledge.csv", allowance: Allowance | None = None):
        path = tmp_path / name
        path.write_bytes(content)
        return open_tables(path, allowance)

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


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("Schön, naïve\n", "mac_roman"),
        (f"3{DASH}5 years; £20; ½ day\n", "cp1252"),
        (f"don{CURL}t\n", "cp1252"),
        (f"don{CURL}t\n", "mac_roman"),
        ("CAFÉ\n", "cp1252"),
        ("ANDRÉ and André, Chloë\n", "mac_roman"),
        (f"the parents{CURL} council\n", "mac_roman"),
    ],
)
def test_one_word_is_enough_to_tell_windows_from_mac(opened: Open, content: str, named: str) -> None:
    (table,) = opened(content.encode(named))
    assert table.encoding == named


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
        ("café, Zoë, André\n".encode("cp437"), "sense as UTF-8"),
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
        (workbook(f"<row/><row>{ERROR_CELL}</row>"), "row 2 of its sheet1.xml holds an error"),
        (workbook("", parts={"xl/vbaProject.bin": "x"}), "macros"),
        (workbook("", parts={"xl/externalLinks/externalLink1.xml": "<x/>"}), "other files"),
        (workbook("", parts={"xl/styles.xml": "<!DOCTYPE x><x/>"}), "isn't built as"),
        (workbook('<row><c r="A1"/><c r="XFD1"/></row>'), "beyond column 10,000"),
        (workbook('<row><c r="A1"/><c r="CV1048576"/></row>'), "more than 60,000,000 cells"),
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


def test_a_zip_bomb_ends_at_the_allowance_whatever_its_header_says(opened: Open) -> None:
    bomb = archive({f"{n}.csv": b"0,0\n" * 500_000 for n in range(3)})
    with pytest.raises(ExportRefusedError, match="larger than 5,000,000 bytes"):
        opened(bomb, allowance=Allowance(unpacked_bytes=5_000_000))
    size = (2_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 6
    with pytest.raises(ExportRefusedError, match="damaged"):
        opened(bomb.replace(size, (4).to_bytes(4, "little")))


def test_a_locked_member_is_refused(opened: Open) -> None:
    content = bytearray(archive({"a.csv": PLAIN}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ExportRefusedError, match="password"):
        opened(bytes(content))


def test_cells_are_counted_over_the_whole_file(opened: Open) -> None:
    with pytest.raises(ExportRefusedError, match="more than 3 cells"):
        opened(b"a,b\nc,d\n", allowance=Allowance(cells=3))


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
