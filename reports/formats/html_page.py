"""The pack as one HTML page that needs nothing from anywhere: style, script, drawings and logo are in it.

What its policy allows is named by the hash of its text: no other script or style runs in it, whatever a role
or a title holds. Vega reads expressions with its interpreter: no text becomes code.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

import vl_convert
from markupsafe import Markup

from reports.branding import Brand
from reports.charts.catalogue import Picture, pictures_of
from reports.charts.drawing import VEGA_LITE
from reports.dates import in_words, instant_in_words
from reports.safe_pack import SafePack
from reports.templating import TEMPLATES, environment, refusals_by_line
from reports.texts import findings, wording
from reports.texts.tables import tables_of

WIDE, NARROW = 640, 300
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Chart(NamedTuple):
    """One picture drawn for a desk and again for a phone; the page's style shows one of the two.

    items: what a reader can go through, "bars" or "points". data: what the script draws it anew from.
    """

    name: str
    finding: str
    items: str
    wide: str
    narrow: str
    data: Markup


def render(pack: SafePack, brand: Brand, downloads: Sequence[str] = ()) -> dict[str, bytes]:
    """The one file, by how its name ends. downloads: files beside it, to be linked to.

    Labels, reasons, wording and settings are text from outside: all of it is escaped.
    """
    page = environment(brand.templates)
    page.filters |= {"label": wording.label, "in_words": in_words, "instant_in_words": instant_in_words}
    page.tests["hidden"] = lambda value: value is None
    pictures = pictures_of(pack)
    script = bundled(TEMPLATES.get_source(page, "pack.js")[0]) if pictures else None
    with refusals_by_line(brand.templates):
        style = "".join(page.get_template(name).render(brand=brand) for name in ("base.css", "pack.css"))
        text = page.get_template("pack.html.jinja").render(
            pack=pack,
            prose=wording,
            brand=brand,
            missing=wording.missing(pack),
            in_short=findings.in_short(pack, [picture.finding for picture in pictures]),
            charts={picture.name: _chart(picture) for picture in pictures},
            tables={table.name: table for table in tables_of(pack)},
            release=wording.release(pack, brand),
            downloads=wording.downloads(downloads, pack),
            data_files={
                name.removeprefix(f"{pack.stem}-")[:-4]: name for name in downloads if name.endswith(".csv")
            },
            policy=policy(style, script),
            style=whole(style, "</style"),
            script=script and whole(script, "</script"),
            **brand.paragraphs(pack.title),
        )
    return {".html": text.encode()}


@cache
def bundled(script: str) -> str:
    """*script* with Vega, Vega-Lite and vega-embed, about 900 kB; it takes a second or two.

    Its compiler takes out all comments, so the licences that their code must carry are set before it.
    """
    licences = files("reports").joinpath("templates/licences.txt").read_text(encoding="utf-8")
    return f"/*!\n{licences}*/\n{vl_convert.javascript_bundle(script, vl_version=VEGA_LITE)}"


def policy(style: str, script: str | None) -> str:
    """The Content-Security-Policy: this style and this script, pictures from within, and nothing else."""
    scripts = f"; script-src {_hashed(script)}" if script else ""
    return (
        f"default-src 'none'; style-src {_hashed(style)}{scripts}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def whole(text: str, end: str) -> Markup:
    """The text of an element that isn't escaped, since its own end is all that could end it."""
    if end in text.lower():
        raise ValueError(f"a text with {end} can't be set into a page")
    return Markup(text)  # noqa: S704 - looked through just above


def _chart(picture: Picture) -> Chart:
    wide = picture.draw(WIDE, name=f"{picture.name}-wide")
    narrow = picture.draw(NARROW, name=f"{picture.name}-narrow")
    return Chart(picture.name, picture.finding, picture.items, wide, narrow, data_for(picture))


def data_for(picture: Picture) -> Markup:
    """What the script needs of one chart, as JSON that can't end the element that it stands in."""
    content = {"wide": picture.spec(WIDE), "narrow": picture.spec(NARROW), "readings": picture.readings}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    return Markup(text)  # noqa: S704 - nothing is left in it that means something to HTML
