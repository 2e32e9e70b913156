"""Make the pack that staff hand to a policy-maker: one folder, one file a format."""

import re
import unicodedata
from collections.abc import Iterable
from errno import EISDIR
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.branding import Brand
from reports.disclosure.safe_pack import SafePack
from reports.texts.tables import NAMES

FORMATS = {
    "html": "html_page", "pdf": "pdf_document", "xlsx": "xlsx_workbook",
    "csv": "csv_tables", "json": "json_counts", "charts": "chart_files",
}  # fmt: skip
"""The module of `reports.formats` that makes each, imported once it is asked for: charts take a second."""
USUAL_FORMATS = tuple(FORMATS)[:-1]
ENDINGS = {"csv": ("csv",), "charts": ("svg", "png", "txt")}  # of formats that have a file a table
LONGEST_SLUG = 60


def write_pack(pack: SafePack, folder: Path, formats: Iterable[str], brand: Brand) -> list[Path]:
    """Write the pack into *folder*, made if missing, and return its files in the order of *formats*.

    The files' names begin with the title and the as-at date: `connect-pledge-2026-11-24.html`, and .pdf and
    .xlsx; csv is one file a table, as `connect-pledge-2026-11-24-roles.csv`; charts are one drawing each as
    .svg, .png and, in words, .txt. json: `counts.json`.
    A pack that cannot be made leaves the last one as it was. Files of the same name are replaced, and tables
    and charts of the same day that this pack has no more are removed.

    Raises:
        GlyphMissingError: a text has a character that no font has, and pdf or charts were asked for.
        TemplateError: a template of the house's own can't be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{_slug(pack.title)}-{pack.as_at:%Y-%m-%d}"
    made: dict[Path, bytes] = {}
    former: set[Path] = set()
    for name in dict.fromkeys(formats):
        module = import_module(f"reports.formats.{FORMATS[name]}")
        for ending, content in module.render(pack, brand).items():
            # A website's counter asks for the same name every day.
            made[folder / ("counts.json" if ending == ".json" else f"{stem}{ending}")] = content
        former |= {folder / f"{stem}-{table}.{end}" for table in NAMES for end in ENDINGS.get(name, ())}
    _put(made, folder)
    for path in former - made.keys():
        path.unlink(missing_ok=True)
    return list(made)


def _put(files: dict[Path, bytes], folder: Path) -> None:
    """All are written aside before the first is renamed: nobody meets half a file, or half of two packs."""
    for path in files:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "is a directory where a file of the pack goes", str(path))
    with TemporaryDirectory(dir=folder, prefix=".pack-") as name:
        aside = Path(name)
        for path, content in files.items():
            (aside / path.name).write_bytes(content)
        for path in files:
            (aside / path.name).replace(path)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "pledge"
