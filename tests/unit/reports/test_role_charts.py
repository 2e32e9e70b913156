"""The charts of roles: of a day as bars, and over time as small charts with gaps where a count is hidden."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from reports.charts.bars import role_bars
from reports.charts.drawing import IN_PAGE, LIVE, spec_of, svg_of
from reports.charts.panels import role_panels
from reports.safe_pack import SafeGrid, SafeRow, SafeTable
from reports.texts.findings import (
    month_alternative,
    month_finding,
    month_readings,
    month_rows,
    role_alternative,
    role_readings,
)

PAPER, DESK, PHONE = 720, 640, 300
A4 = 932  # pixels that are 220 mm where PAPER pixels are 170 mm
LONG = "A parent, carer, guardian or other family member of a child with additional support needs in Scotland"


def ends_of(*days):
    return tuple(datetime.combine(day, time.max) for day in days)


ENDS = ends_of(date(2026, 7, 31), date(2026, 9, 30), date(2026, 11, 12))
GRID = SafeGrid(
    ENDS,
    (60, 310, 460),
    (
        ("MSP", (None, 15, None)),
        ("Teacher", (10, None, 60)),
        ("Parent or carer", (50, 250, 385)),
        ("Councillor", (None, None, None)),
        ("Nurse", (None, 45, None)),
    ),
)


def panels(grid, width, look=IN_PAGE):
    return role_panels(grid.days, month_rows(grid), width, look)


def strips_of(grid, width):
    spec = spec_of(panels(grid, width, LIVE))
    return spec["datasets"][spec["layer"][-1]["data"]["name"]]


def texts_of(chart):
    svg = svg_of(chart, IN_PAGE, name="chart", title="", description="")
    return [text for text in ET.fromstring(svg).itertext() if text]


def test_every_role_that_has_a_shown_count_is_drawn_largest_first_and_lastly_those_hidden_by_now():
    assert [role for role, _ in month_rows(GRID)] == ["Parent or carer", "Teacher", "Nurse", "MSP"]
    assert (
        len(month_rows(SafeGrid(ENDS, (0,) * 3, tuple((f"{n}", (n, n, n)) for n in range(5, 75, 5))))) == 14
    )


def test_a_bar_stands_at_its_date():
    places = [(one["left"] + one["right"]) / 2 for one in strips_of(GRID, DESK)[:3]]
    (first, second), days = [later - earlier for earlier, later in pairwise(places)], [61, 43]
    assert first / second == pytest.approx(days[0] / days[1])


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_hidden_count_has_no_bar_and_a_gap_that_says_so(width):
    chart = panels(GRID, width).to_dict()
    bars = chart["datasets"][chart["layer"][0]["data"]["name"]]
    assert [bar["n"] for bar in bars] == [50, 250, 385, 10, 60, 45, 15]
    assert chart["layer"][1]["mark"]["type"] == "rule"
    assert chart["layer"][1]["data"] == chart["layer"][0]["data"]
    assert texts_of(panels(GRID, width)).count("hidden") == 5


def test_hidden_counts_that_follow_each_other_say_so_once():
    late = SafeGrid(ENDS, (60, 310, 460), (("Nurse", (None, None, 45)),))
    assert texts_of(panels(late, DESK)).count("hidden") == 1


def test_a_panel_says_role_dates_first_and_last_count_and_that_scales_differ():
    texts = texts_of(panels(SafeGrid(ENDS, (60, 310, 460), (GRID.rows[2],)), DESK))
    assert sorted(texts) == sorted(
        ["Each role has its own scale, from zero.", "Parent or carer", "50", "385", "31 Jul", "12 Nov 2026"]
    )
    assert "Each has its own scale, from zero." in month_alternative(GRID)


def test_two_years_are_both_named():
    ends = ends_of(date(2025, 12, 31), date(2026, 1, 31))
    texts = texts_of(panels(SafeGrid(ends, (50, 60), (("Nurse", (50, 60)),)), PHONE))
    assert {"31 Dec", "2025", "31 Jan", "2026"} <= set(texts)


@pytest.mark.parametrize("width", [PAPER, DESK, PHONE])
def test_a_long_name_is_whole_and_broken_between_words_alone(width):
    lines = texts_of(panels(SafeGrid(ENDS, (60, 310, 460), ((LONG, (50, 250, 385)),)), width))
    assert " ".join(lines).count(LONG) == 1


def test_there_is_a_strip_and_a_reading_for_each_date_of_each_panel():
    strips, readings = strips_of(GRID, PHONE), month_readings(GRID)
    assert [one["at"] for one in strips] == list(range(len(readings))) == list(range(4 * 3))
    told = [reading.rsplit(": ", 1)[1] for reading in readings]
    assert told == ["hidden" if one["n"] is None else f"about {one['n']} signatories" for one in strips]


def test_the_finding_tells_of_a_role_that_is_hidden_by_now_up_to_where_it_is_shown():
    alone = SafeGrid(ENDS, (60, 310, 460), (("Nurse", (30, 45, None)),))
    assert month_finding(alone) == "“Nurse”: about 30 on 31 July 2026, about 45 on 30 September 2026"


def test_fourteen_roles_with_long_names_fit_a_page():
    rows = tuple((f"{LONG[:60]} {at}", (None, 5 * at, 10 * at)) for at in range(1, 15))
    assert panels(SafeGrid(ENDS, (1, 2, 3), rows), PAPER).height <= A4


def table(n_shown, n_hidden):
    shown = [SafeRow(f"Council area {at}", 1000 - 5 * at) for at in range(n_shown)]
    hidden = [SafeRow(f"Small area {at}", None) for at in range(n_hidden)]
    return SafeTable((*hidden, *shown), 20_000, "")


def test_many_hidden_rows_are_one_line_and_one_reading():
    areas = table(6, 27)
    texts = texts_of(role_bars(areas, PHONE, IN_PAGE))
    assert texts.count("hidden") == 0
    assert texts.count("Hidden: 27 others") == 1
    assert role_readings(areas)[-1] == "Hidden: 27 others"
    assert len(role_readings(areas)) == 7
    assert role_alternative(areas, "role").endswith("Council area 5: about 975. Hidden: 27 others.")


def test_a_few_hidden_rows_are_a_line_each():
    areas = table(6, 8)
    assert texts_of(role_bars(areas, PHONE, IN_PAGE)).count("hidden") == 8
    assert role_readings(areas)[-8:] == [f"Small area {at}: hidden" for at in range(8)]


@pytest.mark.parametrize("width", [PAPER, DESK])
def test_thirty_three_bars_fit_a_page(width):
    chart = role_bars(table(33, 0), width, IN_PAGE)
    assert chart.height <= A4
    assert {f"Council area {at}" for at in range(33)} <= set(texts_of(chart))
