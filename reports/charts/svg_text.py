"""A drawing's words taken out of it, so that typst sets them as it sets all others.

The programs that paint SVG join the letters of Devanagari, Bengali, Gurmukhi or Tamil wrongly, and none of
them says when a letter has no glyph; typst's own text does both.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")
BACK = {"start": 0.0, "middle": 0.5, "end": 1.0}


def without_words(svg: str) -> dict[str, Any]:
    """The drawing alone, its size, and its words: each line with its place, all in pixels.

    x, y: where the line's baseline is; back: how much of its own width it begins before x.
    """
    ET.register_namespace("", SVG.strip("{}"))
    drawing = ET.fromstring(svg)  # noqa: S314 - drawn here from escaped text, not received
    words = list(_take(drawing, 0.0, 0.0))
    return {
        "svg": ET.tostring(drawing, encoding="unicode"),
        "width": float(drawing.attrib["width"]),
        "height": float(drawing.attrib["height"]),
        "words": words,
    }


def _take(part: ET.Element, x: float, y: float) -> Iterator[dict[str, Any]]:
    for child in list(part):
        moved = MOVED.match(child.get("transform", ""))
        at_x, at_y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if child.tag == f"{SVG}text":
            part.remove(child)
            yield from _lines(child, at_x, at_y)
        else:
            yield from _take(child, at_x, at_y)


def _lines(text: ET.Element, x: float, y: float) -> Iterator[dict[str, Any]]:
    for line in list(text) or [text]:
        y += float(line.get("dy", 0))
        yield {
            "text": line.text or "",
            "x": x,
            "y": y,
            "back": BACK[text.get("text-anchor", "start")],
            "size": float(text.get("font-size", "0").removesuffix("px")),
            "weight": text.get("font-weight", "regular"),
            "fill": text.get("fill"),
        }
