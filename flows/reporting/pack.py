"""The pack for readers outside: made beside what earlier packs have shown, which is remembered."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from flows.errors import UsageError
from flows.reporting.figures import figures_on
from flows.reporting.shown import Shown, remembering
from flows.settings.model import ReportSettings
from reports.safe_pack import SafePack


def make_pack(
    settings: ReportSettings,
    folder: Path,
    formats: Sequence[str] | None = None,
    *,
    as_of: date | None = None,
    since: str | None = None,
    begins_anew: bool = False,
) -> tuple[SafePack, list[Path]]:
    """Write the pack into *folder*; what it says, and its files.

    formats: None for the usual ones.
    as_of: the day whose end it shows; None for the published figures.
    since: the earlier pack it is compared with: a day, or the `counts.json` of a pack; None for the last one.
    begins_anew: what earlier packs have shown is to be forgotten, where nobody knows it any more.

    Raises:
        NotPublishedError: nothing is published yet.
        NoHistoryError, UsageError: there is no such earlier state.
        ReportError: a setting that packs don't know, or a character that no font has.
    """
    from reports.branding import brand_of
    from reports.pack import USUAL_FORMATS, write_pack

    figures = figures_on(settings, as_of)
    day = _day(since) if since else None
    earlier = figures_on(settings, day) if day else None
    if earlier and earlier.as_at > figures.as_at:
        raise UsageError("--since must name an earlier state than the one that the pack shows.")
    with remembering(settings, begins_anew=begins_anew) as shown:
        at: datetime | None = None
        if earlier:
            at = shown.made_safe(earlier).as_at
        elif since:
            at = _of_file(Path(since), shown, figures.as_at)
        pack = shown.made_safe(figures, at)
    return pack, write_pack(pack, folder, formats or USUAL_FORMATS, brand_of(**settings.brand))


def _day(since: str) -> date | None:
    try:
        return date.fromisoformat(since)
    except ValueError:
        return None


def _of_file(path: Path, shown: Shown, as_at: datetime) -> datetime:
    """When the pack of a `counts.json` was as at, of those that are remembered."""
    try:
        told = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["as_at"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(
            f"{path.name} is neither a day such as 2026-06-30 nor the counts.json of an earlier pack."
        ) from None
    found = [at for at, _ in shown.memory.packs if at.replace(microsecond=0) == told and at < as_at]
    if not found:
        raise UsageError(f"{path.name} is of no earlier pack that was made here; give its day instead.")
    return found[-1]
