"""The pack as a PDF for reading and printing: PDF/UA-1, tagged, with bookmarks and its fonts inside."""

from typing import Any
from unicodedata import bidirectional

from reports.branding import Brand
from reports.charts.catalogue import pictures_of
from reports.charts.drawing import on_paper
from reports.charts.svg_text import without_words
from reports.formats.typesetting import typeset
from reports.safe_pack import SafePack
from reports.texts import findings, wording
from reports.texts.tables import Row, Table, tables_of

WIDTH = 720  # pixels drawn over the width of the text, which makes a chart's letters as large as its own
BRAND, TINT = "#12385c", "#eef3f8"
RIGHT_TO_LEFT, STRONG = ("R", "AL"), ("L", "R", "AL")


def render(pack: SafePack, brand: Brand) -> dict[str, bytes]:
    """The one file, by how its name ends."""
    data = _figures(pack, brand.colour) | _words(pack, brand) | brand_data(brand, pack.title)
    return {".pdf": typeset("pack.typ", data, brand, at=pack.as_at, form="pdf")}


def _figures(pack: SafePack, colour: str | None) -> dict[str, Any]:
    pictures = pictures_of(pack)
    return {
        "total": f"{pack.total:,}",
        "short": findings.in_short(pack, [picture.finding for picture in pictures]),
        "charts": {
            picture.name: {
                "finding": picture.finding,
                "alternative": picture.alternative,
                **without_words(picture.draw(WIDTH, look=on_paper(colour))),
            }
            for picture in pictures
        },
        "tables": {table.name: _table(table) for table in tables_of(pack)},
        "missing": wording.missing(pack),
    }


def _words(pack: SafePack, brand: Brand) -> dict[str, Any]:
    return {
        "title": wording.title(pack),
        "organisation": directed(pack.organisation),
        "headline": wording.headline(pack),
        "between": wording.between(pack),
        "dates": wording.dates(pack),
        "earlier": wording.earlier_state(pack),
        "changes": wording.changes(pack),
        "wording": [directed(one.text) | {"is_item": one.is_item} for one in pack.wording],
        "wording_since": wording.wording_since(pack),
        "headings": wording.HEADINGS,
        "counting": wording.COUNTING,
        "reconciliation": [wording.RECONCILIATION, *filter(None, [wording.platform_finding(pack)])],
        "limits": wording.limits(pack),
        "release": wording.release(pack, brand),
        "breakdowns": [{"slug": one.slug, "name": directed(one.name)} for one in pack.breakdowns],
    }


def brand_data(brand: Brand, title: str) -> dict[str, Any]:
    """What the house has set, for a template."""
    logo = brand.logo
    return {
        "logo": logo
        and {"format": logo.kind.removesuffix("+xml"), "bytes": list(logo.content), "shape": logo.shape},
        "colours": {"brand": brand.colour or BRAND, "tint": brand.tint or TINT},
        **{name: [directed(text) for text in texts] for name, texts in brand.paragraphs(title).items()},
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "headings": table.headings,
        "rows": [_row(row) for row in table.rows],
        "foot": _row(table.foot) if table.foot else None,
        "note": table.note,
    }


def _row(row: Row) -> list[Any]:
    what = directed(wording.label(row.what) + row.remark)
    return [what, *("hidden" if value is None else f"{value:,}" for value in row.cells)]


def directed(text: str) -> dict[str, Any]:
    """Text from outside, with the direction of its first letter."""
    first = next((kind for kind in map(bidirectional, text) if kind in STRONG), "L")
    return {"text": text, "dir": "rtl" if first in RIGHT_TO_LEFT else "ltr"}
