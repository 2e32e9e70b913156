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
from reports.texts.brief import ROLE, brief_of
from tests.packs import LONDON, Page, figures, numbers_in, pdf_alternatives, safe, text_of
from tests.variants import variants
from tests.whole_pack import LONG_BRAND, long_pack, whole_pack

CASES = {
    "usual": safe(figures()),
    "everything is long": long_pack(),
    "an earlier table": whole_pack(),
    "under the threshold": safe(figures([("Parent", 3)], others=[])),
    "nobody": safe(figures([("Parent", 0)], others=[])),
    "no roles": safe(figures(by_role=[])),
    "all roles hidden": safe(figures([("Parent", 11), ("Teacher", 9)])),
    "other scripts": safe(figures([("والد أو ولي أمر", 700), ("अभिभावक", 300)], wording="أتعهد بالاستماع")),
}


@pytest.fixture(scope="module", params=variants(CASES, now=["usual", "everything is long", "nobody"]))
def files(request, tmp_path_factory):
    made = CASES[request.param]
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
    roles = [(f"Role {number}", 100 - 10 * number) for number in range(9)]
    paths = {path.suffix: path for path in write_pack(safe(figures(roles)), tmp_path, ("brief",), Brand())}
    (alternative,) = pdf_alternatives(paths[".pdf"])
    assert "Role 5: about 50" in alternative
    assert "Role 6" not in alternative
    assert "| Role 5 | about 50 |" in paths[".md"].read_text(encoding="utf-8")


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


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("", None),
        ("I pledge to listen.\n\nAnd to act.", "I pledge to listen. And to act."),
        ("I will:\n- listen\n- act", "I will: listen; act"),
        (f"I will listen. {'Then I will act, and ' * 20}rest.", "I will listen. …"),
        (f"I will listen. I promise:\n- to {'act and ' * 40}rest", "I will listen. …"),
        (f"I will {'act and ' * 40}rest.", None),
        (f"聞きます。{'行動します' * 60}。", "聞きます。 …"),
    ],
)
def test_what_they_signed_is_cut_after_a_sentence(wording, said):
    assert brief_of(safe(figures(wording=wording)), Brand()).signed == said


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (figures(), ROLE),
        (figures(by_role=[]), "The form does not ask signatories for their role."),
        (figures([("Parent", 3)], others=[]), "Roles are shown once at least 10 people have signed."),
    ],
)
def test_of_roles_it_says_what_is_so(made, said):
    assert brief_of(safe(made), Brand()).counting[1] == said


def test_where_one_role_alone_is_shown_the_chart_is_that_of_growth_and_headed_so(tmp_path):
    paths = write_pack(whole_pack(), tmp_path, ("brief",), Brand())
    page = Page(paths[0].read_text(encoding="utf-8"))
    assert "How support has grown" in page.headings
    assert "largest groups" not in page.text
    assert pdf_alternatives(paths[1])[0].startswith("Line chart")


def test_growth_of_one_point_is_no_finding():
    made = safe(figures([("Parent", 60)], by_role=[], by_day=[(date(2026, 6, 30), 60)]))
    assert len(made.growth.points) == 1
    assert brief_of(made, Brand()).findings == []


def test_however_long_its_texts_are_letters_stay_readable_and_a_contact_is_there(tmp_path):
    paths = write_pack(long_pack(), tmp_path, ("brief",), LONG_BRAND)
    sizes = []
    reader = pypdf.PdfReader(paths[1])
    reader.pages[0].extract_text(visitor_text=lambda _, __, at, ___, size: sizes.append(at[0] * size))
    assert len(reader.pages) == 1
    assert min(size for size in sizes if size) > 6.5
    assert "A parent, carer, guardian" in brief_of(long_pack(), LONG_BRAND).release[2][1]


def test_a_mail_says_who_writes_in_lines_of_a_mails_length():
    lines = brief.render(safe(figures()), Brand())["-brief.txt"].decode().splitlines()
    assert lines[:3] == ["CONNECT PLEDGE: WHO HAS SIGNED", "", "Connect"]
    assert max(map(len, lines)) <= 72


@pytest.mark.parametrize(
    ("words", "line"),
    [("- y", "\\- y"), ("1. y", "1\\. y"), ("=== y", "\\=== y"), ("# y", "\\# y"), ("&lt; y", "\\&lt; y")],
)
def test_markdown_makes_nothing_of_what_begins_a_line(words, line):
    wording = f"{'x' * (72 - len('What they signed: '))} {words}"
    lines = brief.render(safe(figures(wording=wording)), Brand())["-brief.md"].decode().splitlines()
    assert line in lines


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
