"""Breaks export files as disks, nets, spreadsheets and people do."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.broken_rows import A_CELL, ROW_FAULTS, Making, Row
from tests.exporting import _MAIN, _PARTS, DATES, FIXED, Style, _cell, _headings, export_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from connectors.sandbox.world.people import Signatory

SEPARATORS = ",;\t"
LINE_ENDS = ("\r\n", "\n", "\r", "\r\r\n")
FEW_FIXED = ("Respondent ID", "Start Date", "End Date")
A_WORKBOOK, AN_ARCHIVE, OF_A_TEXT = 0.2, 0.15, 0.1  # how likely each is


@dataclass(frozen=True)
class Broken:
    """A broken file.

    head: how many of its text's bytes, or of its sheet's rows, are headings or stand above them.
    is_head_whole: nothing was done to them, nor put among them. n_above: responses among these.
    broken: what was done.
    """

    name: str
    content: bytes
    head: int
    is_head_whole: bool
    n_above: int
    broken: tuple[str, ...]


def make_broken(chance: Random, people: list[Signatory]) -> Broken:
    """One broken file of some of the *people*; in one of ten nothing is broken."""
    some = chance.sample(people, chance.choice((0, 1, 2, 5, 12, 25)))
    style = _a_style(chance)
    rows, n_head = export_rows(some, style), len(_headings(style))
    making = Making(chance, style, rows[:n_head], rows[n_head:])
    for fault in chance.choices(ROW_FAULTS, k=chance.choice((0, 0, 1, 1, 2, 3))):
        fault(making)
        making.broken.append(_name(fault))
    return _a_workbook(making) if chance.random() < A_WORKBOOK else _a_text(making, people)


def _name(fault: Callable[..., object]) -> str:
    return fault.__name__.strip("_").replace("_", " ")


def _a_style(chance: Random) -> Style:
    return Style(
        choices=chance.choice(("expanded", "condensed")),
        headings=chance.choice(("blank", "repeated", "one row", "fixed repeated")),
        encoding=chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman")),
        separator=chance.choice(",,;\t"),
        line_end=chance.choice(LINE_ENDS),
        dates=chance.choice(tuple(DATES)),
        fixed=chance.choice((FIXED, FIXED, FEW_FIXED)),
    )


def _a_text(making: Making, people: list[Signatory]) -> Broken:
    chance = making.chance
    head, body = ([_line(row, making.style) for row in rows] for rows in (making.head, making.body))
    for fault in chance.choices(LINE_FAULTS, k=chance.choice((0, 0, 1, 2))):
        fault(chance, chance.choice((head, body, body)))
        making.broken.append(_name(fault))
    codec = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(making.style.encoding, making.style.encoding)
    mark = "\ufeff" if making.style.encoding in {"utf-16", "utf-8-sig"} else ""
    if chance.random() < OF_A_TEXT:
        codec = chance.choice(("utf-8", "utf-16-be", "cp1252", "cp437", "utf-32-le", "latin-1"))
        making.broken.append(f"as {codec}")
    content = Bytes((mark + "".join(head)).encode(codec, "replace"), "".join(body).encode(codec, "replace"))
    for fault in chance.choices(BYTE_FAULTS, k=chance.choice((0, 0, 1, 1, 3))):
        fault(chance, content)
        making.broken.append(_name(fault))
    if chance.random() < OF_A_TEXT:
        other = export_rows(chance.sample(people, 4), making.style)
        content.body += "".join(_line(row, making.style) for row in other).encode(codec, "replace")
        making.broken.append("glued")
    whole, name = bytes(content.head + content.body), "export.csv"
    if chance.random() < AN_ARCHIVE:
        whole, name = _damaged(making, zipped({"CSV/export.csv": whole})), "export.zip"
    untouched = mark + "".join(_line(row, making.style) for row in _headings(making.style))
    is_head_whole = content.head == untouched.encode(codec, "replace")
    return Broken(name, whole, len(content.head), is_head_whole, making.n_above, tuple(making.broken))


def _line(row: Row, style: Style) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=style.separator, lineterminator=style.line_end).writerow(row)
    return buffer.getvalue()


def stray_quote(chance: Random, lines: list[str]) -> None:
    """A quotation mark anywhere in a line."""
    _in_a_line(chance, lines, '"')


def stray_line_end(chance: Random, lines: list[str]) -> None:
    """A line broken in two, or a nought byte in it."""
    _in_a_line(chance, lines, chance.choice((*LINE_ENDS, "\0", "\x1a", "\u2028")))


def other_separators(chance: Random, lines: list[str]) -> None:
    """Some lines with another separator."""
    one, other = chance.choice(SEPARATORS), chance.choice(SEPARATORS)
    lines[:] = [line.replace(one, other) if chance.random() < A_CELL else line for line in lines]


def other_line_ends(chance: Random, lines: list[str]) -> None:
    """Some lines with another end, or with none."""
    lines[:] = [
        line.rstrip("\r\n") + chance.choice((*LINE_ENDS, "")) if chance.random() < A_CELL else line
        for line in lines
    ]


def _in_a_line(chance: Random, lines: list[str], text: str) -> None:
    if lines:
        number = chance.randrange(len(lines))
        at = chance.randint(0, len(lines[number]))
        lines[number] = lines[number][:at] + text + lines[number][at:]


LINE_FAULTS = (stray_quote, stray_quote, stray_line_end, other_separators, other_line_ends)


@dataclass
class Bytes:
    """A text's bytes, parted below the headings."""

    head: bytearray | bytes
    body: bytearray | bytes


def flip(chance: Random, content: Bytes) -> None:
    """Bits flipped, seldom in many bytes."""
    for _ in range(chance.choice((1, 1, 1, 4, 40))):
        _in_a_byte(chance, content, lambda byte: bytes([byte ^ 1 << chance.randrange(8)]))


def lose(chance: Random, content: Bytes) -> None:
    """A byte lost or doubled."""
    n = chance.choice((0, 0, 2))
    _in_a_byte(chance, content, lambda byte: bytes([byte]) * n)


def foreign(chance: Random, content: Bytes) -> None:
    """A byte that is no ASCII, or no text."""
    _in_a_byte(chance, content, lambda byte: bytes([byte, chance.choice(b"\x00\x07\x81\x92\xa0\xe9\xff")]))


def cut(chance: Random, content: Bytes) -> None:
    """The end is missing."""
    at = chance.randint(0, len(content.head) + len(content.body))
    content.body = content.body[: max(0, at - len(content.head))]
    content.head = content.head[:at]


def _in_a_byte(chance: Random, content: Bytes, change: Callable[[int], bytes]) -> None:
    which = chance.choice(("head", "body", "body"))
    part = bytearray(getattr(content, which))
    if part:
        at = chance.randrange(len(part))
        part[at : at + 1] = change(part[at])
        setattr(content, which, part)


BYTE_FAULTS = (flip, flip, lose, foreign, cut, cut)


def _a_workbook(making: Making) -> Broken:
    rows = [
        "".join(_cell(text, is_id=text.isdecimal() and text.isascii(), is_date=False) for text in row)
        for row in making.head + making.body
    ]
    lines = "".join(f"<row>{row}</row>" for row in rows)
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
    content = Bytes(b"", sheet.encode())
    if making.chance.random() < A_CELL:
        fault = making.chance.choice(BYTE_FAULTS)
        fault(making.chance, content)
        making.broken.append(f"sheet: {_name(fault)}")
    whole = _damaged(making, zipped(_PARTS | {"xl/worksheets/sheet1.xml": bytes(content.body)}))
    is_head_whole = making.head == _headings(making.style) and content.body == sheet.encode()
    return Broken("export.xlsx", whole, len(making.head), is_head_whole, making.n_above, tuple(making.broken))


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive's bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return packed.getvalue()


def _damaged(making: Making, packed: bytes) -> bytes:
    content = Bytes(b"", packed)
    if making.chance.random() < A_CELL:
        fault = making.chance.choice(BYTE_FAULTS)
        fault(making.chance, content)
        making.broken.append(f"archive: {_name(fault)}")
    return bytes(content.body)
