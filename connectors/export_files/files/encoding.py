"""Which encoding a text file is in, told by its bytes."""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from connectors.export_files.files.legacy_encodings import UNDEFINED_IN_CP1252, contexts_in, readings
from connectors.export_files.files.size_limits import (
    CHUNK_BYTES,
    MAX_LINE_CHARACTERS,
    Allowance,
    Source,
    chunks,
)

CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r")) + b"\x7f"
MOST_CONTROLS = 0.01  # of the bytes; more, and the file is no text
UTF16_NULS = 0.5  # of the pairs, all on one side; text of plain letters has far more, a stray NUL far fewer
MOST_STRAY_NULS = 0.2  # of the bytes; more, and it is an encoding that isn't read here
ENOUGH_EVIDENCE = 1_000_000  # bytes beyond ASCII


@dataclass(frozen=True, slots=True)
class Encoding:
    """name: as Table names it; codec: what Python calls the decoder, which drops a mark at the beginning.

    is_plain: no line is longer than MAX_LINE_CHARACTERS, none is to be mended: no NUL, no doubled return.
    is_ended: whether the last line has its end.
    """

    name: str
    codec: str
    is_plain: bool
    is_ended: bool


def encoding_of(source: Source, allowance: Allowance) -> Encoding:
    """The encoding of all of the file's bytes; the allowance pays for them once.

    Raises:
        ExportRefusedError: no encoding fits, or the file is no text.
    """
    survey = _Survey()
    with source.open() as stream:
        for chunk in chunks(stream, source, allowance):
            survey.add(chunk)
    if wide := survey.utf16():
        return wide
    if survey.is_binary():
        raise source.refused("it holds no text; give the CSV or XLSX file of the export.")
    if survey.is_utf8():
        return survey.encoding("utf-8-sig" if survey.marked else "utf-8")
    if survey.marked:
        raise source.refused(f"it says that it is UTF-8, but line {survey.bad_line} is not; export it again.")
    return _single_byte(source, survey)


class _Survey:
    """What one pass over the bytes shows."""

    def __init__(self) -> None:
        self.size = self.controls = self.even_nuls = self.odd_nuls = 0
        self.start = self.end = b""
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

    def encoding(self, name: str) -> Encoding:
        """An encoding of one byte a line end."""
        return Encoding(name, name, self.is_plain, self.end.endswith((b"\r", b"\n")))

    def is_utf8(self) -> bool:
        if not self.bad_line and self._decoder.getstate()[0]:
            self.bad_line = self._lines  # a character is cut off at the file's end
        return not self.bad_line

    def utf16(self) -> Encoding | None:
        """UTF-16 by its mark, or by the noughts on one side of each pair of bytes."""
        enough = max(1, self.size // 2 * UTF16_NULS)
        if self.start.startswith(codecs.BOM_UTF32_LE):
            return None
        if self.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            codec = "utf-16"
        elif self.odd_nuls >= enough and self.even_nuls * 20 < self.odd_nuls:
            codec = "utf-16-le"
        elif self.even_nuls >= enough and self.odd_nuls * 20 < self.even_nuls:
            codec = "utf-16-be"
        else:
            return None
        return Encoding("utf-16", codec, is_plain=False, is_ended=self.end.strip(b"\0") in {b"\r", b"\n"})

    def is_binary(self) -> bool:
        nuls = self.even_nuls + self.odd_nuls
        return nuls > self.size * MOST_STRAY_NULS or self.controls > self.size * MOST_CONTROLS


def _single_byte(source: Source, survey: _Survey) -> Encoding:
    contexts, utf8_runs, runs, undefined = _evidence(source)
    if utf8_runs * 2 > runs:
        raise source.refused(
            f"it is UTF-8 for the greater part, but line {survey.bad_line} is not; export it again."
        )
    best = readings(contexts, is_cp1252_possible=not undefined)[0]
    if best.n_odd * 2 > contexts.total():
        raise source.refused(
            f"its letters beyond ASCII, the first in line {survey.bad_line}, make no "
            "sense as UTF-8, Windows-1252, Mac Roman or DOS; save it as CSV UTF-8."
        )
    return survey.encoding(best.codec)


def _evidence(source: Source) -> tuple[Counter[bytes], int, int, bool]:
    """Each byte beyond ASCII among its neighbours; runs that are UTF-8; all runs; if cp1252 can't be."""
    contexts: Counter[bytes] = Counter()
    utf8_runs = runs = 0
    undefined = False
    with source.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            undefined = undefined or any(byte in chunk for byte in UNDEFINED_IN_CP1252)
            if runs > ENOUGH_EVIDENCE:
                continue
            text = chunk.replace(b"\0", b"")
            for run in re.findall(rb"[\x80-\xff]+", text):
                runs += 1
                utf8_runs += run.decode(errors="ignore").encode() == run
            contexts.update(contexts_in(text))
    return contexts, utf8_runs, runs, undefined
