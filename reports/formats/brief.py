"""The pack on one page: to read, to print, and to put into a mail."""

import re
from dataclasses import replace
from textwrap import wrap
from typing import Any

from markupsafe import Markup

from reports.branding import Brand
from reports.charts.catalogue import Picture, pictures_of
from reports.charts.drawing import on_paper
from reports.charts.svg_text import without_words
from reports.formats.html_page import policy, whole
from reports.formats.pdf_document import brand_data, directed
from reports.formats.typesetting import typeset
from reports.safe_pack import SafePack
from reports.templating import environment, refusals_by_line
from reports.texts import wording
from reports.texts.brief import Brief, brief_of, largest_roles

PAPER, WIDE, NARROW = 560, 560, 300  # pixels drawn
LINE = 72  # characters of a mail's line
A_MARK = re.compile(r"^(\d*)([-+=.)])")  # with which a line of Markdown would begin a list or a heading


def render(pack: SafePack, brand: Brand) -> dict[str, bytes]:
    """The four files, by how their names end."""
    brief = brief_of(pack, brand)
    picture = _picture(pack, brief)
    return {
        "-brief.html": _page(brief, picture, brand).encode(),
        "-brief.pdf": _paper(pack, brief, picture, brand),
        "-brief.md": _mail(brief, is_markdown=True).encode(),
        "-brief.txt": _mail(brief, is_markdown=False).encode(),
    }


def _picture(pack: SafePack, brief: Brief) -> Picture | None:
    """Roles if they can be drawn, else growth; its heading is none of the brief's findings."""
    found = {one.name: one for one in pictures_of(largest_roles(pack))}
    headings = {"roles": brief.rows_title, "growth": wording.HEADINGS["growth"]}
    drawn = (replace(found[name], finding=heading) for name, heading in headings.items() if name in found)
    return next(drawn, None)


def _page(brief: Brief, picture: Picture | None, brand: Brand) -> str:
    page = environment(brand.templates)
    with refusals_by_line(brand.templates):
        style = "".join(page.get_template(name).render(brand=brand) for name in ("base.css", "brief.css"))
        drawn = picture and {
            "finding": picture.finding,
            "wide": Markup(picture.draw(WIDE, name="wide")),  # noqa: S704 - drawn here from escaped text
            "narrow": Markup(picture.draw(NARROW, name="narrow")),  # noqa: S704 - the same
        }
        return page.get_template("brief.html.jinja").render(
            brief=brief,
            brand=brand,
            chart=drawn,
            policy=policy(style, None),
            style=whole(style, "</style"),
            wording=wording,
        )


def _paper(pack: SafePack, brief: Brief, picture: Picture | None, brand: Brand) -> bytes:
    chart = picture and {
        "finding": picture.finding,
        "alternative": picture.alternative,
        **without_words(picture.draw(PAPER, look=on_paper(brand.colour))),
    }
    data: dict[str, Any] = {
        **brief._asdict(),
        "organisation": directed(brief.organisation),
        "signed": brief.signed and directed(brief.signed),
        "chart": chart,
        "headings": wording.HEADINGS,
        **brand_data(brand, pack.title),
    }
    return typeset("brief.typ", data, brand, at=pack.as_at, form="brief")


def _mail(brief: Brief, *, is_markdown: bool) -> str:
    """Plain paragraphs; in Markdown with a heading, and the roles as a table."""
    title = f"# {_escaped(brief.title)}" if is_markdown else _wrapped(brief.title.upper(), is_markdown)
    said = [brief.organisation, f"{brief.total} {brief.headline}.", *brief.lines]
    parts = [title, *(_wrapped(one, is_markdown) for one in said)]
    parts += [_wrapped(one, is_markdown, "- ") for one in brief.findings]
    if brief.rows:
        parts += [_wrapped(f"{brief.rows_title}:", is_markdown), _roles(brief, is_markdown)]
    about = {"wording": brief.signed, "counting": " ".join(brief.counting)}
    answers = [(wording.HEADINGS[name], text) for name, text in about.items() if text] + brief.release
    parts += [_wrapped(f"{what}: {answer}", is_markdown) for what, answer in answers]
    return "\n\n".join(parts) + "\n"


def _roles(brief: Brief, is_markdown: bool) -> str:
    if is_markdown:
        rows = [f"| {_escaped(wording.label(role))} | about {n:,} |" for role, n in brief.rows]
        return "\n".join(["| Role | Signatories |", "| --- | ---: |", *rows])
    return "\n".join(
        _wrapped(f"about {n:,}: {wording.label(role)}", is_markdown, "- ") for role, n in brief.rows
    )


def _wrapped(text: str, is_markdown: bool, mark: str = "") -> str:
    """Words are never broken: an address must stay one."""
    said = _escaped(text) if is_markdown else text
    lines = wrap(said, LINE - len(mark), break_long_words=False, break_on_hyphens=False)
    if is_markdown:
        lines = [A_MARK.sub(r"\1\\\2", line) for line in lines]
    return mark + f"\n{' ' * len(mark)}".join(lines)


def _escaped(text: str) -> str:
    """Text from outside, so that Markdown shows it as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|~&" else sign for sign in text)
