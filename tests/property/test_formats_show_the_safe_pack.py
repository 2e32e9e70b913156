"""Every format, read back, shows the cells of the safe pack, all that it shows of them, and no other number.

What the safe pack may hold is attacked in `test_disclosure_attacked`; so whatever holds there holds here.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from reports.dates import in_words
from reports.pack import FORMATS
from reports.texts.timeline import milestones_of, steps_of
from tests.examples import examples
from tests.packs import (
    SVG,
    csv_rows,
    figures,
    numbers_in,
    text_of,
    without_scripts,
    write_pack,
)
from tests.packs import (
    safe as safe_pack,
)

COUNTS = st.lists(st.one_of(st.integers(0, 25), st.integers(0, 4000)), min_size=1, max_size=8)
BASE, ALL = 5, 100  # "rounded to the nearest 5", "may not add up to 100%"
WEEKS = st.lists(st.integers(1, 400), min_size=1, max_size=24)
DOUBT = st.integers(0, 60)
MONDAY, COMPARED_ON = date(2026, 1, 5), date(2026, 7, 1)
NAMES = ["Parent", "Teacher", "Councillor", "Politician", "Nurse", "Janitor", "Youth worker", "Other"]
REASONS = ["preview", "left unfinished", "spam", "test", "elsewhere", "unclear", "disqualified", "empty"]
SHEETS, WITH_TOTAL = {"weeks": "New by week"}, ("roles", "not-counted")
CELL = r"<t[hd][^>]*>(.*?)</t[hd]>"
BAR = r'd="M0,[\d.]+h([\d.]+)v[\d.]+h-?[\d.]+Z" fill="#1d5c96"'
LINE = r'd="M([^"]+)" stroke="#1d5c96" stroke-width="2.5"'


@st.composite
def cases(draw):
    """Figures to make a pack of, with a range and the platform's own total."""
    roles, others, weeks = draw(COUNTS), draw(COUNTS), draw(WEEKS)
    n = sum(roles)
    shares = [n * week // sum(weeks) for week in weeks]
    shares[0] += n - sum(shares)
    by_day = [(MONDAY + timedelta(weeks=at, days=at % 7), share) for at, share in enumerate(shares) if share]
    return figures(
        list(zip(NAMES, roles, strict=False)),
        others=[("not counted", reason, count) for reason, count in zip(REASONS, others, strict=False)],
        by_day=by_day,
        lowest=max(0, n - draw(DOUBT)),
        highest=n + draw(DOUBT),
        platform=(n + draw(DOUBT), n, COMPARED_ON),
    )


@examples(0.12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(made=cases(), threshold=st.integers(5, 20))
def test_each_format_shows_the_safe_pack_and_nothing_more(made, threshold):
    safe = safe_pack(made, threshold=threshold)
    with TemporaryDirectory() as folder:
        paths = write_pack(made, Path(folder), FORMATS, threshold=threshold)
        found = {path.name.removeprefix("connect-pledge-2026-07-02").lstrip("-."): path for path in paths}
        compare_tables(found, safe)
        compare_drawings(found, safe)
        for path in paths:
            if path.suffix not in (".png", ".svg"):
                told = numbers_in(text_of(path)) - words_of(path, safe)
                assert told <= cells_of(safe), path.suffix


def expected(safe):
    """The rows of each table as the spreadsheet and the CSV files have them; the total row is the last."""
    shares = any(row.percent is not None for row in safe.roles.rows)
    hidden = lambda n: "[c]" if n is None else n  # noqa: E731 - said twice in the next lines
    tables = {}
    if safe.roles.rows:
        rows = [
            [row.label, hidden(row.n), *([hidden(row.percent)] if shares else [])] for row in safe.roles.rows
        ]
        tables["roles"] = [*rows, ["All signatories (exact)", safe.total, *([100] if shares else [])]]
    if safe.growth and len(safe.growth.points) > 1:
        tables["growth"] = [[point.ends_on.isoformat(), point.n] for point in safe.growth.points]
        tables["weeks"] = [
            [f"{in_words(week.starts_on)} to {in_words(week.ends_on)}", week.n] for week in weeks_of(safe)
        ]
        if milestones(safe):
            tables["milestones"] = [[one.by.isoformat(), one.n] for one in milestones(safe)]
    if safe.not_counted.rows:
        rows = [[row.label, hidden(row.n)] for row in safe.not_counted.rows]
        tables["not-counted"] = [*rows, ["All of these (rounded)", safe.not_counted.total]]
    return tables


def compare_tables(found, safe):
    tables = expected(safe)
    book = openpyxl.load_workbook(found["xlsx"])
    markup = re.findall(r"<table[^>]*>.*?</table>", without_scripts(found["html"]), re.DOTALL)
    pages = [
        [re.findall(CELL, row, re.DOTALL) for row in re.findall("<tr[^>]*>(.*?)</tr>", table, re.DOTALL)]
        for table in markup
    ]
    assert [len(page) - 1 for page in pages] == [len(rows) for rows in tables.values()]
    for page, (name, rows) in zip(pages, tables.items(), strict=True):
        numbers = [row[1:] for row in rows]
        assert [[as_in_sheet(cell) for cell in row[1:]] for row in page[1:]] == numbers
        sheet = book[SHEETS.get(name, name.capitalize().replace("-", " "))]
        ((_, ref),) = sheet.tables.items()
        assert [[cell.value for cell in row[1:]] for row in sheet[ref][1:]] == numbers
        in_csv = rows[:-1] if name in WITH_TOTAL else rows
        assert csv_values(found[f"{name}.csv"]) == [str(row[1]) for row in in_csv]
    counts = json.loads(
        next(path for name, path in found.items() if name == "counts.json").read_text(encoding="utf-8")
    )
    assert [role["n"] for role in counts["roles"]] == [row.n for row in safe.roles.rows]
    assert counts["total"] == safe.total


def csv_values(path):
    """The one value of each row."""
    heads, *rows = csv_rows(path)
    at = next(at for at, name in enumerate(heads) if name in ("signatories", "new_signatories", "forms"))
    return [row[at] for row in rows]


def as_in_sheet(cell):
    return "[c]" if cell == "hidden" else int(cell.replace(",", ""))


def compare_drawings(found, safe):
    """A bar is as long as its count, a point of the line as high: nothing finer can be measured in them."""
    if "roles.svg" in found:
        drawn = found["roles.svg"].read_text(encoding="utf-8")
        bars = [float(length) for length in re.findall(BAR, drawn)]
        shown = sorted((row.n or 0 for row in safe.roles.rows), reverse=True)
        assert [shown[0] * bar / bars[0] for bar in bars] == pytest.approx(shown)
        assert numbers_in(" ".join(texts_of(drawn))) <= cells_of(safe) | words_of(found["roles.svg"], safe)
    if "growth.svg" in found:
        drawn = found["growth.svg"].read_text(encoding="utf-8")
        heights = [float(point.split(",")[1]) for point in re.search(LINE, drawn)[1].split("L")]
        shown = [0, *(point.n for point in safe.growth.points)]
        ground, top = heights[0], heights[-1]
        assert [(ground - at) / (ground - top) * shown[-1] for at in heights] == pytest.approx(shown, abs=0.4)
        told = numbers_in(" ".join(texts_of(drawn))) - words_of(found["growth.svg"], safe)
        assert told <= cells_of(safe) | axis_of(safe)


def texts_of(drawn):
    return ["".join(text.itertext()) for text in ET.fromstring(drawn).iter(f"{SVG}text")]


def cells_of(safe):
    """All numbers that the safe pack shows."""
    cells = {safe.total, safe.not_counted.total, *(safe.between or ())}
    cells |= {row.n for table in (safe.roles, safe.not_counted) for row in table.rows if row.n is not None}
    cells |= {row.percent for row in safe.roles.rows if row.percent is not None}
    cells |= {point.n for point in safe.growth.points} if safe.growth else set()
    cells |= {shown.n for shown in (*weeks_of(safe), *milestones(safe))}
    cells |= {round(100 * week.n / safe.total) for week in weeks_of(safe)}
    return cells | ({safe.platform.n} if safe.platform and safe.platform.n else set())


def weeks_of(safe):
    return steps_of(safe.growth) if safe.growth else ()


def milestones(safe):
    return milestones_of(safe.growth, safe.threshold) if safe.growth else ()


def words_of(path, safe):
    """The numbers of the sentences around: days, times, the threshold, how many points and pages there are.

    The axis of the growth chart too, whose steps are round: 0, 500, 1,000.
    """
    days = {
        safe.signed_since,
        safe.wording_since,
        safe.as_at.date(),
        date(2026, 7, 1),
    }
    days |= (
        {point.ends_on for point in safe.growth.points} | {safe.growth.starts_on} if safe.growth else set()
    )
    days |= {week.starts_on for week in weeks_of(safe)}
    dated = {part for day in days if day for part in (day.year, day.month, day.day)}
    around = dated | {0, 15, 42, 23, BASE, ALL, safe.threshold, safe.threshold - 1} | set(range(1, 9))
    around |= {-(-safe.threshold // BASE) * BASE}  # the least count, in the metadata of the CSV files
    around |= {len(safe.growth.points)} if safe.growth else set()
    return around | (axis_of(safe) if path.suffix in (".html", ".pdf") else set())


def axis_of(safe):
    """The steps of both charts over time. Joined weeks make a column as high as their average week."""
    if safe.growth is None:
        return set()
    weeks = [week.n / max(1, ((week.ends_on - week.starts_on).days + 1) / 7) for week in weeks_of(safe)]
    return steps_to(safe.growth.points[-1].n) | steps_to(max(weeks, default=0))


def steps_to(greatest):
    steps = [
        step * ten for step in (1, 2, 5) for ten in (1, 10, 100, 1000, 10000) if step * ten * 11 >= greatest
    ]
    return {step * at for step in steps for at in range(11) if step * at <= 1.5 * greatest}
