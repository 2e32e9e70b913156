"""Which encoding a text file is in, told by its bytes.

UTF-8 and UTF-16 prove themselves. Windows-1252 and Mac Roman give most bytes a meaning each, so the one
is taken in which the characters beyond ASCII stand where people write them: an accented letter inside a
word, a quotation mark at its edge, a dash between blanks. ``donÕt`` and ``cafŽ`` give the wrong one away.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.source import CHUNK_BYTES, MAX_LINE_CHARACTERS, Allowance, Source, chunks

if TYPE_CHECKING:
    from collections.abc import Callable

UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r")) + b"\x7f"
MOST_CONTROLS = 0.01  # of the bytes; more, and the file is no text
UTF16_NULS = 0.5  # of the pairs, all on one side; text of plain letters has far more, a stray NUL far fewer
MOST_STRAY_NULS = 0.2  # of the bytes; more, and it is an encoding that isn't read here
ENOUGH_EVIDENCE = 1_000_000  # bytes beyond ASCII

GOOD, STRONG, RARE, ODD = 1, 3, -1, -2  # points for one character where it stands
LETTERS = frozenset("ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿß")
RARE_LETTERS = frozenset("ŠŒŽšœžŸÐÞðþÆæ")
WORDS_OF_ONE_LETTER = frozenset("àèéÀÈÉ")
APOSTROPHES = frozenset("\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}")
FREE_STANDING = frozenset("\u00a0£€¥°©®™•…«»¿¡½¼¾²³·†‡§¶")
WELL_PLACED: dict[str, Callable[[str, str], bool]] = {
    "“": lambda before, after: not before.isalnum() and after.isalnum(),
    "”": lambda before, after: not before.isspace() and not after.isalnum(),
    "\N{EN DASH}": lambda before, after: not (before.isalpha() and after.isalpha()),
    "—": lambda before, after: not (before.isalpha() and after.isalpha()),
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """name: as Table names it; codec: what Python calls the decoder, which drops a mark at the beginning.

    is_plain: no line is longer than MAX_LINE_CHARACTERS, none is to be mended: no NUL, no doubled return.
    is_ended: of a plain text, whether its last line has its end.
    """

    name: str
    codec: str
    is_plain: bool = False
    is_ended: bool = True


def encoding_of(source: Source, allowance: Allowance) -> Encoding:
    """The encoding of all of the file's bytes; the allowance pays for them once.

    Raises:
        ExportRefusedError: no encoding fits, or the file is no text.
    """
    survey = _Survey()
    with source.open() as stream:
        for chunk in chunks(stream, source.name, allowance):
            survey.add(chunk)
    if wide := survey.utf16():
        return wide
    if survey.is_binary():
        raise ExportRefusedError(f"{source.name}: it holds no text; give the CSV or XLSX file of the export.")
    if survey.is_utf8():
        return survey.told("utf-8-sig" if survey.marked else "utf-8")
    if survey.marked:
        raise ExportRefusedError(
            f"{source.name}: it says that it is UTF-8, but line {survey.bad_line} is not; export it again."
        )
    return _single_byte(source, survey)


class _Survey:
    """What one pass over the bytes shows."""

    def __init__(self) -> None:
        self.size = self.controls = self.even_nuls = self.odd_nuls = 0
        self.start = b""
        self.end = b""
        self.is_plain = True
        self._since_line_end = 0  # bytes
        self.bad_line = 0  # the first line that isn't UTF-8; 0: all are
        self._lines = 1
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    @property
    def marked(self) -> bool:
        return self.start.startswith(codecs.BOM_UTF8)

    def add(self, chunk: bytes) -> None:
        self.start = self.start or chunk[:4]
        self.size += len(chunk)
        self.controls += len(chunk) - len(chunk.translate(None, CONTROLS))
        self._judge_lines(chunk)
        if b"\0" in chunk:
            self.even_nuls += chunk[0::2].count(0)
            self.odd_nuls += chunk[1::2].count(0)
        if not self.bad_line:
            self._decode(chunk)

    def _decode(self, chunk: bytes) -> None:
        try:
            self._decoder.decode(chunk)
            self._lines += chunk.count(b"\n")
        except UnicodeDecodeError as error:
            self.bad_line = self._lines + chunk.count(b"\n", 0, error.start)

    def _judge_lines(self, chunk: bytes) -> None:
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        longest = self._since_line_end + (len(chunk) if first < 0 else first)  # others are in one chunk
        self._since_line_end = longest if first < 0 else len(chunk) - last
        is_odd = b"\0" in chunk or b"\r\r\n" in self.end + chunk
        self.is_plain = self.is_plain and longest < MAX_LINE_CHARACTERS and not is_odd
        self.end = chunk[-2:]

    def told(self, name: str) -> Encoding:
        """An encoding of one byte a line end."""
        return Encoding(name, name, self.is_plain, self.end.endswith((b"\r", b"\n")))

    def is_utf8(self) -> bool:
        if not self.bad_line and self._decoder.getstate()[0]:
            self.bad_line = self._lines  # a character is cut off at the file's end
        return not self.bad_line

    def utf16(self) -> Encoding | None:
        if self.start.startswith(codecs.BOM_UTF32_LE):
            return None
        if self.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return Encoding("utf-16", "utf-16")
        enough = max(1, self.size // 2 * UTF16_NULS)
        if self.odd_nuls >= enough and self.even_nuls * 20 < self.odd_nuls:
            return Encoding("utf-16", "utf-16-le")
        if self.even_nuls >= enough and self.odd_nuls * 20 < self.even_nuls:
            return Encoding("utf-16", "utf-16-be")
        return None

    def is_binary(self) -> bool:
        nuls = self.even_nuls + self.odd_nuls
        return nuls > self.size * MOST_STRAY_NULS or self.controls > self.size * MOST_CONTROLS


def _single_byte(source: Source, survey: _Survey) -> Encoding:
    places, utf8_runs, runs, undefined = _evidence(source)
    if utf8_runs * 2 > runs:
        raise ExportRefusedError(
            f"{source.name}: it is UTF-8 for the greater part, but line {survey.bad_line} is not; export it "
            "again."
        )
    names = ["mac_roman"] if undefined else ["cp1252", "mac_roman"]
    scores = {name: _scores(places, name) for name in names}
    best = max(names, key=lambda name: _total(scores[name]))
    if scores[best][ODD] * 2 > scores[best].total():
        raise ExportRefusedError(
            f"{source.name}: its letters beyond ASCII, the first in line {survey.bad_line}, make no "
            "sense as UTF-8, Windows-1252 or Mac Roman; save it as CSV UTF-8."
        )
    return survey.told(best)


def _evidence(source: Source) -> tuple[Counter[bytes], int, int, bool]:
    """Each byte beyond ASCII between its neighbours; runs that are UTF-8; all runs; if cp1252 can't be."""
    places: Counter[bytes] = Counter()
    utf8_runs = runs = 0
    undefined = False
    with source.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            undefined = undefined or any(byte in chunk for byte in UNDEFINED_IN_CP1252)
            if runs > ENOUGH_EVIDENCE:
                continue
            text = b" " + chunk.replace(b"\0", b"") + b" "
            for run in re.finditer(rb"[\x80-\xff]+", text):
                runs += 1
                utf8_runs += _is_utf8(run[0])
                places.update(text[at - 1 : at + 2] for at in range(run.start(), run.end()))
    return places, utf8_runs, runs, undefined


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode()
    except UnicodeDecodeError:
        return False
    return True


def _scores(places: Counter[bytes], codec: str) -> Counter[int]:
    """How many characters got how many points."""
    scores: Counter[int] = Counter()
    for place, count in places.items():
        text = place.decode(codec, errors="surrogateescape")
        scores[_points(text[0], text[1], text[2])] += count
    return scores


def _total(scores: Counter[int]) -> int:
    return sum(points * count for points, count in scores.items())


def _points(before: str, character: str, after: str) -> int:
    if character in LETTERS:
        return _points_of_letter(before, character, after)
    if character in RARE_LETTERS:
        return RARE
    inside = before.isalpha() and after.isalpha()
    if character in APOSTROPHES:
        return STRONG if inside else GOOD
    if character in WELL_PLACED:
        return GOOD if WELL_PLACED[character](before, after) else 0
    return 0 if character in FREE_STANDING and not inside else ODD


def _points_of_letter(before: str, letter: str, after: str) -> int:
    capital_inside = letter.isupper() and before.islower()
    small_among_capitals = letter.islower() and before.isupper() and after.isupper()
    if capital_inside or small_among_capitals or before.isdigit() or after.isdigit():
        return ODD
    if before.isalpha() or after.isalpha():
        return GOOD
    return 0 if letter in WORDS_OF_ONE_LETTER else ODD
