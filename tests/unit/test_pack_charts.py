"""The chart files: drawings that stand alone, in any program, with their words."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree as ET

import pytest

from reports.errors import GlyphMissingError
from reports.pack import write_pack
from tests.packs import SVG, figures, svg_texts

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
    with pytest.raises(GlyphMissingError, match=r"U\+1F46A for the format charts"):
        write_pack(figures([("Family 👪", 50), ("Teacher", 60)]), tmp_path, ("charts",))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_of_what_may_not_be_shown(tmp_path):
    assert write_pack(figures([("Parent", 4), ("MSP", 3)]), tmp_path, ("charts",)) == []
