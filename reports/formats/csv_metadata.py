"""What the CSV files hold, told to programs in CSVW: the W3C's metadata vocabulary for tabular data."""

import json
from typing import Any

from reports.formats.long_tables import Column, LongTable
from reports.safe_pack import SafePack
from reports.texts import wording
from reports.texts.tables import SHORTHAND

NAMESPACE = "http://www.w3.org/ns/csvw"  # a name; nobody need fetch it


def metadata(tables: list[LongTable], pack: SafePack) -> bytes:
    """One group of tables, their files lying beside it. The dialect is CSVW's own, so none is told."""
    group = {
        "@context": NAMESPACE,
        "dc:title": wording.title(pack),
        "dc:description": " ".join(f"{sentence}." for sentence in wording.dates(pack)),
        "dc:publisher": pack.organisation,
        "dc:issued": {"@value": wording.published_on(pack).isoformat(), "@type": "xsd:date"},
        "tables": [_table(table, pack) for table in tables],
    }
    return f"{json.dumps(group, ensure_ascii=False, indent=2)}\n".encode()


def _table(table: LongTable, pack: SafePack) -> dict[str, Any]:
    return {
        "url": f"{pack.stem}-{table.name}.csv",
        "dc:title": table.title,
        **({"dc:description": table.note} if table.note else {}),
        "tableSchema": {
            "columns": [_column(column) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    """A heading in the file is its column's name, and so its title too."""
    told = {"name": column.name, "titles": column.name, "datatype": _datatype(column)}
    return told | ({"null": SHORTHAND} if column.is_hideable else {"required": True})


def _datatype(column: Column) -> dict[str, str | int]:
    told: dict[str, str | int] = {"base": column.kind}
    if column.kind == "date":
        told["format"] = "yyyy-MM-dd"
    if column.texts:
        told["format"] = "|".join(column.texts)
    if column.least is not None:
        told["minimum"] = column.least
    return told
