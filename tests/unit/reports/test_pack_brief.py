"""The brief: the pack on one page, as paper, page and mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pypdf
import pytest

from reports.branding import Brand
from reports.disclosure.make_safe import made_safe
from reports.formats import brief
from reports.logos import read_logo
from reports.pack import write_pack
from reports.texts.brief import brief_of
from tests.packs import LONDON, Page, figures, numbers_in, pdf_alternatives, safe, text_of
from tests.whole_pack import whole_pack

LONG = "A parent, carer, guardian or other family member of a child with additional support needs in Scotland"
WORDS = "I pledge to listen to every family that comes to our door, whatever its language.\n" * 9
MANY = [(f"{LONG} {number}", 400 - number) for number in range(30)]
CASES = {
    "usual": figures(),
    "everything is long": figures(MANY, title=f"{LONG} {LONG}", wording=WORDS, organisation=LONG),
    "under the threshold": figures([("Parent", 3)], others=[]),
    "nobody": figures([("Parent", 0)], others=[]),
    "no roles": figures(by_role=[]),
    "all roles hidden": figures([("Parent", 11), ("Teacher", 9)]),
    "other scripts": figures([("والد أو ولي أمر", 700), ("अभिभावक", 300)], wording="أتعهد بالاستماع"),
}


@pytest.fixture(scope="module", params=CASES)
def files(request, tmp_path_factory):
    made = safe(CASES[request.param])
    paths = write_pack(made, tmp_path_factory.mktemp("brief"), ("brief",), Brand(contact="Write to us."))
    return made, {path.suffix: path for path in paths}


def test_the_paper_is_one_page_and_tagged(files):
    _, by_kind = files
    reader = pypdf.PdfReader(by_kind[".pdf"])
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1" in by_kind[".pdf"].read_bytes()


def test_each_has_the_number_how_it_was_counted_and_whom_to_ask(files):
    pack, by_kind = files
    for kind, path in by_kind.items():
        text = " ".join(text_of(path).split())
        assert f"{pack.total:,}" in text, kind
        assert "each email address counts once" in text, kind
        assert "Write to us." in text, kind
        assert f"{pack.stem}.html" in text.replace("\\", "").replace("\u200b", ""), kind


def test_each_has_the_same_findings_three_at_most(files):
    pack, by_kind = files
    said = brief_of(pack, Brand()).findings
    assert len(said) <= 3
    for kind in (".html", ".txt"):
        text = " ".join(text_of(by_kind[kind]).split())
        assert [one for one in said if " ".join(one.split()) not in text] == []


def test_no_exact_count_is_in_it_but_the_total(files):
    pack, by_kind = files
    for kind, path in by_kind.items():
        exact = {1204, 402, 17, 1088} & numbers_in(text_of(path))
        assert exact - {pack.total} == set(), kind


def test_an_earlier_table_is_dated_in_all_of_them():
    for kind, content in brief.render(whole_pack(), Brand()).items():
        if kind != "-brief.pdf":
            assert "as at 9 June 2026" in content.decode(), kind
    said = brief_of(whole_pack(), Brand())
    assert (said.findings[0], said.rows_title) == (
        "About three in four signatories signed as “Parent”, as at 9 June 2026.",
        "The largest groups by the role they chose, as at 9 June 2026",
    )


def test_its_chart_has_the_six_largest_groups_and_says_so_in_words(tmp_path):
    roles = [(f"Role {number}", 100 - number) for number in range(9)]
    paths = {path.suffix: path for path in write_pack(safe(figures(roles)), tmp_path, ("brief",), Brand())}
    (alternative,) = pdf_alternatives(paths[".pdf"])
    assert "Role 5: about 95" in alternative
    assert "Role 6" not in alternative
    assert "| Role 5 | about 95 |" in paths[".md"].read_text(encoding="utf-8")


def test_without_roles_the_chart_is_that_of_growth(tmp_path):
    days = [(date(2026, 5, 1), 40), (date(2026, 5, 12), 60)]
    made = safe(figures([("Parent", 100)], by_role=[], by_day=days, as_at=datetime(2026, 6, 1, tzinfo=UTC)))
    paths = {path.suffix: path for path in write_pack(made, tmp_path, ("brief",), Brand())}
    (alternative,) = pdf_alternatives(paths[".pdf"])
    assert alternative.startswith("Line chart")


def test_markdown_shows_text_from_outside_as_it_is():
    hostile = "<b>*Parent* | [x](http://evil.example)"
    made = safe(figures([(hostile, 700), ("Other", 90)], wording=f"{hostile} # `x`"))
    text = brief.render(made, Brand())["-brief.md"].decode()
    assert hostile not in text
    assert "\\<b\\>\\*Parent\\* \\| \\[x\\](http://evil.example)" in text


def test_its_page_holds_no_script_and_loads_nothing(files):
    _, by_kind = files
    markup = by_kind[".html"].read_text(encoding="utf-8")
    assert not {"script", "link", "img"} & set(Page(markup).tags)
    assert "default-src &#39;none&#39;" in markup


def test_a_house_puts_its_logo_colour_and_templates_into_it(tmp_path):
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    )
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "brief.html.jinja").write_text("{{ brief.total }} and no more")
    brand = Brand(logo=read_logo(tmp_path / "logo.svg"), colour="#0b6e4f")
    files = brief.render(safe(figures()), brand)
    assert "#0b6e4f" in files["-brief.html"].decode()
    assert len(pypdf.PdfReader(_on_disk(files["-brief.pdf"], tmp_path)).pages) == 1
    own = brief.render(safe(figures()), replace(brand, templates=tmp_path / "own"))
    assert own["-brief.html"] == b"1,632 and no more"


def _on_disk(content, folder):
    path = folder / "brief.pdf"
    path.write_bytes(content)
    return path


def test_an_earlier_state_says_so():
    made, _ = made_safe(
        figures(as_of=date(2026, 7, 1), made_at=datetime(2026, 8, 1, 9, tzinfo=UTC)),
        threshold=10,
        zone=LONDON,
    )
    assert "This pack shows an earlier state" in brief.render(made, Brand())["-brief.txt"].decode()
