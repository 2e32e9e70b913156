"""The pack's files: what is in them, what can't be, and how they come into place."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date

import pytest

from reports.errors import GlyphMissingError
from reports.pack import FORMATS
from tests.packs import Page, figures, write_pack


def page(made, folder, **settings):
    (path,) = write_pack(made, folder, formats=("html",), **settings)
    return Page(path.read_text(encoding="utf-8"))


def counts(made, folder, **settings):
    (path,) = write_pack(made, folder, formats=("json",), **settings)
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.long
def test_the_files_are_named_by_title_and_local_date(tmp_path):
    stem = "connect-pledge-2026-07-02"
    assert [path.name for path in write_pack(figures(), tmp_path / "new", FORMATS)] == [
        f"{stem}.html",
        f"{stem}.pdf",
        f"{stem}.xlsx",
        *(
            f"{stem}-{table}.csv"
            for table in ("summary", "roles", "growth", "weeks", "milestones", "not-counted", "notes")
        ),
        f"{stem}-csv-metadata.json",
        "counts.json",
        *(f"{stem}-brief.{form}" for form in ("html", "pdf", "md", "txt")),
        *(
            f"{stem}-{chart}.{form}"
            for chart in ("roles", "growth", "weeks")
            for form in ("svg", "png", "txt")
        ),
    ]


def test_charts_are_made_only_where_they_are_asked_for(tmp_path):
    suffixes = {path.suffix for path in write_pack(figures(), tmp_path)}
    assert suffixes == {".html", ".pdf", ".xlsx", ".csv", ".json", ".md", ".txt"}


@pytest.mark.parametrize(
    ("title", "name"),
    [("../../Geall “Ceangal” à", "geall-ceangal-a-2026-07-02.html"), ("保護者", "pledge-2026-07-02.html")],
)
def test_any_title_makes_a_plain_name_inside_the_folder(tmp_path, title, name):
    assert [path.name for path in write_pack(figures(title=title), tmp_path, ("html",))] == [name]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_counts_have_a_versioned_schema_and_no_small_count(tmp_path):
    assert counts(figures(), tmp_path) == {
        "schema": "pledge-counts/1",
        "title": "Connect Pledge",
        "as_at": "2026-07-01T23:15:00Z",
        "total": 1632,
        "roles": [
            {"role": "Parent or carer", "n": 1205, "as_on": "2026-07-02"},
            {"role": "Teacher", "n": 400, "as_on": "2026-07-02"},
            {"role": "Councillor", "n": 15, "as_on": "2026-07-02"},
            {"role": "Politician", "n": None, "as_on": "2026-07-02"},
            {"role": "Other", "n": None, "as_on": "2026-07-02"},
        ],
        "roles_as_on": "2026-07-02",
        "roles_total": 1632,
        "note": (
            "Counts are rounded to the nearest 5. “Hidden” means fewer than 10, none included, or a larger "
            "count kept back so that a small one cannot be worked out from the total."
        ),
    }


def test_the_page_says_the_total_and_when_it_was_so(tmp_path):
    text = page(figures(), tmp_path).text
    for said in (
        "1,632\npeople have signed the Connect Pledge",
        "Signed since 1 May 2026",
        "Figures as at 2 July 2026 at 00:15 BST",
        "About three in four signatories signed as “Parent or carer”",
        "I pledge to listen.\nAnd to act.",
        "In these words since 30 April 2026.",
    ):
        assert said in text


def test_no_exact_count_but_the_total_is_on_the_page(tmp_path):
    held_back = [("email_missing", "no address", 22), ("email_invalid", "not an address", 1)]
    seen = page(figures(held_back=held_back), tmp_path).numbers
    of_roles, of_growth, of_places = {1204, 402, 17}, {1088}, {88, 141, 22, 23, 256, 1888}
    assert seen & (of_roles | of_growth | of_places) == set()
    assert {1632, 1205, 400, 15, 1090, 90, 140, 20, 255} <= seen


def test_a_bar_is_as_long_as_the_rounded_count(tmp_path):
    (path,) = write_pack(figures(), tmp_path, ("html",))
    bars = re.findall(
        r'd="M0,[\d.]+h([\d.]+)v[\d.]+h-?[\d.]+Z" fill="var\(--mark\)"', path.read_text(encoding="utf-8")
    )
    assert [1205 * float(bar) / float(bars[0]) for bar in bars[:5]] == pytest.approx([1205, 400, 15, 0, 0])


def test_text_from_outside_stays_text(tmp_path):
    label = """<script>alert(1)</script><img src=x onerror="a('b')"> & {{ 7*7 }}"""
    hostile = figures(
        [(label, 500), ("Parent", 300)],
        title="</title><script>alert(2)</script>",
        wording="</blockquote><iframe>",
        run_id="<base href=//example.org>",
        others=[("not counted", "<svg onload=alert(3)>", 40), ("duplicate", "</table>", 40)],
    )
    seen = page(hostile, tmp_path)
    assert not {"img", "iframe", "base", "object", "link"} & set(seen.tags)
    assert seen.tags.count("script") == 4  # the data of three charts, and what draws them
    assert {label, "</blockquote><iframe>", "Not counted: <svg onload=alert(3)>"} <= set(seen.texts)
    assert seen.tags.count("svg") == 6


@pytest.mark.parametrize(
    "label", ["والد أو مقدم رعاية", "保護者または介護者", "Pàrant no neach-cùraim", "👩‍👧 parent"]
)
def test_a_role_in_any_script_is_in_page_and_counts(tmp_path, label):
    made = figures([(label, 50), ("Teacher", 60)])
    assert label in page(made, tmp_path).texts
    assert label in [role["role"] for role in counts(made, tmp_path)["roles"]]


def test_a_control_character_in_a_label_does_not_stop_the_pack(tmp_path):
    made = figures([("Par\x00ent\x0b or\ud800 carer\ufffe", 50), ("Teacher", 60)])
    assert "Parent or carer" in page(made, tmp_path).texts


@pytest.mark.parametrize(
    ("roles", "said", "pictures"),
    [
        pytest.param([("Parent", 0), ("MSP", 0)], "0\npeople have signed", 0, id="nobody"),
        pytest.param([("Parent", 1), ("MSP", 0)], "1\nperson has signed", 0, id="one person"),
        pytest.param(
            [("Parent", 9), ("MSP", 8)], "Signatories by the role they chose", 0, id="all roles hidden"
        ),
        pytest.param([("Parent", 300)], "All signatories (exact)", 4, id="one role"),
        pytest.param([("Parent " * 60, 300), ("x" * 400, 200)], "x" * 400, 6, id="very long roles"),
    ],
)
def test_a_pack_is_made_of_any_figures(tmp_path, roles, said, pictures):
    seen = page(figures(roles), tmp_path)
    assert said in seen.text
    assert seen.tags.count("svg") == pictures


def test_with_fewer_than_ten_there_is_a_total_and_nothing_else(tmp_path):
    made = figures([("Parent", 8), ("MSP", 1)], others=[("duplicate", "", 3)])
    text = page(made, tmp_path).text
    assert "Roles are shown once at least 10 people have signed." in text
    assert "Growth is shown once at least 10 people have signed." in text
    assert "Fewer than 10 of the forms received are not counted as signatures." in text
    assert "Signed since" not in text
    assert counts(made, tmp_path)["roles"] == []


def test_without_a_role_question_the_page_says_so(tmp_path):
    text = page(figures(by_role=[]), tmp_path).text
    assert "The form does not ask signatories for their role." in text


def test_a_long_growth_table_is_folded(tmp_path):
    weeks = [(date.fromordinal(date(2025, 1, 6).toordinal() + 7 * at), 20) for at in range(40)]
    seen = page(figures([("Parent", 500), ("Teacher", 300)], by_day=weeks), tmp_path)
    assert "Show the table of all 40 rows" in seen.text


def test_a_higher_threshold_hides_more(tmp_path):
    made = figures([("Parent", 600), ("Teacher", 300), ("MSP", 5), ("Councillor", 17)])
    assert [role["n"] for role in counts(made, tmp_path, threshold=20)["roles"]] == [600, 300, None, None]


def test_a_pack_is_replaced_whole(tmp_path):
    write_pack(figures(), tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_pack(figures([("Parent", 700), ("Teacher", 900)], others=[("erased", "", 40)]), tmp_path)
    second = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] == second[name]] == [
        f"connect-pledge-2026-07-02-{same}.csv" for same in ("milestones", "notes")
    ]


def test_tables_and_charts_that_a_pack_has_no_more_are_removed(tmp_path):
    forms = ("csv", "charts")
    write_pack(figures(), tmp_path, forms)
    (tmp_path / "connect-pledge-2026-07-02-mine.csv").write_text("")
    kept = write_pack(figures([("Parent", 2)], others=[]), tmp_path, forms)
    assert {path.name for path in tmp_path.iterdir()} == {
        *(path.name for path in kept),
        "connect-pledge-2026-07-02-mine.csv",
    }
    assert not any("roles" in path.name for path in kept)


def test_a_table_that_a_chart_lies_beside_stays_as_long_as_the_pack_has_it(tmp_path):
    in_csv = write_pack(figures(), tmp_path, ("csv",))
    write_pack(figures(), tmp_path, ("charts",))
    assert all(path.exists() for path in in_csv)
    write_pack(figures([("Parent", 2)], others=[]), tmp_path, ("charts",))
    assert {path.name for path in tmp_path.iterdir()} == {
        f"connect-pledge-2026-07-02-{rest}" for rest in ("summary.csv", "notes.csv", "csv-metadata.json")
    }


def test_a_page_is_listed_in_its_place_and_links_to_the_files_after_it(tmp_path):
    formats = ("csv", "html", "json")
    paths = [path.name for path in write_pack(figures(), tmp_path, formats)]
    page = next(name for name in paths if name.endswith(".html"))
    assert paths.index("connect-pledge-2026-07-02-csv-metadata.json") + 1 == paths.index(page)
    assert paths[-1] == "counts.json"
    text = (tmp_path / page).read_text(encoding="utf-8")
    links = re.findall(r'<li><a href="([^"#]+)">', text)
    assert sorted(links) == sorted(name for name in paths if name != page)
    beside_charts = re.findall(r'<p class="quiet data"><a href="([^"#]+)">', text)
    assert beside_charts == [f"connect-pledge-2026-07-02-{name}.csv" for name in ("roles", "growth", "weeks")]


def test_a_format_that_cannot_be_made_leaves_the_last_pack_as_it_was(tmp_path):
    write_pack(figures(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(GlyphMissingError):
        write_pack(figures([("Parent \U0001d11e", 700), ("Teacher", 900)]), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_place_that_is_taken_by_a_folder_leaves_the_other_formats_as_they_were(tmp_path):
    (tmp_path / "counts.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_pack(figures(), tmp_path, ("html", "json"))
    assert [path.name for path in tmp_path.iterdir()] == ["counts.json"]


def test_a_file_that_cannot_be_put_in_place_leaves_no_scraps(tmp_path):
    (tmp_path / "counts.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_pack(figures(), tmp_path, ("json",))
    assert [path.name for path in tmp_path.iterdir()] == ["counts.json"]


def test_the_files_may_be_read_by_whoever_may_read_others_made_here(tmp_path):
    (tmp_path / "other").write_text("")
    (path,) = write_pack(figures(), tmp_path, ("json",))
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_the_same_figures_make_the_same_files(tmp_path):
    once, again = (write_pack(figures(), tmp_path / name, FORMATS) for name in "ab")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_the_counter_needs_none_of_the_chart_libraries():
    heavy = {"altair", "vl_convert", "jinja2", "pandas", "typst", "gptables"}
    loaded = f"import sys, reports.pack; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
