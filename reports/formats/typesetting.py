"""Typst, with the fonts that the pack brings along and no others: the same paper on every machine.

What is set is handed over as data: no text from outside is ever markup.
"""

import json
import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from reports.branding import Brand
from reports.errors import GlyphMissingError, ReportError, TemplateError
from reports.templating import template_sentence

HERE = Path(__file__).parents[1]
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK JP", "Noto Emoji")
PIXELS_PER_INCH = 192
NO_GLYPH = re.compile(r'the text `"(.*)"` could not be displayed')
AT_LINE = re.compile(r"┌─ .*?([\w.]+\.typ):(\d+):\d+")
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
MOST_NAMED = 5


def typeset(
    template: str, data: Mapping[str, Any], brand: Brand, *, at: datetime, form: str, is_picture: bool = False
) -> bytes:
    """Set *template* with *data* as PDF/UA-1, or as a PNG of its one page.

    at: the date that the PDF bears, so that the same figures make the same file.

    Raises:
        GlyphMissingError: no font has a character of *data*; *form* is the format named in it.
        TemplateError: a template of the house's own can't be used.
    """
    with TemporaryDirectory(prefix="pledge-") as root:
        compiler = _compiler(template, data, brand, Path(root))
        try:
            # A picture is set as PDF/UA-1 first too: nothing else is refused for a character without a glyph.
            made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(at.timestamp()))
            if is_picture:
                made = compiler.compile(format="png", ppi=PIXELS_PER_INCH)
        except typst.TypstError as error:
            raise _refusal(error, brand, form) or error from None
    if not isinstance(made, bytes):
        raise TypeError("typst made several pages where one file was asked for")
    return made


def _compiler(template: str, data: Mapping[str, Any], brand: Brand, root: Path) -> typst.Compiler:
    """Typst reads nothing outside *root*, so the house's templates are copied over ours there."""
    for folder in filter(None, (TEMPLATES, brand.templates)):
        for path in folder.glob("*.typ"):
            shutil.copy(path, root / path.name)
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[*filter(None, (FONTS, brand.fonts))],
    )
    inputs = {"data": json.dumps({**data, "fonts": FAMILIES})}
    return typst.Compiler(root / template, root=root, font_paths=fonts, sys_inputs=inputs)


def _refusal(error: typst.TypstError, brand: Brand, form: str) -> ReportError | None:
    texts = "".join(NO_GLYPH.findall(error.diagnostic))
    letters = ESCAPED.sub(lambda found: chr(int(found[1], 16)), texts)
    if letters:
        codes = [f"U+{ord(letter):04X}" for letter in dict.fromkeys(letters)]
        return GlyphMissingError(
            f"No font has {', '.join(codes[:MOST_NAMED])} for the format {form}. Put a font file that has it "
            f"into the folder that [report] fonts names, or leave {form} out of --formats."
        )
    at_line = AT_LINE.search(error.diagnostic)
    if at_line and brand.templates and (brand.templates / at_line[1]).exists():
        return TemplateError(template_sentence(at_line[1], int(at_line[2]), error.message))
    return None
