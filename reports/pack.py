"""Make the pack that staff hand to a policy-maker: one folder, one file a format."""

from collections.abc import Iterable
from errno import EISDIR
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.branding import Brand
from reports.safe_pack import SafePack
from reports.texts.tables import NAMES, tables_of

FORMATS = {
    "html": "html_page", "pdf": "pdf_document", "xlsx": "xlsx_workbook",
    "csv": "csv_tables", "json": "json_counts", "brief": "brief", "charts": "chart_files",
}  # fmt: skip
"""The module of `reports.formats` that makes each, imported once it is asked for: charts take a second."""
USUAL_FORMATS = tuple(FORMATS)[:-1]
ENDINGS = {"csv": ("csv",), "charts": ("svg", "png", "txt", "csv")}  # of formats that have a file a table


def write_pack(pack: SafePack, folder: Path, formats: Iterable[str], brand: Brand) -> list[Path]:
    """Write the pack into *folder*, made if missing, and return its files in the order of *formats*.

    The files' names begin with the title and the as-at date: `connect-pledge-2026-11-24.html`, and .pdf and
    .xlsx; csv is one file a table, as `connect-pledge-2026-11-24-roles.csv`, and `…-csv-metadata.json`;
    charts are one drawing each as .svg, .png and, in words, .txt, and the table's .csv. json: `counts.json`;
    brief: the pack on one page, as `…-brief.pdf`, .html, .md and .txt.
    A pack that cannot be made leaves the last one as it was. Files of the same name are replaced, and tables
    and charts of the same day that this pack has no more are removed.

    Raises:
        GlyphMissingError: a text has a character that no font has, and pdf, brief or charts were asked for.
        TemplateError: a template of the house's own can't be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    asked = list(dict.fromkeys(formats))
    found: dict[str, dict[Path, bytes]] = {}
    for name in sorted(asked, key=lambda name: name == "html"):  # which links to the others
        others = {path.name: None for one in asked for path in found.get(one, ())}
        found[name] = _rendered(name, pack, folder, brand, downloads=list(others))
    made = {path: content for name in asked for path, content in found[name].items()}
    _put(made, folder)
    for path in _former(pack, folder, asked) - made.keys():
        path.unlink(missing_ok=True)
    return list(made)


def _rendered(
    name: str, pack: SafePack, folder: Path, brand: Brand, *, downloads: list[str]
) -> dict[Path, bytes]:
    module = import_module(f"reports.formats.{FORMATS[name]}")
    links = {"downloads": downloads} if name == "html" else {}
    return {
        # A website's counter asks for the same name every day.
        folder / ("counts.json" if ending == ".json" else f"{pack.stem}{ending}"): content
        for ending, content in module.render(pack, brand, **links).items()
    }


def _former(pack: SafePack, folder: Path, formats: Iterable[str]) -> set[Path]:
    """The files of *formats* that an earlier pack of the same day may have left.

    A table's CSV belongs to two formats, so it is none of them as long as the pack has the table.
    """
    tables = [*NAMES, *(one.slug for one in pack.breakdowns)]
    endings = {end for name in formats for end in ENDINGS.get(name, ())}
    former = {folder / f"{pack.stem}-{table}.{end}" for table in tables for end in endings}
    return former - {folder / f"{pack.stem}-{table.name}.csv" for table in tables_of(pack)}


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
