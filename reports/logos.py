"""A logo from a file, fit for every format: an SVG that runs and loads nothing, or a PNG."""

import re
import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from reports.errors import PackSettingError

MOST_BYTES = 200_000
MOST_PIXELS = 4_000  # a side
PNG_START = b"\x89PNG\r\n\x1a\n"
RUNS = {"script", "foreignobject", "handler", "iframe", "object", "embed", "audio", "video", "set"}
SVG = "{http://www.w3.org/2000/svg}svg"
INSIDE = re.compile(r"#|data:image/(png|jpeg);base64,")
REFERENCE = re.compile(r"url\(\s*['\"]?\s*(?!#)|@import|\\|expression\(", re.IGNORECASE)
NUMBERS_OF_A_BOX = 4  # x, y, width, height


@dataclass(frozen=True)
class Logo:
    """content: the file's; kind: "svg+xml" or "png"; shape: its width over its height."""

    content: bytes
    kind: str
    shape: float

    @property
    def address(self) -> str:
        """The picture itself, as an address for a page."""
        return f"data:image/{self.kind};base64,{b64encode(self.content).decode()}"


def read_logo(path: Path) -> Logo:
    """The logo that *path* holds.

    Raises:
        PackSettingError: it can't be read, is too large, is no picture, or would run or load something.
    """
    try:
        content = path.read_bytes()[: MOST_BYTES + 1]
    except OSError as error:
        raise PackSettingError(
            f"The logo {path.name} can't be read ({type(error).__name__}). Mend [report] logo."
        ) from None
    if len(content) > MOST_BYTES:
        raise PackSettingError(
            f"The logo {path.name} is larger than {MOST_BYTES // 1000} kB. Make it smaller; each file has it."
        )
    if content.startswith(PNG_START):
        return Logo(content, "png", _shape_of_png(content, path.name))
    return Logo(content, "svg+xml", _shape_of_svg(content, path.name))


def _shape_of_png(content: bytes, name: str) -> float:
    """Each part's checksum is looked at: half a file would stop the PDF later, with a worse sentence."""
    at, seen = len(PNG_START), []
    while at + 12 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        part = content[at + 4 : at + 8 + length]
        if content[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(part)):
            break
        seen.append(part[:4])
        at += 12 + length
    if seen[:1] != [b"IHDR"] or seen[-1] != b"IEND" or b"IDAT" not in seen:
        raise PackSettingError(f"The logo {name} is a damaged PNG. Save it anew.")
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise PackSettingError(
            f"The logo {name} is wider or taller than {MOST_PIXELS} pixels. Make it smaller."
        )
    return width / height


def _shape_of_svg(content: bytes, name: str) -> float:
    drawing = _parsed(content, name)
    for part in drawing.iter():
        _refuse_what_acts(part, name)
    box = [float(number) for number in re.findall(r"-?[\d.]+", drawing.get("viewBox", ""))]
    sizes = [re.match(r"[\d.]+", drawing.get(side, "")) for side in ("width", "height")]
    width, height = (
        box[2:] if len(box) == NUMBERS_OF_A_BOX else [float(size[0]) if size else 0 for size in sizes]
    )
    if not (width > 0 and height > 0):
        raise PackSettingError(f"The logo {name} doesn't say how large it is. Save it with a viewBox.")
    return width / height


def _parsed(content: bytes, name: str) -> ET.Element:
    """A document type is refused before anything reads it: entities can grow without end, and can load."""
    try:
        text = content.decode("utf-8-sig")
        if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
            raise PackSettingError(f"The logo {name} has a document type. Save it as SVG without one.")
        drawing = ET.fromstring(text)  # noqa: S314 - without a document type there are no entities
    except (UnicodeDecodeError, ET.ParseError, ValueError):
        drawing = None
    if drawing is None or drawing.tag != SVG:
        raise PackSettingError(f"The logo {name} is neither an SVG nor a PNG file. Mend [report] logo.")
    return drawing


def _refuse_what_acts(part: ET.Element, name: str) -> None:
    tag = str(part.tag).rpartition("}")[2].lower()
    attributes = [(key.rpartition("}")[2].lower(), value) for key, value in part.attrib.items()]
    if tag in RUNS or tag.startswith("animate") or any(key.startswith("on") for key, _ in attributes):
        raise PackSettingError(f"The logo {name} holds a script or moves. Save it as a plain, still SVG.")
    links = [value for key, value in attributes if key in ("href", "src")]
    styles = [*part.attrib.values(), (part.text or "") if tag == "style" else ""]
    if not all(map(INSIDE.match, links)) or any(map(REFERENCE.search, styles)):
        raise PackSettingError(
            f"The logo {name} refers to something outside itself. Save it with all its parts inside."
        )
