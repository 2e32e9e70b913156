"""Charts that answer to pointer and keys: Vega-Lite set into the page whole, so that nothing is loaded.

What a page's policy allows is named by the hash of its text: no other script or style runs in it, whatever a
role, a title or the wording holds. Vega reads expressions with its interpreter: no text becomes code.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256

import vl_convert
from markupsafe import Markup

from reports.charts.catalogue import Picture
from reports.charts.drawing import VEGA_LITE

ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@cache
def bundled(script: str) -> str:
    """*script* with Vega, Vega-Lite and vega-embed, about 900 kB; it takes a second or two."""
    return str(vl_convert.javascript_bundle(script, vl_version=VEGA_LITE))


def data_for(picture: Picture, wide: int, narrow: int) -> Markup:
    """What the script needs of one chart, as JSON that can't end the element that it stands in."""
    told = {"wide": picture.spec(wide), "narrow": picture.spec(narrow), "readings": picture.readings}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    return Markup(text)  # noqa: S704 - nothing is left in it that means something to HTML


def policy(style: str, script: str | None) -> str:
    """The Content-Security-Policy: this style and this script, pictures from within, and nothing else."""
    scripts = f"; script-src {_hashed(script)}" if script else ""
    return (
        f"default-src 'none'; style-src {_hashed(style)}{scripts}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
