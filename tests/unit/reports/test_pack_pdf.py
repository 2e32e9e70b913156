"""The PDF read back: what a reader sees, what a reading voice is told, and what it is refused for."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime

import pypdf
import pytest

from reports.branding import Brand
from reports.errors import GlyphMissingError
from reports.formats import typesetting
from tests.packs import Page, figures, pdf_alternatives, pdf_fonts, pdf_structure, text_of, write_pack

SCRIPTS = [
    "Pàrant no neach-cùraim",
    "Żółć gęślą",
    "Батьки",
    "Γονείς",
    "والد أو مقدم رعاية",
    "הורה",
    "保護者または介護者",
    "家長或照顧者",
    "부모 또는 보호자",
    "ਮਾਪੇ",
    "माता-पिता",
    "অভিভাবক",
    "பெற்றோர்",
    "მშობელი",
]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The page and the PDF of one pack."""
    return write_pack(figures(), tmp_path_factory.mktemp("pack"), ("html", "pdf"))


@pytest.fixture(scope="module")
def paper(both):
    return both[1]


def pdf(made, folder, **settings):
    (path,) = write_pack(made, folder, ("pdf",), **settings)
    return path


def bookmarks(path):
    flat, todo = [], list(pypdf.PdfReader(path).outline)
    while todo:
        one = todo.pop(0)
        if isinstance(one, list):
            todo = one + todo
        else:
            flat.append(one.title)
    return flat


def test_it_says_that_it_is_pdf_ua_and_is_tagged(paper):
    root = pypdf.PdfReader(paper).trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/MarkInfo"]["/Marked"]


def test_it_has_title_language_author_and_shows_the_title(paper):
    reader = pypdf.PdfReader(paper)
    assert (reader.metadata.title, reader.metadata.author) == ("Connect Pledge: who has signed", "Connect")
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_its_bookmarks_are_the_headings_of_the_page(both):
    page = Page(both[0].read_text(encoding="utf-8"))
    assert len(page.headings) == 11
    assert bookmarks(both[1]) == page.headings


def test_each_chart_has_a_text_alternative(paper):
    roles, growth, weeks = pdf_alternatives(paper)
    assert roles.startswith("Bar chart of signatories by role. Parent or carer: about 1,205 (74%)")
    assert growth.startswith("Line chart of the number of signatories")
    assert weeks.startswith("Bar chart of new signatories by week")


def test_each_table_has_a_caption_and_a_header_row(paper):
    kinds = Counter(str(element["/S"]) for element in pdf_structure(paper))
    assert (kinds["/Table"], kinds["/Caption"], kinds["/THead"], kinds["/TH"]) == (5, 5, 5, 11)
    assert (kinds["/Figure"], kinds["/Title"]) == (3, 1)


def test_all_its_fonts_are_inside(paper):
    fonts = pdf_fonts(paper)
    assert len(fonts) > 2
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_its_text_comes_in_the_order_of_reading(paper):
    text = " ".join(text_of(paper).split())
    said = [
        "Connect Pledge: who has signed",
        "1,632",
        "people have signed",
        "In short",
        "I pledge to listen.",
        "Who signed",
        "Signatories by the role they chose",
        "How support has grown",
        "How this was counted",
        "How the figures add up",
        "What these figures cannot say",
        "About this release",
    ]
    places = [text.index(one) for one in said]
    assert places == sorted(places)
    assert "Page 1 of 4" in text


def test_it_is_dated_when_the_figures_were_so(tmp_path):
    path = pdf(figures(as_at=datetime(2026, 7, 1, 23, 15, 0, 123456, tzinfo=UTC)), tmp_path)
    assert pypdf.PdfReader(path).metadata.creation_date.isoformat() == "2026-07-01T23:15:00+00:00"


def test_a_role_in_any_script_of_scotland_is_in_it(tmp_path):
    text = text_of(pdf(figures([(label, 50) for label in SCRIPTS]), tmp_path))
    missing = [label for label in SCRIPTS if not set(label.replace(" ", "")) <= set(text)]
    assert missing == []


def test_a_wording_from_right_to_left_is_set_from_the_right(tmp_path):
    path = pdf(figures(wording="أتعهد بالاستماع"), tmp_path)
    edges = []
    pypdf.PdfReader(path).pages[0].extract_text(
        visitor_text=lambda text, at, *_: edges.append(at[4]) if "أ" in text else None
    )
    assert min(edges) > 400


def test_a_character_that_no_font_has_is_an_error_that_names_format_and_code_point(tmp_path):
    with pytest.raises(GlyphMissingError, match=r"No font has U\+1D11E, U\+13000 for the format pdf"):
        pdf(figures([("Singer \U0001d11e\U00013000", 50), ("Teacher", 60)]), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("emoji", ["👪", "👩\u200d👧", "👍🏽", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_an_emoji_in_a_role_is_set(tmp_path, emoji):
    path = pdf(figures([(f"Family {emoji}", 50), ("Teacher", 60)]), tmp_path)
    assert emoji.strip("\ufe0f") in text_of(path)
    assert any("NotoEmoji" in str(font["/FontName"]) for font in pdf_fonts(path))


def test_the_error_does_not_tell_the_role(tmp_path):
    with pytest.raises(GlyphMissingError) as caught:
        pdf(figures([("Singer \U0001d11e", 50), ("Teacher", 60)]), tmp_path)
    assert "Singer" not in str(caught.value)


def test_a_folder_of_fonts_helps_where_the_packs_own_lack_a_script(tmp_path, monkeypatch):
    own, more = tmp_path / "own", tmp_path / "more"
    own.mkdir(), more.mkdir()
    for font in typesetting.FONTS.glob("*.[to]tf"):
        shutil.copy(font, more if "Georgian" in font.name else own)
    monkeypatch.setattr(typesetting, "FONTS", own)
    made = figures([("მშობელი", 50), ("Teacher", 60)])
    with pytest.raises(GlyphMissingError, match=r"U\+10DB"):
        pdf(made, tmp_path / "without")
    assert "მშობელი" in text_of(pdf(made, tmp_path / "with", brand=Brand(fonts=more)))


@pytest.mark.parametrize("n", [0, 1, 9])
def test_few_signatories_make_one_page_without_charts(tmp_path, n):
    path = pdf(figures([("Parent", n), ("MSP", 0)], others=[]), tmp_path)
    assert pdf_alternatives(path) == []
    assert "Roles are shown once at least 10 people have signed." in " ".join(text_of(path).split())


def test_very_many_roles_stay_on_the_paper(tmp_path):
    path = pdf(figures([(f"Role {at}", 40) for at in range(150)]), tmp_path)
    pages = pypdf.PdfReader(path).pages
    assert {tuple(map(round, page.mediabox)) for page in pages} == {(0, 0, 595, 842)}
    assert len(pdf_alternatives(path)) == 3
