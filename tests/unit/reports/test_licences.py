"""The page carries the licences of the libraries that are in its script."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import vl_convert

from reports.charts.drawing import VEGA_LITE
from reports.formats.html_page import bundled
from tests.packs import figures, write_pack

# What vl-convert brings for other things than this script, and a word of its code that would be in it.
NOT_IN_SCRIPT = {"clone": "__getRegExpFlags", "lodash.debounce": "Expected a function"}
ADAPTED = ("fast-deep-equal", "fast-json-stable-stringify")  # themselves only in older Vega-Lites
LICENCES = ("BSD-3-Clause", "ISC", "MIT", "Apache-2.0")


@cache
def in_vl_convert() -> set[tuple[str, str]]:
    """The name and version of each library that vl-convert holds; those say so in their first lines."""
    (library,) = Path(vl_convert.__file__).parent.glob("vl_convert*.so")
    found = re.findall(rb"Original file: /npm/([^@\s]+)@([\d.]+)/", library.read_bytes())
    return {(name.decode(), version.decode()) for name, version in found}


def notice_and_script():
    return re.fullmatch(r"/\*!\n(.*?)\*/\n(.*)", bundled("vegaEmbed;"), flags=re.DOTALL).groups()


def test_each_library_of_the_script_is_named_with_its_version_and_no_other_is():
    notice, _ = notice_and_script()
    of_script = {
        (name, version)
        for name, version in in_vl_convert()
        if name not in (*NOT_IN_SCRIPT, *ADAPTED)
        and (name != "vega-lite" or version.startswith(f"{VEGA_LITE}."))
    }
    assert len([name for name, _ in of_script if name.startswith("d3-")]) == 19
    assert set(re.findall(r"([a-z][\w-]+)\s(\d+\.\d+\.\d+)\b", notice)) == of_script


@pytest.mark.parametrize("name", NOT_IN_SCRIPT)
def test_what_is_left_out_of_the_notice_is_not_in_the_script(name):
    _, script = notice_and_script()
    assert NOT_IN_SCRIPT[name] not in script


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("fast-json-patch", "Patch sequence must be an array"),
        ("semver", "Invalid SemVer Range"),
        ("fast-json-stable-stringify", "Converting circular structure to JSON"),
        ("fast-deep-equal", "valueOf!==Object.prototype.valueOf"),
    ],
)
def test_what_other_libraries_have_taken_in_is_named_too(name, word):
    notice, script = notice_and_script()
    assert word in script
    assert name in notice


@pytest.mark.parametrize("licence", LICENCES)
def test_each_licence_is_there_once(licence):
    notice, _ = notice_and_script()
    assert notice.count(f"--- {licence} ---") == 1


def test_the_page_holds_the_notice_and_names_no_address_of_a_person(tmp_path):
    (page,) = write_pack(figures(), tmp_path, ("html",))
    notice, _ = notice_and_script()
    assert notice in page.read_text(encoding="utf-8")
    assert "@" not in notice
