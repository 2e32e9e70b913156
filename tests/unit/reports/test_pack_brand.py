"""Whose pack it is: logo, colour, words and templates, in each format alike, and what is refused."""

from __future__ import annotations

import struct
import zipfile
import zlib

import openpyxl
import pypdf
import pytest

from reports.branding import Brand, brand_of, contrast
from reports.errors import PackSettingError, TemplateError
from tests.packs import Page, figures, pdf_alternatives, text_of, write_pack

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">{}</svg>'
PLAIN = SVG.format('<rect width="120" height="40" fill="#0b6e4f"/>')


def png(width=3, height=2):
    def part(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = b"".join(b"\0" + b"\x0b\x6e\x4f" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


def branded(folder, *formats, **brand):
    paths = write_pack(figures(), folder, formats, brand=brand_of(**brand))
    return {path.suffix[1:]: path for path in paths}


def logo(folder, content, name="logo.svg"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def house(tmp_path):
    """A folder of own templates."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(("name", "content"), [("logo.svg", PLAIN), ("logo.png", png())])
def test_a_logo_is_in_page_pdf_and_spreadsheet_with_words_for_it(tmp_path, name, content):
    files = branded(tmp_path, "html", "pdf", "xlsx", logo=logo(tmp_path, content, name))
    page = Page(files["html"].read_text(encoding="utf-8"))
    assert page.tags.count("img") == 1
    assert 'alt="Connect"' in files["html"].read_text(encoding="utf-8")
    assert pdf_alternatives(files["pdf"])[0] == "Connect"
    with zipfile.ZipFile(files["xlsx"]) as book:
        pictures = [one for one in book.namelist() if one.startswith("xl/media/")]
        drawn = [book.read(one) for one in book.namelist() if one.startswith("xl/drawings/drawing")]
    assert len(pictures) == 1
    assert b'descr="Connect"' in drawn[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (SVG.format("<script>window.ran=1</script>"), "script or moves"),
        (SVG.format('<rect onclick="x()"/>'), "script or moves"),
        (SVG.format('<set attributeName="x" to="1"/>'), "script or moves"),
        (SVG.format('<animate attributeName="x"/>'), "script or moves"),
        (SVG.format("<foreignObject/>"), "script or moves"),
        (SVG.format('<image href="https://example.org/x.png"/>'), "outside itself"),
        (SVG.format('<use href="other.svg#a"/>'), "outside itself"),
        (SVG.format('<a href="javascript:x()"><rect/></a>'), "outside itself"),
        (SVG.format('<image href="data:image/svg+xml;base64,AAAA"/>'), "outside itself"),
        (SVG.format('<rect fill="url(https://example.org/#a)"/>'), "outside itself"),
        (SVG.format("<style>@import 'x.css';</style>"), "outside itself"),
        (SVG.format("<style>rect { fill: u\\72l(x) }</style>"), "outside itself"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + PLAIN, "document type"),
        ("<html/>", "neither an SVG nor a PNG"),
        ("not a picture", "neither an SVG nor a PNG"),
        ("\ufeff".encode("utf-16") + PLAIN.encode("utf-16-le"), "neither an SVG nor a PNG"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "how large it is"),
        (SVG.format(" " * 200_000), "larger than 200 kB"),
        (png()[:-20], "damaged PNG"),
        (png(4001, 1), "4000 pixels"),
    ],
)
def test_a_logo_that_would_run_load_or_fail_is_refused_in_words(tmp_path, content, why):
    with pytest.raises(PackSettingError, match=why):
        brand_of(logo=logo(tmp_path, content))


def test_a_logo_may_refer_to_its_own_parts(tmp_path):
    own = SVG.format('<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#a"/>')
    assert brand_of(logo=logo(tmp_path, own)).logo.shape == 3


def test_a_logo_that_is_not_there_is_told_by_its_name(tmp_path):
    with pytest.raises(PackSettingError, match=r"logo none.svg can't be read \(FileNotFoundError\)"):
        brand_of(logo=tmp_path / "none.svg")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_measured_as_wcag_does(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("setting", "colour", "said"),
    [
        (
            "colour",
            "#777777",
            r"#777777 has a contrast of 4\.47 to 1 against the heading's white letters; .* 4\.5",
        ),
        ("colour", "#ffe000", r"contrast of 1\.3\d to 1 .* Choose a darker one"),
        (
            "dark_colour",
            "#1d5c96",
            r"contrast of 2\.\d\d to 1 against the dark page; .* 3 to 1\. Choose a lighter",
        ),
        ("colour", "green", "six figures after a #"),
        ("dark_colour", "#12345", "six figures after a #"),
        ("colour", "#123456;}body{", "six figures after a #"),
    ],
)
def test_a_colour_that_cannot_be_seen_is_refused_with_what_was_measured(setting, colour, said):
    with pytest.raises(PackSettingError, match=said):
        brand_of(**{setting: colour})


@pytest.mark.parametrize("colour", ["#0b6e4f", "#000000", "#5a1e6e", "#757575"])
def test_a_colour_for_light_alone_is_made_light_enough_for_dark(colour):
    assert contrast(Brand(colour=colour).in_dark, "#1a212b") >= 4.5


def test_a_colour_is_in_page_and_pdf(tmp_path):
    files = branded(tmp_path, "html", "pdf", colour="#0b6e4f", dark_colour="#77ddaa")
    page = files["html"].read_text(encoding="utf-8")
    assert "--band: #0b6e4f" in page
    assert "--mark: #77ddaa" in page
    content = pypdf.PdfReader(files["pdf"]).pages[0].get_contents().get_data()
    assert b"0.043137256 0.43137255 0.30980393" in content


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx"])
def test_the_words_of_the_house_are_in_each_format(tmp_path, form):
    files = branded(
        tmp_path,
        form,
        introduction="Who stands behind it.\nAnd why.",
        closing="Tapadh leibh.",
        contact="Ask us.",
    )
    text = " ".join(text_of(files[form]).split())
    assert [
        one for one in ("stands behind it.", "And why.", "Tapadh leibh.", "Ask us.") if one not in text
    ] == []


@pytest.mark.parametrize("form", ["html", "pdf", "xlsx"])
def test_without_words_of_its_own_a_pack_has_the_usual_ones_with_its_title(tmp_path, form):
    text = " ".join(text_of(branded(tmp_path, form)[form]).split())
    assert "By signing the Connect Pledge, people promise in public" in text
    assert "Thank you to everybody who has signed" in text


def test_an_empty_text_takes_the_usual_words_away(tmp_path):
    text = text_of(branded(tmp_path, "html", introduction="", closing="")["html"])
    assert "By signing" not in text
    assert "Thank you" not in text


def test_a_template_of_the_house_takes_the_place_of_the_packs_own(tmp_path, house):
    (house / "pack.html.jinja").write_text(
        "<h1>{{ pack.title }} <i>{{ organisation_of(pack) }}</i></h1>".replace(
            "organisation_of(pack)", "pack.organisation"
        )
    )
    (house / "pack.css").write_text("h1 { color: {{ brand.colour or 'red' }} }")
    made = write_pack(figures(title="<b>"), tmp_path, ("html",), brand=brand_of(templates=house))
    assert made[0].read_text() == "<h1>&lt;b&gt; <i>Connect</i></h1>"


def test_a_template_of_the_house_may_set_the_pdf(tmp_path, house):
    (house / "pack.typ").write_text(
        "#let pack = json(bytes(sys.inputs.data))\n#set document(title: pack.title)\n#title()\nOurs"
    )
    (path,) = write_pack(figures(), tmp_path, ("pdf",), brand=brand_of(templates=house))
    assert "Ours" in text_of(path)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pack.html.jinja", "a\n{{ pack.nothing }}", r"pack.html.jinja can't be used, line 2: .*nothing"),
        ("pack.html.jinja", "a\n\n{% if %}", r"pack.html.jinja can't be used, line 3: "),
        ("pack.css", "{{ 1 / 0 }}", r"pack.css can't be used, line 1: division by zero\. Mend it"),
        ("pack.html.jinja", "{{ pack.__class__.__mro__ }}", r"line 1: .*unsafe"),
        ("pack.html.jinja", "{{ prose.title.__globals__ }}", r"line 1: .*unsafe"),
        ("pack.html.jinja", '{% include "/etc/hostname" %}', r"line 1: "),
        ("pack.typ", "a\n#nothing", r"pack.typ can't be used, line 2: unknown variable: nothing"),
        ("pack.typ", '#read("/etc/hostname")', r"pack.typ can't be used, line 1: "),
    ],
)
def test_a_template_that_fails_is_told_by_file_and_line(tmp_path, house, name, text, said):
    (house / name).write_text(text)
    form = "pdf" if name.endswith("typ") else "html"
    with pytest.raises(TemplateError, match=said):
        write_pack(figures(), tmp_path / "out", (form,), brand=brand_of(templates=house))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_takes_nothings_place_is_refused(house):
    (house / "pack.htm").write_text("")
    with pytest.raises(PackSettingError, match=r"own holds pack\.htm, which takes the place of no template"):
        brand_of(templates=house)


@pytest.mark.parametrize("name", ["templates", "fonts"])
def test_a_folder_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(PackSettingError, match=rf"no folder none of {name}\. Mend \[report\] {name}"):
        brand_of(**{name: tmp_path / "none"})


def test_the_cover_of_the_spreadsheet_has_the_contact_under_its_own_heading(tmp_path):
    cover = openpyxl.load_workbook(branded(tmp_path, "xlsx", contact="Ask us.")["xlsx"])["Cover"]
    told = [row[0].value for row in cover.iter_rows()]
    assert told[told.index("Contact") + 1] == "Ask us."
