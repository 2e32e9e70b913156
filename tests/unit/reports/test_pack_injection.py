"""Texts from outside stay texts in every format, whatever they begin with or hold."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pypdf
import pytest

from reports.formats.csv_safety import FORMULA_STARTS
from reports.pack import FORMATS, USUAL_FORMATS
from tests.packs import cells_of, csv_rows, figures, pdf_structure, svg_texts, text_of, write_pack
from tests.payloads import FORMULAS, MARKUP, SCRIPTS, payloads

ENDINGS = ("html", "pdf", "xlsx", "csv", "json", "svg", "png", "txt")
PAYLOADS = payloads()
ONE_LINE = [" ".join(payload.split()) for payload in PAYLOADS]
SETTINGS = [
    FORMULAS[1],
    FORMULAS[3],
    FORMULAS[4],
    *SCRIPTS[:4],
    SCRIPTS[20],
    MARKUP[0],
    MARKUP[13],
    *MARKUP[20:22],
]


class Elements(HTMLParser):
    """Each element of a page with the names of its attributes, and its text."""

    def __init__(self, markup):
        super().__init__()
        self.elements, self.texts = Counter(), []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.elements[tag, tuple(sorted(name for name, _ in attributes))] += 1

    def handle_data(self, data):
        self.texts.append(" ".join(data.split()))


def by_ending(made, folder, formats=FORMATS):
    paths = write_pack(made, folder, formats)
    return {ending: [path for path in paths if path.suffix == f".{ending}"] for ending in ENDINGS}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The files of one pack in which each payload is a role, a paragraph of the wording, or a reason."""
    made = figures(
        [(payload, 20 + 5 * (at % 3)) for at, payload in enumerate(PAYLOADS)],
        wording="\n".join(ONE_LINE),
        others=[("not counted", payload, 20) for payload in PAYLOADS[::5]],
        title=FORMULAS[0] + SCRIPTS[0],
        organisation=FORMULAS[3] + SCRIPTS[1],
        run_id="@SUM(1+1)",
    )
    return by_ending(made, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory):
    """The files of the same pack with as many plain words."""
    words = [f"Plain word number {at}" for at in range(len(PAYLOADS))]
    made = figures(
        [(word, 20 + 5 * (at % 3)) for at, word in enumerate(words)],
        wording="\n".join(
            f"- {word}" if one.startswith("- ") else word for one, word in zip(ONE_LINE, words, strict=True)
        ),
        others=[("not counted", word, 20) for word in words[::5]],
    )
    return by_ending(made, tmp_path_factory.mktemp("harmless"))


def test_there_are_five_hundred_and_most_begin_dangerously():
    assert len(set(ONE_LINE)) == 500
    assert sum(line.startswith(FORMULA_STARTS) for line in ONE_LINE) > 70


def no_formula_in(path):
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        links = [book.read(name) for name in book.namelist() if name.endswith(".rels")]
    assert not any(re.search(rb"<f[ >]", sheet) for sheet in sheets)
    assert not any(b'TargetMode="External"' in link for link in links)
    assert {cell.data_type for cell in cells_of(path)} <= {"s", "n"}


def test_a_spreadsheet_has_no_formula_no_outer_link_and_every_text(hostile):
    (path,) = hostile["xlsx"]
    no_formula_in(path)
    assert set(ONE_LINE) <= {cell.value for cell in cells_of(path)}


def starts_no_formula(path):
    return not [cell for row in csv_rows(path) for cell in row if cell.lstrip().startswith(FORMULA_STARTS)]


def test_no_cell_of_a_csv_begins_a_formula(hostile):
    assert all(map(starts_no_formula, hostile["csv"]))
    (roles,) = (path for path in hostile["csv"] if path.stem.endswith("roles"))
    shown = {row[1] for row in csv_rows(roles)}
    assert all(line in shown or f"'{line}" in shown for line in ONE_LINE)


@pytest.mark.long
def test_a_page_has_the_elements_of_a_harmless_one_and_every_text(hostile, harmless):
    page, plain = (Elements(files["html"][0].read_text(encoding="utf-8")) for files in (hostile, harmless))
    differing = page.elements - plain.elements + (plain.elements - page.elements)
    assert {tag for tag, _ in differing} <= {"tspan"}  # a long line in a drawing is broken
    assert set(ONE_LINE) <= set(page.texts)


@pytest.mark.long
def test_a_pdf_has_the_elements_of_a_harmless_one_every_text_and_no_action(hostile, harmless):
    kinds, plain = (
        Counter(str(one["/S"]) for one in pdf_structure(files["pdf"][0])) for files in (hostile, harmless)
    )
    assert kinds == plain
    text = re.sub(r"[\s\u200b]", "", text_of(hostile["pdf"][0]))
    assert [line for line in ONE_LINE if re.sub(r"\s", "", line) not in text] == []
    for page in pypdf.PdfReader(hostile["pdf"][0]).pages:
        assert not {"/AA", "/Annots"} & set(page)
    assert not {"/OpenAction", "/AA", "/AF"} & set(pypdf.PdfReader(hostile["pdf"][0]).trailer["/Root"])


def test_a_drawing_has_the_elements_of_a_harmless_one(hostile, harmless):
    for drawn, plain in zip(hostile["svg"], harmless["svg"], strict=True):
        one, other = (
            Counter(part.tag for part in ET.fromstring(path.read_text(encoding="utf-8")).iter())
            for path in (drawn, plain)
        )
        assert {tag.rpartition("}")[2] for tag in (one - other) + (other - one)} <= {"tspan"}
    said = re.sub(r"\s", "", "".join(svg_texts(hostile["svg"][0])))
    assert [line for line in ONE_LINE if re.sub(r"\s", "", line) not in said] == []


def counts_of(files):
    (path,) = (path for path in files["json"] if path.name == "counts.json")
    return json.loads(path.read_text(encoding="utf-8"))


def metadata_of(files):
    paths = (path for path in files["json"] if path.name != "counts.json")
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def test_the_counter_gets_every_text_as_it_is(hostile):
    assert [role["role"] for role in counts_of(hostile)["roles"]] == ONE_LINE


@pytest.mark.parametrize("payload", SETTINGS)
def test_settings_stay_texts_too(tmp_path, payload):
    made = figures(title=payload, organisation=payload, run_id=payload, wording=payload)
    files = by_ending(made, tmp_path, USUAL_FORMATS)
    no_formula_in(files["xlsx"][0])
    assert all(map(starts_no_formula, files["csv"]))
    page = Elements(files["html"][0].read_text(encoding="utf-8"))
    assert [n for (tag, _), n in page.elements.items() if tag == "script"] == [
        3,
        1,
    ]  # data, and the page's own
    assert {f"{payload}: who has signed", payload} <= set(page.texts)
    reader = pypdf.PdfReader(files["pdf"][0])
    assert (reader.metadata.title, reader.metadata.author) == (f"{payload}: who has signed", payload)
    assert counts_of(files)["title"] == payload
    assert [metadata["dc:publisher"] for metadata in metadata_of(files)] == [payload]
