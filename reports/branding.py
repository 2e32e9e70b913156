"""Whose pack it is: logo, colour, contact and words, and the house's own templates and fonts."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from reports.errors import PackSettingError
from reports.logos import Logo, read_logo

USUAL_INTRODUCTION = (
    "By signing the {title}, people promise in public to do what it says. This pack tells how many have "
    "signed so far and which roles they named."
)
USUAL_CLOSING = "Thank you to everybody who has signed, and to everybody who passes the {title} on."
REPLACEABLE = (
    "pack.html.jinja", "pack.css", "base.css", "pack.typ", "chart.typ", "drawing.typ", "brief.html.jinja",
    "brief.css", "brief.typ",
)  # fmt: skip
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LIGHT, DARK = "#f5f7fa", "#1a212b"  # the cards that charts stand on, as in base.css
WHITE = "#ffffff"
DARKEST = 0.04045  # up to here a screen's light grows evenly
LEAST_FOR_GRAPHICS, LEAST_FOR_TEXT = 3.0, 4.5  # WCAG 2.2, 1.4.11 and 1.4.3


@dataclass(frozen=True)
class Brand:
    """What a house sets; "" and None are what the pack has by itself.

    colour: the heading's ground, bars and lines, in light and on paper; dark_colour: bars and lines in dark.
    contact, introduction, closing: paragraphs, one a line. next_release: when the next pack is to come.
    templates: a folder of files that take the place of the pack's own of the same names.
    fonts: a folder of fonts for scripts that the pack's own lack.

    Raises:
        PackSettingError: a colour that isn't one, or that can't be told from its ground; a folder that isn't
            there, or holds a template that takes the place of none.
    """

    logo: Logo | None = None
    colour: str | None = None
    dark_colour: str | None = None
    contact: str = ""
    introduction: str = USUAL_INTRODUCTION
    closing: str = USUAL_CLOSING
    next_release: date | None = None
    templates: Path | None = None
    fonts: Path | None = None

    def __post_init__(self) -> None:
        for name, colour in (("colour", self.colour), ("dark_colour", self.dark_colour)):
            if colour is not None and not COLOUR.fullmatch(colour):
                raise PackSettingError(f"[report] {name} must be six figures after a #, such as #1d5c96.")
        if self.colour:
            _need("colour", self.colour, WHITE, "the heading's white letters", LEAST_FOR_TEXT)
            _need("colour", self.colour, LIGHT, "the light page", LEAST_FOR_GRAPHICS)
        if self.dark_colour:
            _need("dark_colour", self.dark_colour, DARK, "the dark page", LEAST_FOR_GRAPHICS)
        for name, folder in (("templates", self.templates), ("fonts", self.fonts)):
            if folder and not folder.is_dir():
                raise PackSettingError(f"There is no folder {folder.name} of {name}. Mend [report] {name}.")
        if self.templates:
            _refuse_strange(self.templates)

    @property
    def in_dark(self) -> str | None:
        """The colour of bars and lines in dark: *dark_colour*, or *colour* made light enough."""
        if self.dark_colour or not self.colour:
            return self.dark_colour
        share = next(at for at in range(101) if contrast(_lighter(self.colour, at), DARK) >= LEAST_FOR_TEXT)
        return _lighter(self.colour, share)

    @property
    def tint(self) -> str | None:
        """A ground for dark letters on paper."""
        return self.colour and _lighter(self.colour, 93)

    def paragraphs(self, title: str) -> dict[str, list[str]]:
        """The paragraphs of each text, with the pack's title for “{title}”."""
        texts = {"introduction": self.introduction, "closing": self.closing, "contact": self.contact}
        return {
            name: [line.strip().replace("{title}", title) for line in text.splitlines() if line.strip()]
            for name, text in texts.items()
        }


def brand_of(*, logo: Path | None = None, **settings: Any) -> Brand:
    """The brand of the settings that are set, by the names of its fields.

    Raises:
        PackSettingError: a colour, a logo or a folder that a pack can't use.
    """
    return Brand(logo=read_logo(logo) if logo else None, **settings)


def _refuse_strange(folder: Path) -> None:
    """A file that takes nothing's place is a slip in a name, say."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    strange = sorted(names - {*REPLACEABLE})
    if strange:
        raise PackSettingError(
            f"The folder {folder.name} holds {strange[0]}, which takes the place of no template. "
            f"There are: {', '.join(REPLACEABLE)}."
        )


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2: from 1, the same, to 21, black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _need(name: str, colour: str, ground: str, what: str, least: float) -> None:
    measured = contrast(colour, ground)
    if measured < least:
        # Rounded down, so that what is too little doesn't look enough.
        shown = f"{int(measured * 100) / 100:.2f}"
        raise PackSettingError(
            f"[report] {name} {colour} has a contrast of {shown} to 1 against {what}; WCAG asks "
            f"for {least:g} to 1. Choose a {'lighter' if ground == DARK else 'darker'} one."
        )


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value / 255) for value in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """By IEC 61966-2-1; no colour of six figures is where its two branches differ from WCAG's."""
    return part / 12.92 if part <= DARKEST else ((part + 0.055) / 1.055) ** 2.4


def _lighter(colour: str, percent: int) -> str:
    parts = (round(part + (255 - part) * percent / 100) for part in bytes.fromhex(colour[1:]))
    return f"#{bytes(parts).hex()}"
