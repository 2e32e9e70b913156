"""Figures to make packs of, and each format of a pack read back as its readers meet it."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import openpyxl
import pypdf

from reports import pack
from reports.branding import Brand
from reports.disclosure.make_safe import made_safe
from reports.figures import Figures

if TYPE_CHECKING:
    from pathlib import Path

LONDON = ZoneInfo("Europe/London")
TEXTUAL = ("text", "title", "desc")
CHART_FIELDS = ("n", "count", "label")
SVG = "{http://www.w3.org/2000/svg}"

USUAL_ROLES = [
    ("Parent or carer", 1204),
    ("Teacher", 402),
    ("Councillor", 17),
    ("Politician", 6),
    ("Other", 3),
]
OTHER_PLACES = [
    ("duplicate", "signed again", 88),
    ("not counted", "preview", 4),
    ("not counted", "left unfinished", 141),
]


def figures(roles=USUAL_ROLES, *, others=OTHER_PLACES, held_back=(), **changes):
    n = sum(count for _, count in roles)
    days = [(date(2026, 5, 1), n - n // 3), (date(2026, 6, 7), n // 3)] if n else []
    held = sum(count for _, _, count in held_back)
    places = [("signatory", "", n), *others, ("held back", "", held)]
    usual = {
        "title": "Connect Pledge",
        "organisation": "Connect",
        "as_at": datetime(2026, 7, 1, 23, 15, tzinfo=UTC),
        "run_id": "run-42",
        "n_signatories": n,
        "by_role": list(roles),
        "by_day": days,
        "wording": "I pledge to listen.\n\nAnd to act.",
        "wording_since": date(2026, 4, 30),
        "places": places,
        "n_seen": sum(count for _, _, count in places),
        "held_back": list(held_back),
    }
    return Figures(**(usual | changes))


def safe(made, *, threshold=10, **options):
    """A pack of the figures *made*, as if none had been made before."""
    return made_safe(made, threshold=threshold, zone=LONDON, **options)[0]


def write_pack(made, folder, formats=pack.USUAL_FORMATS, *, threshold=10, brand=None):
    """The files of a pack of the figures *made*, as if none had been made before."""
    return pack.write_pack(safe(made, threshold=threshold), folder, formats, brand or Brand())


class Page(HTMLParser):
    """A page's elements, the text of each, and all text, as a reader meets them; style and script are none.

    headings: of second and third order. charts: what the script draws, a dictionary each.
    """

    def __init__(self, markup):
        super().__init__()
        self.tags, self.open, self.texts, self.headings, self.charts = [], [], [], [], []
        self.feed(markup)

    def handle_starttag(self, tag, _attrs):
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        self.open = self.open[: len(self.open) - 1 - self.open[::-1].index(tag)]

    def handle_data(self, data):
        if self.open and not {"style", "script"} & set(self.open):
            self.texts.append(" ".join(data.split()))
            self.headings += [data] if self.open[-1] in ("h2", "h3") else []
        elif data.startswith("{") and self.open[-1] == "script":
            self.charts.append(json.loads(data))

    def handle_startendtag(self, tag, _attrs):
        self.tags.append(tag)

    @property
    def text(self):
        return "\n".join(filter(None, self.texts))

    @property
    def chart_text(self):
        """What the charts' data tell, but for places in pixels and milliseconds."""
        told = [reading for chart in self.charts for reading in chart["readings"]]
        for chart in self.charts:
            for spec in (chart["wide"], chart["narrow"]):
                for row in (row for rows in spec["datasets"].values() for row in rows):
                    told += [f"{row[name]}" for name in CHART_FIELDS if row.get(name)]
        return "\n".join(told)

    @property
    def numbers(self):
        return {int(number.replace(",", "")) for number in re.findall(r"\b\d[\d,]*\b", self.text)}


def without_scripts(path: Path) -> str:
    """The page's markup but for what its scripts hold: they are a megabyte, and speak of tables too."""
    return re.sub("<script.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def numbers_in(text):
    """All whole numbers in a text, as "1,205" and "140"; not those in a word, as in "run-42x"."""
    return {int(number.replace(",", "")) for number in re.findall(r"(?<![\w.])\d[\d,]*\b", text)}


def text_of(path: Path) -> str:
    """All that a reader of the file meets: text, cells, names of charts and their alternatives."""
    if path.suffix == ".html":
        page = Page(path.read_text(encoding="utf-8"))
        return f"{page.text}\n{page.chart_text}"
    if path.suffix == ".pdf":
        return "\n".join(
            [*(page.extract_text() for page in pypdf.PdfReader(path).pages), *pdf_alternatives(path)]
        )
    if path.suffix == ".xlsx":
        return "\n".join(str(cell.value) for cell in cells_of(path))
    if path.suffix == ".svg":
        return "\n".join(svg_texts(path))
    if path.suffix == ".csv":
        return "\n".join(" ; ".join(row) for row in csv_rows(path))
    return path.read_text(encoding="utf-8")


def cells_of(path: Path):
    """Every cell of the spreadsheet that holds something."""
    book = openpyxl.load_workbook(path)
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def csv_rows(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def svg_texts(path: Path) -> list[str]:
    tree = ET.fromstring(path.read_text(encoding="utf-8"))
    return ["".join(part.itertext()) for part in tree.iter() if part.tag.removeprefix(SVG) in TEXTUAL]


def pdf_structure(path: Path) -> list[dict]:
    """The elements of the tag tree, in reading order."""
    found: list[dict] = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(pypdf.PdfReader(path).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def pdf_alternatives(path: Path) -> list[str]:
    return [str(element["/Alt"]) for element in pdf_structure(path) if "/Alt" in element]


def pdf_fonts(path: Path) -> list[dict]:
    """The descriptors of all fonts of all pages, and of the drawings set into them."""
    found = []

    def walk(resources):
        for font in (resources.get("/Font") or {}).values():
            descendants = font.get_object().get("/DescendantFonts", [font])
            found.extend(one.get_object()["/FontDescriptor"].get_object() for one in descendants)
        for drawing in (resources.get("/XObject") or {}).values():
            walk(drawing.get_object().get("/Resources", {}))

    for page in pypdf.PdfReader(path).pages:
        walk(page["/Resources"])
    return found
