"""Typst, with the fonts that the pack brings along and no others: the same paper on every machine.

What is set is handed over as data: no text from outside is ever markup. Typst refuses a PDF/UA-1 in which a
character has no glyph, so that nobody meets a box in place of a letter.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from reports.errors import GlyphMissingError, TemplateError
from reports.templating import template_sentence

HERE = Path(__file__).parents[1]
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK JP", "Noto Emoji")
PIXELS_PER_INCH = 192
NO_GLYPH = re.compile(r'the text `"(.*)"` could not be displayed')
AT_LINE = re.compile(r"┌─ .*?([\w.]+\.typ):(\d+):\d+")
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
MOST_NAMED = 5


class Typesetter:
    """Sets a template with data.

    fonts: a folder with more of them, for scripts that the pack's own lack; None for none.
    templates: a folder with templates that take the place of the pack's own; None for none.
    """

    def __init__(self, fonts: Path | None = None, templates: Path | None = None) -> None:
        self._templates = templates
        folders: list[Path] = [FONTS, *([fonts] if fonts else [])]
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
        )

    def pdf(self, template: str, data: Mapping[str, Any], *, at: datetime, form: str) -> bytes:
        """Set *template* with *data* as PDF/UA-1, dated *at*, so that the same figures make the same file.

        Raises:
            GlyphMissingError: no font has a character of *data*; *form* is the format named in it.
            TemplateError: a template of the house's own can't be used.
        """
        try:
            with self._compiler(template, data) as compiler:
                made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(at.timestamp()))
        except typst.TypstError as error:
            self._tell(error, form)
            raise
        return _only(made)

    def png(self, template: str, data: Mapping[str, Any], *, at: datetime, form: str) -> bytes:
        """The same as a picture of its one page, refused for the same: typst refuses no picture."""
        self.pdf(template, data, at=at, form=form)
        with self._compiler(template, data) as compiler:
            return _only(compiler.compile(format="png", ppi=PIXELS_PER_INCH))

    @contextmanager
    def _compiler(self, template: str, data: Mapping[str, Any]) -> Iterator[typst.Compiler]:
        """Nothing outside the folder of the templates is read; the house's are copied over ours."""
        with TemporaryDirectory(prefix="pledge-") as aside:
            root = TEMPLATES
            if self._templates:
                root = Path(aside)
                for path in (*TEMPLATES.glob("*.typ"), *self._templates.glob("*.typ")):
                    shutil.copy(path, root / path.name)
            yield typst.Compiler(
                root / template,
                root=root,
                font_paths=self._fonts,
                sys_inputs={"data": json.dumps({**data, "fonts": FAMILIES})},
            )

    def _tell(self, error: typst.TypstError, form: str) -> None:
        missing = _missing(error.diagnostic)
        if missing:
            raise GlyphMissingError(
                f"No font has {', '.join(missing)} for the format {form}. Put a font file that has it into "
                f"the folder that [report] fonts names, or leave {form} out of --formats."
            ) from None
        at_line = AT_LINE.search(error.diagnostic)
        if at_line and self._templates and (self._templates / at_line[1]).exists():
            raise TemplateError(template_sentence(at_line[1], int(at_line[2]), error.message)) from None


def _missing(diagnostic: str) -> list[str]:
    """The characters that typst says no font has, each once, as "U+1F469"."""
    texts = (ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in NO_GLYPH.findall(diagnostic))
    return [f"U+{ord(sign):04X}" for sign in dict.fromkeys("".join(texts))][:MOST_NAMED]


def _only(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("typst made several pages where one file was asked for")
    return made
