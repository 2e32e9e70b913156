"""Settings of the pack: its words, its looks, and how small a count it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.settings.declared import declared
from flows.settings.values import a_number, a_path, a_text, a_text_or_none
from flows.settings.vault import VaultSettings

USUAL_THRESHOLD = 10
BRAND = ("logo", "colour", "dark_colour", "introduction", "closing", "contact", "templates", "fonts")
FOLDERS_AND_FILES = ("fonts", "logo", "templates")


@dataclass(frozen=True)
class ReportSettings(VaultSettings):
    """What a pack says of itself."""

    report_title: str = declared(
        "report.title", "Connect Pledge", a_text, may_be="a text", means="the pack's title"
    )
    organisation: str = declared(
        "report.organisation", "Connect", a_text, may_be="a text", means="whose pack it is"
    )
    threshold: int = declared(
        "report.threshold",
        USUAL_THRESHOLD,
        a_number(5, 20),
        may_be="5 to 20",
        means="the smallest count that the pack shows; under 10 only with a reason",
    )
    threshold_reason: str | None = declared(
        "report.threshold_reason",
        None,
        a_text,
        unset="none",
        may_be="a text",
        means="why the threshold is under 10; the pack prints it",
    )
    fonts: Path | None = declared(
        "report.fonts",
        None,
        a_path,
        unset="none",
        may_be="a folder",
        means="fonts for scripts that the pack's own lack",
    )
    logo: Path | None = declared(
        "report.logo",
        None,
        a_path,
        unset="none",
        may_be="an SVG or PNG file, at most 200 kB",
        means="the [logo](report.md#the-look-and-the-words) in page, PDF and spreadsheet",
    )
    colour: str | None = declared(
        "report.colour",
        None,
        a_text,
        unset="blue",
        may_be="`#` and six figures",
        means="the pack's colour; refused where its contrast is too low",
    )
    dark_colour: str | None = declared(
        "report.dark_colour",
        None,
        a_text,
        unset="`colour`, lighter",
        may_be="`#` and six figures",
        means="the same for screens that are set to dark",
    )
    introduction: str | None = declared(
        "report.introduction",
        None,
        a_text_or_none,
        unset="two sentences",
        may_be='a text, or `""` for none',
        means="what stands before the figures; `{title}` is the title",
    )
    closing: str | None = declared(
        "report.closing",
        None,
        a_text_or_none,
        unset="a word of thanks",
        may_be='a text, or `""` for none',
        means="what stands at the end",
    )
    contact: str | None = declared(
        "report.contact", None, a_text, unset="none", may_be="a text", means="whom readers may ask"
    )
    templates: Path | None = declared(
        "report.templates",
        None,
        a_path,
        unset="none",
        may_be="a folder",
        means="[templates of your own](report.md#templates-of-your-own)",
    )

    @property
    def brand(self) -> dict[str, Any]:
        """What is set of the pack's looks and words, for `reports.branding.brand_of`."""
        return {name: getattr(self, name) for name in BRAND if getattr(self, name) is not None}
