"""Rows written as text in any encoding, with any separator and line end, come back the same."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from connectors.export_files.files.legacy_encodings import SPOKEN
from connectors.export_files.files.opened_file import open_tables
from connectors.export_files.notes import on_letters

CURL = "\N{RIGHT SINGLE QUOTATION MARK}"
DASH = "\N{EN DASH}"
# Letters that every encoding here has, and enough of them in the first rows to tell the encoding.
HEADINGS = [
    "Respondent ID",
    f"Why did you sign? (it{CURL}s fine to leave this {DASH} out)",
    f"Zoë{CURL}s café",
]
ALPHABET = f"abcXYZ 019,;\t\"'\n-éèüñ£“”{CURL}{DASH}"
NAMED = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "cp1252": "cp1252",
    "mac_roman": "mac_roman",
}


@given(
    rows=st.lists(st.lists(st.text(ALPHABET, max_size=12), min_size=3, max_size=3), max_size=20),
    codec=st.sampled_from(sorted(NAMED)),
    separator=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\r\n", "\n", "\r", "\r\r\n"]),
)
def test_rows_come_back_as_they_were_written(
    rows: list[list[str]], codec: str, separator: str, end: str
) -> None:
    rows = [HEADINGS] * 5 + rows
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pledge.csv"
        path.write_bytes(text.getvalue().encode(codec))
        (table,) = open_tables(path)
    assert (table.encoding, table.separator, list(table.rows)) == (NAMED[codec], separator, rows)


WITH_ACCENTS = """
Zoë ZOË Ælfred Žofie Œuvre Chloë José JOSÉ André Siân Seán Mairéad Áine Éamonn Róisín Gráinne Séamus
Ruairí Bríd Müller Böhm Jäger Jörg Köln Søren Jørgen Håkon Åsa Ångström Björk Jón García Martín Núñez
Peña Ñandú Raúl Jesús Inés João Conceição François Hélène Anaïs Noël Benoît Jérôme Côté Šimon Miloš
Dušan Puškin Božena Škoda Ljubiša Çelik Élodie Öst Über MÜLLER café naïve résumé plain Ann
"""
NAMES = WITH_ACCENTS.split()


@given(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), codec=st.sampled_from(sorted(SPOKEN)))
def test_names_come_back_or_it_is_told_that_they_may_be_others(names: list[str], codec: str) -> None:
    content = "".join(f"{name} Quux,Carer\r\n" for name in names).encode(codec, "ignore")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pledge.csv"
        path.write_bytes(b"Name,Role\r\n" + content)
        (table,) = open_tables(path)
    read = [row[0] for row in list(table.rows)[1:]]
    written = [f"{name.encode(codec, 'ignore').decode(codec)} Quux" for name in names]
    assert read == written or on_letters(table)
