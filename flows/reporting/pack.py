"""From the figures of a release to the pack for readers outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flows.reporting.earlier_packs import compared, earlier_state, remembering
from flows.reporting.figures import figures_on
from flows.settings.model import Settings


def make_pack(
    settings: Settings,
    folder: Path,
    formats: Sequence[str] | None = None,
    *,
    as_of: date | None = None,
    since: str | None = None,
) -> list[Path]:
    """Write the pack into *folder* and return its files.

    formats: None for the usual ones.
    as_of: the day whose end it shows; None for the published figures.
    since: the earlier state it is compared with: a day, or the `counts.json` of an earlier pack.

    Raises:
        NotPublishedError: nothing is published yet.
        NoHistoryError, UsageError: there is no such earlier state.
        ReportError: a format or setting that packs don't know, or a character that no font has.
    """
    from reports.branding import brand_of
    from reports.pack import USUAL_FORMATS, write_pack

    with remembering(settings) as packs:
        earlier = earlier_state(settings, packs, since) if since else None
        pack = packs.made_safe(figures_on(settings, as_of))
        if earlier:
            pack = compared(pack, earlier)
    return write_pack(
        pack,
        folder,
        formats or USUAL_FORMATS,
        fonts=settings.fonts,
        brand=brand_of(**settings.brand),
    )
