"""Encodings of one byte a letter: which one a file is read in, and when that may be the wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connectors.export_files.files.legacy_encodings import ENOUGH_CELLS
from connectors.export_files.files.opened_file import open_tables
from connectors.export_files.notes import on_letters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connectors.export_files.cells.table import Table

    Open = Callable[[bytes], list[Table]]

CURL = "\N{RIGHT SINGLE QUOTATION MARK}"
DASH = "\N{EN DASH}"


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens bytes as a file."""

    def open_bytes(content: bytes):
        path = tmp_path / "pledge.csv"
        path.write_bytes(content)
        return open_tables(path)

    return open_bytes


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
        ("Name\nZoë Quux\n", "mac_roman"),
        ("Name\nZoë Quux\n", "cp1252"),
        ("Name\nZoë Quux\n", "cp850"),
        ("Name\nZOË Quux\n", "mac_roman"),
        ("Name\nÆlfred Quux\n", "mac_roman"),
        ("Name\nŽofie Quux\n", "cp1252"),
        ("Name\nŒuvre Quux\n", "cp1252"),
        ("Name\nMiloš Quux\n", "cp1252"),
        ("Name\nSéamus Quux\n", "mac_roman"),
        ("Name\nÁine Quux\n", "mac_roman"),
        ("Name\nGünther Quux\n", "mac_roman"),
        ("Name\nBjörk Quux\n", "cp850"),
        ("écoles, and sœurs, and cœurs\n", "cp1252"),
        ("the\u00a0school\n", "cp1252"),
        ("children\N{ACUTE ACCENT}s\n", "cp1252"),
        ("…and so on\n", "cp1252"),
        (f"teachers{CURL} views\n", "cp1252"),
    ],
)
def test_one_word_is_enough_to_tell_windows_from_mac(opened: Open, content: str, named: str) -> None:
    (table,) = opened(content.encode(named))
    assert table.encoding == named


def test_old_dos_code_pages_are_read_as_one(opened: Open) -> None:
    (table,) = opened("café, Zoë, André\n".encode("cp437"))
    assert (table.encoding, table.rows[0]) == ("cp850", ["café", " Zoë", " André"])


DOUBTFUL = [
    ("Zoë", "cp850", "1 cells", "DOS (code page 850), not as Mac Roman"),
    ("ZOË", "cp1252", "1 cells", "Windows-1252, not as Mac Roman"),
    ("Puškin", "cp1252", "1 cells", "Mac Roman, not as Windows-1252"),
    ("Škoda", "cp1252", "1 cells", "Windows-1252, not as Mac Roman"),
    ("Luís", "mac_roman", "1 cells", "Windows-1252, not as Mac Roman"),
]


@pytest.mark.parametrize(("name", "codec", "n", "words"), DOUBTFUL, ids=[row[0] for row in DOUBTFUL])
def test_letters_that_two_encodings_read_differently_are_told_with_their_number(
    opened: Open, name: str, codec: str, n: str, words: str
) -> None:
    (table,) = opened(f"Name,Role\n{name} Quux,Carer\n".encode(codec))
    (note,) = on_letters(table)
    assert n in note
    assert words in note
    assert name not in note


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "utf-8", "utf-16"])
@pytest.mark.parametrize("names", ["Zoë|José|André", "Seán|Zoë|Müller", f"don{CURL}t|can{CURL}t|£20|é"])
def test_where_the_letters_leave_no_doubt_nothing_is_told(opened: Open, codec: str, names: str) -> None:
    (table,) = opened(("Name,Role\n" + names.replace("|", ",Carer\n") + ",Carer\n").encode(codec))
    assert on_letters(table) == []


def test_doubts_are_counted_over_all_cells(opened: Open) -> None:
    (table,) = opened("Šárka,Škoda\nAnn,Zoë\n".encode("cp1252").replace(b"\xe1", b"a"))
    assert on_letters(table) == []
    (table,) = opened("Škoda,Škoda\nAnn,Štefan\n".encode("cp1252"))
    assert "3 cells have letters that two encodings" in on_letters(table)[0]


def test_many_cells_in_doubt_are_counted_to_the_last(opened: Open) -> None:
    n = ENOUGH_CELLS + 1
    (table,) = opened("".join(f"Škoda {at},1\n" for at in range(n)).encode("cp1252"))
    assert on_letters(table)[0].startswith(f"pledge.csv: {n:,} cells have letters")


def test_cells_with_letters_lost_before_are_counted(opened: Open) -> None:
    (table,) = opened("Name,Role\nZo\ufffd\ufffd,Parent\nBj\ufffdrk,Aunt\n".encode())
    (note,) = on_letters(table)
    assert "2 cells have \ufffd" in note
    assert "Bj" not in note
