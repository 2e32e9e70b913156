"""The pack of the demo's survey: every figure in every format against the exact count of its own date."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import date, datetime

import duckdb
import openpyxl
import pytest

from reports.disclosure.suppression import possible
from reports.labels import choice_label, role_label
from tests.driving import Pledge, a_sandbox
from tests.packs import Page, pdf_alternatives, text_of
from tests.variants import variants

SETTINGS = '[[breakdowns]]\nname = "Council area"\nquestion = "Which council area"\n'
SIZES = [*variants([45, 300, 2_500], now=[300]), pytest.param(20_000, marks=pytest.mark.chaos)]
HIDDEN = ("[c]", "hidden")
A_DAY = re.compile(r"\d{1,2} \w+ \d{4}")
TABLES = {
    "Roles": "roles",
    "Roles by month": "role-periods",
    "Breakdown 1": "by-council-area",
    "Growth": "growth",
}
CAPTIONS = {
    "Signatories by the role they chose on the form": "roles",
    "Signatories so far by role, over time": "role-periods",
    "Signatories by their answer to “Which council area do you live in?”": "by-council-area",
    "Signatories so far, by week": "growth",
}
EVERYBODY = "all"


@pytest.fixture(scope="module", params=SIZES)
def pack(request, tmp_path_factory):
    """Where the pack of a first night is, and the exact counts: (table, label, day) to number."""
    with a_sandbox(request.param, seed=3) as server:
        pledge = Pledge(tmp_path_factory.mktemp("demo")).at(server)
        (pledge.folder / "pledge.toml").write_text(SETTINGS, encoding="utf-8")
        assert pledge("sync", "--direct").code == 0
        folder = pledge.folder / "pack"
        ran = pledge("report", "--out", str(folder), "--formats", "html,pdf,xlsx,csv,json,charts")
        assert ran.code == 0, ran.stderr
    return folder, Exact(pledge.published)


class Exact:
    """The exact counts of a published file, by table, label and day; None as the day: of now."""

    def __init__(self, published):
        with duckdb.connect(str(published), read_only=True) as opened:
            people = opened.execute("select role, signed_on from signatories").fetchall()
            areas = opened.execute("select choice, n_signatories from signatories_by_choice").fetchall()
        self.people = [(role_label(role), signed) for role, signed in people]
        self.areas = {choice_label(area): n for area, n in areas}
        self.total = len(people)

    def count(self, table, label, day):
        if table == "by-council-area":
            return self.total if label == EVERYBODY else self.areas[label]
        return sum(
            (label in (EVERYBODY, role)) and (day is None or signed <= day) for role, signed in self.people
        )

    def labels(self, table):
        return set(self.areas) if table == "by-council-area" else {role for role, _ in self.people}


def day_in(text):
    found = A_DAY.search(text)
    return datetime.strptime(f"{found[0]} +0000", "%d %B %Y %z").date() if found else None


def told(table, heads, rows):
    """(table, label, day, shown) of a wide table's rows; shares are left out."""
    for label, *cells in rows:
        for head, cell in zip(heads[1:], cells, strict=True):
            if head == "Share (%)":
                continue
            if table == "growth":
                yield table, EVERYBODY, day_in(label) or date.fromisoformat(label), cell
            else:
                what = EVERYBODY if label.startswith("All signatories") else label
                yield table, what, day_in(head), cell


def in_csv(folder):
    for name in TABLES.values():
        for path in folder.glob(f"*-{name}.csv"):
            _, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")))
            for day, *of in rows:
                label, cell = (EVERYBODY, of[0]) if name == "growth" else of[:2]
                yield (
                    name,
                    label,
                    date.fromisoformat(day) if name in ("growth", "role-periods") else None,
                    cell,
                )


def in_sheets(folder):
    (path,) = folder.glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet, name in TABLES.items():
        if sheet in book.sheetnames:
            ((_, ref),) = book[sheet].tables.items()
            heads, *rows = ([str(cell.value) for cell in row] for row in book[sheet][ref])
            yield from told(name, heads, rows)


def in_page(folder):
    (path,) = folder.glob("*.html")
    markup = re.sub("<script.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for table in re.findall(r"<table[^>]*>.*?</table>", markup, re.DOTALL):
        caption = Page(re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)[1] + "<p>").text
        (title,) = re.findall(r"<caption>(.*?)</caption>", table, re.DOTALL)
        heads, *rows = (
            [
                Page(f"<p>{cell}</p>").text.replace("\n", "")
                for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            ]
            for row in re.findall("<tr[^>]*>(.*?)</tr>", table, re.DOTALL)
        )
        if name := CAPTIONS.get(title.strip(), CAPTIONS.get(caption)):
            yield from told(name, heads, rows)


def in_readings(folder):
    """What the page's charts tell at a bar or a point, and the alternatives of the PDF's charts of bars."""
    (path,) = folder.glob("*.html")
    for chart in Page(path.read_text(encoding="utf-8")).charts:
        for reading in chart["readings"]:
            if found := re.fullmatch(
                r"(.*?)(?:, on (.*))?: about ([\d,]+) signatories(?: \(\d+%\))?", reading
            ):
                yield None, found[1], day_in(found[2] or ""), found[3]


def in_alternatives(folder):
    (path,) = folder.glob("*.pdf")
    for text in pdf_alternatives(path):
        if text.startswith("Bar chart of signatories by"):
            for label, n in re.findall(r"(?:\. |; )([^;:]+): about ([\d,]+)", text):
                yield None, label, None, n


def in_counts(folder):
    counts = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
    for role in counts["roles"]:
        yield "roles", role["role"], None, "hidden" if role["n"] is None else str(role["n"])
    yield "roles", EVERYBODY, None, str(counts["total"])


def test_every_figure_is_right_within_its_rounding_at_its_own_date(pack):
    folder, exact = pack
    found = Counter()
    for read in (in_csv, in_sheets, in_page, in_readings, in_alternatives, in_counts):
        for table, label, day, cell in read(folder):
            name = table or ("by-council-area" if label in exact.areas else "roles")
            n = exact.count(name, label, day)
            found[read.__name__, "hidden" if cell in HIDDEN else "shown"] += 1
            if cell not in HIDDEN:
                shown = int(cell.replace(",", ""))
                low, high = possible(shown, 10)
                assert low <= n <= high or shown == n == exact.total, (read, name, label, day, cell, n)
        assert found[read.__name__, "shown"] or exact.total < 100
    print(f"{exact.total:,} signatories: {found.total():,} figures held against the exact counts")


def test_no_exact_count_of_a_role_or_an_area_is_in_any_file(pack):
    folder, exact = pack
    texts = {path: text_of(path) for path in folder.iterdir() if path.suffix not in (".png", ".json")}
    for table in ("roles", "by-council-area"):
        for label in exact.labels(table):
            n = exact.count(table, label, None)
            if n % 5:
                for path, text in texts.items():
                    assert not re.search(rf"{re.escape(label)}\W{{1,3}}(?:about )?{n:,}\b", text), (
                        path.name,
                        label,
                    )
