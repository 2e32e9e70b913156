"""Make the pack that staff hand to a policy-maker: one folder, one file a format."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from errno import EISDIR
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.branding import Brand
from reports.disclosure.safe_pack import SafePack, make_safe
from reports.disclosure.suppression import USUAL_THRESHOLD
from reports.errors import PackSettingError
from reports.figures import Figures
from reports.formats.json_counts import render_counts
from reports.formats.typesetting import Typesetter
from reports.texts.tables import NAMES

FORMATS = ("html", "pdf", "xlsx", "csv", "json", "charts")
USUAL_FORMATS = FORMATS[:-1]
MAY_BE_MISSING = {
    "csv": tuple(f"{name}.csv" for name in NAMES),
    "charts": tuple(f"{name}.{ending}" for name in NAMES for ending in ("svg", "png", "txt")),
}
LONGEST_SLUG = 60


def write_pack(
    figures: Figures | SafePack,
    folder: Path,
    formats: Sequence[str] = USUAL_FORMATS,
    *,
    threshold: int = USUAL_THRESHOLD,
    tz: str = "Europe/London",
    fonts: Path | None = None,
    brand: Brand | None = None,
) -> list[Path]:
    """Write the pack into *folder*, made if missing, and return its files in the order of *formats*.

    The files' names begin with the title and the as-at date in *tz*: `connect-pledge-2026-11-24.html`, and
    .pdf and .xlsx; csv is one file a table, as `connect-pledge-2026-11-24-roles.csv`; charts are one drawing
    each as .svg, .png and, in words, .txt. json: `counts.json`.
    All files are made aside first and then renamed into place: a reader never meets half a file, and a pack
    that cannot be made leaves the last one as it was. Files of the same name are replaced, and tables and
    charts of the same day that this pack has no more are removed.

    figures: made safe as if no pack had been made before, unless they are safe already.
    fonts: a folder of fonts for scripts that the pack's own lack; None for none.
    brand: whose pack it is; None for the usual words without logo and colour.

    Raises:
        PackSettingError: an unknown format or time zone, a threshold that is not from 5 to 20, or a folder
            of fonts that isn't there.
        GlyphMissingError: a text has a character that no font has, and pdf or charts were asked for.
        TemplateError: a template of the house's own can't be used.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise PackSettingError(
            f"Packs are not made as {', '.join(unknown)}. Choose from {', '.join(FORMATS)}."
        )
    if fonts and not fonts.is_dir():
        raise PackSettingError(f"There is no folder {fonts.name} of fonts. Mend [report] fonts.")
    pack = figures if isinstance(figures, SafePack) else make_safe(figures, threshold=threshold, tz=tz)
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{_slug(pack.title)}-{pack.as_at:%Y-%m-%d}"
    with TemporaryDirectory(dir=folder, prefix=".pack-") as aside:
        made = [
            path
            for name in dict.fromkeys(formats)
            for path in _make(pack, name, Path(aside) / stem, fonts, brand or Brand())
        ]
        placed = [folder / path.name for path in made]
        _refuse_folders(placed)
        for path, place in zip(made, placed, strict=True):
            path.replace(place)
    _remove_former(folder, stem, formats, placed)
    return placed


def _make(pack: SafePack, name: str, beginning: Path, fonts: Path | None, brand: Brand) -> list[Path]:
    """The files of one format; each is handed the safe pack and nothing else.

    Imported late: the counter does without a second of imports.
    """
    path = beginning.with_name("counts.json" if name == "json" else f"{beginning.name}.{name}")
    if name == "json":
        return _write({path: render_counts(pack).encode()})
    if name == "html":
        from reports.formats.html_page import render_html  # noqa: PLC0415 - a format not asked for costs nothing

        return _write({path: render_html(pack, brand).encode()})
    if name == "xlsx":
        from reports.formats.xlsx_workbook import write_xlsx  # noqa: PLC0415 - a format not asked for costs nothing

        write_xlsx(pack, path, brand)
        return [path]
    if name == "csv":
        from reports.formats.csv_tables import render_csv  # noqa: PLC0415 - a format not asked for costs nothing

        tables = render_csv(pack)
        return _write({_beside(beginning, f"{table}.csv"): text.encode() for table, text in tables.items()})
    from reports.formats.typesetting import Typesetter  # noqa: PLC0415 - a format not asked for costs nothing

    return _typeset(pack, name, beginning, Typesetter(fonts, brand.templates), brand)


def _typeset(pack: SafePack, name: str, beginning: Path, typesetter: Typesetter, brand: Brand) -> list[Path]:
    if name == "pdf":
        from reports.formats.pdf_document import render_pdf  # noqa: PLC0415 - a format not asked for costs nothing

        return _write({beginning.with_name(f"{beginning.name}.pdf"): render_pdf(pack, typesetter, brand)})
    from reports.formats.chart_files import render_charts  # noqa: PLC0415 - a format not asked for costs nothing

    charts = render_charts(pack, typesetter, brand)
    return _write({_beside(beginning, chart): content for chart, content in charts.items()})


def _beside(beginning: Path, name: str) -> Path:
    return beginning.with_name(f"{beginning.name}-{name}")


def _write(files: Mapping[Path, bytes]) -> list[Path]:
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)


def _refuse_folders(places: Sequence[Path]) -> None:
    """Before the first file is in its place, so that no pack is half in place."""
    for place in places:
        if place.is_dir():
            raise IsADirectoryError(EISDIR, "is a directory where a file of the pack goes", str(place))


def _remove_former(folder: Path, stem: str, formats: Sequence[str], placed: Sequence[Path]) -> None:
    names = (name for form in formats for name in MAY_BE_MISSING.get(form, ()))
    for path in {folder / f"{stem}-{name}" for name in names} - set(placed):
        path.unlink(missing_ok=True)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "pledge"
