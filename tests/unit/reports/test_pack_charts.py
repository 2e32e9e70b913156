"""The chart files: drawings that stand alone, in any program, with their words."""

from __future__ import annotations

import json
import re
import struct
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import altair as alt
import pytest
from jsonschema import ValidationError

from reports.charts.catalogue import pictures_of
from reports.errors import GlyphMissingError
from reports.formats.html_page import data_for
from reports.texts.timeline import steps_of
from tests.packs import SVG, figures, safe, svg_texts, write_pack

FINDING = "About three in four signatories signed as “Parent or carer”"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    paths = write_pack(figures(), tmp_path_factory.mktemp("pack"), ("charts",))
    return {path.name.removeprefix("connect-pledge-2026-07-02-"): path for path in paths}


def test_a_drawing_says_what_it_shows_and_where_it_is_from(files):
    texts = svg_texts(files["roles.svg"])
    assert texts[0] == FINDING
    assert texts[1].startswith("Bar chart of signatories by role.")
    assert {FINDING, "Connect, figures as at 2 July 2026 at 00:15 BST", "Politician", "hidden"} <= set(
        texts[2:]
    )


@pytest.mark.parametrize("name", ["roles.svg", "growth.svg"])
def test_a_drawing_needs_no_page_around_it(files, name):
    text = files[name].read_text(encoding="utf-8")
    assert not re.search(r"var\(|currentColor|href|url\(|<script|<style", text)
    tree = ET.fromstring(text)
    assert (tree.tag, tree.attrib["role"]) == (f"{SVG}svg", "img")
    assert any(part.attrib.get("fill") == "white" for part in tree.iter(f"{SVG}rect"))


@pytest.mark.parametrize("name", ["roles", "growth"])
def test_a_picture_has_twice_the_pixels_of_its_drawing(files, name):
    content = files[f"{name}.png"].read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    drawn = ET.fromstring(files[f"{name}.svg"].read_text(encoding="utf-8")).attrib
    assert struct.unpack(">II", content[16:24]) == pytest.approx(
        (2 * float(drawn["width"]), 2 * float(drawn["height"])), abs=2
    )


def test_the_words_to_paste_beside_a_picture_are_there(files):
    finding, alternative = files["roles.txt"].read_text(encoding="utf-8").strip().split("\n\n")
    assert (finding, alternative) == tuple(svg_texts(files["roles.svg"])[:2])


def test_a_long_finding_keeps_inside_its_picture(tmp_path):
    role = "A parent, carer, guardian or other family member of a child in Scotland"
    svg, *_ = write_pack(figures([(role, 300), ("MSP", 200)]), tmp_path, ("charts",))
    lines = [line.text for line in ET.fromstring(svg.read_text(encoding="utf-8")).iter(f"{SVG}tspan")]
    assert any(line.startswith("About three in five") for line in lines)
    assert max(map(len, lines)) <= 76


def test_a_character_that_no_font_has_is_an_error(tmp_path):
    with pytest.raises(GlyphMissingError, match=r"U\+1D11E for the format charts"):
        write_pack(figures([("Singer \U0001d11e", 50), ("Teacher", 60)]), tmp_path, ("charts",))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_of_what_may_not_be_shown(tmp_path):
    assert write_pack(figures([("Parent", 4), ("MSP", 3)]), tmp_path, ("charts",)) == []


@pytest.fixture(scope="module")
def over_time():
    """A year's safe pack: two roles by month, milestones, and a month without data."""
    days = [date(2026, 1, 15) + timedelta(days=31 * at) for at in range(6)]
    in_detail = [(day, role, n) for day in days for role, n in (("Parent or carer", 200), ("Teacher", 60))]
    made = figures(
        [("Parent or carer", 1200), ("Teacher", 360)],
        by_day=[(day, 260) for day in days],
        by_day_and_role=in_detail,
        read_on=[date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1), date(2026, 7, 1)],
    )
    return safe(made, threshold=10)


def texts_of_chart(pack, name, width=640):
    (picture,) = (one for one in pictures_of(pack) if one.name == name)
    return picture, list(ET.fromstring(picture.draw(width)).itertext())


def test_growth_marks_milestones_and_says_where_no_data_came_in(over_time):
    _, texts = texts_of_chart(over_time, "growth")
    assert {"500", "1,000", "no data", "1,560"} <= set(texts)


def test_weeks_that_are_joined_make_one_column_as_high_as_their_average(over_time):
    (picture,) = (one for one in pictures_of(over_time) if one.name == "weeks")
    columns = next(iter(picture.spec(640)["datasets"].values()))
    assert len(columns) > 1
    for column, step in zip(columns, steps_of(over_time.growth), strict=True):
        weeks = max(1, ((step.ends_on - step.starts_on).days + 1) / 7)
        assert column["a_week"] * weeks == pytest.approx(step.n)


@pytest.mark.parametrize("name", ["roles", "role-periods", "growth", "weeks"])
def test_a_chart_of_the_page_has_a_strip_and_a_reading_for_each_item(over_time, name):
    (picture,) = (one for one in pictures_of(over_time) if one.name == name)
    for width in (640, 300):
        spec = picture.spec(width)
        assert [layer.get("name") for layer in spec["layer"]][-1] == "strips"
        data = spec["datasets"][(spec["layer"][-1].get("data") or spec["data"])["name"]]
        assert [row["at"] for row in data] == list(range(len(picture.readings))) != []
        assert spec["params"][0]["value"] == -1


def test_every_chart_is_what_the_schema_of_vega_lite_allows(over_time):
    pictures = pictures_of(over_time)
    assert {picture.name for picture in pictures} >= {"roles", "growth", "weeks"}
    for picture in pictures:
        alt.LayerChart.from_dict({"$schema": alt.SCHEMA_URL, **picture.spec(640)}, validate=True)
    with pytest.raises(ValidationError):
        alt.LayerChart.from_dict({"layer": [{"mark": "no such mark"}]}, validate=True)


def test_what_a_chart_hands_to_its_script_cannot_end_the_element_it_stands_in():
    label = "</script><script>window.ran=1</script><!--&\u2028"
    pack = safe(figures([(label, 50), ("Teacher", 60)]), threshold=10)
    data = str(data_for(pictures_of(pack)[0]))
    assert not set("<>&\u2028") & set(data)
    assert label.strip() in json.loads(data)["readings"][1]
