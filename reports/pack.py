"""Make the pack that staff hand to a policy-maker: one folder, one file a format."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from reports.counts import render_counts
from reports.disclosure import USUAL_THRESHOLD
from reports.errors import PackSettingError
from reports.safe_pack import SafePack, make_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures import Figures

FORMATS = ("html", "json")
LONGEST_SLUG = 60


def write_pack(
    figures: Figures,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    threshold: int = USUAL_THRESHOLD,
    tz: str = "Europe/London",
) -> list[Path]:
    """Write the pack into *folder*, made if missing, and return its files in the order of *formats*.

    html: `connect-pledge-2026-11-24.html`, from the title and the as-at date in *tz*. json: `counts.json`.
    All files are made aside first and then renamed into place: a reader never meets half a file, and a pack
    that cannot be made leaves the last one as it was. Files of the same name are replaced.

    Raises:
        PackSettingError: an unknown format or time zone, or a threshold that is not from 5 to 20.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise PackSettingError(
            f"Packs are not made as {', '.join(unknown)}. Choose from {', '.join(FORMATS)}."
        )
    pack = make_safe(figures, threshold=threshold, tz=tz)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".pack-") as aside:
        made = [_write(pack, name, Path(aside)) for name in formats]
        for path in made:
            path.replace(folder / path.name)
    return [folder / path.name for path in made]


def _write(pack: SafePack, name: str, folder: Path) -> Path:
    """One format; a new one is one more branch here, and is handed the safe pack like the others."""
    path = folder / ("counts.json" if name == "json" else f"{_slug(pack.title)}-{pack.as_at:%Y-%m-%d}.{name}")
    path.write_text(_render(pack, name), encoding="utf-8")
    return path


def _render(pack: SafePack, name: str) -> str:
    if name == "json":
        return render_counts(pack)
    from reports.page import render_html  # noqa: PLC0415 - a second of imports that the counter does without

    return render_html(pack)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "pledge"
