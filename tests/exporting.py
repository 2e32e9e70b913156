"""Writes export files as the survey platform does, and as people save them again, of invented people."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from connectors.sandbox.world import pledge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from connectors.sandbox.world.people import Signatory
    from tests.driving import Pledge

LONDON = ZoneInfo("Europe/London")
DAY_NOUGHT = datetime.fromisoformat("1899-12-30")  # of a spreadsheet, whose dates have no zone
FIXED = (
    "Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name",
    "Last Name", "Custom Data 1",
)  # fmt: skip
NAME, ROLE = "Name", "You are a …"
EMAIL = (
    "<strong>Email address</strong>&nbsp;[we keep it in a safe place, use it only to count each person once, "
    "and share it with <em>nobody</em>]"
)
OTHER = "Other (please specify)"
ROLES = {**pledge.ROLES, pledge.HIDDEN_ROLE_ID: pledge.HIDDEN_ROLE}
DATES = {
    "month first, padded": "%m/%d/%Y %I:%M:%S %p",
    "ISO": "%Y-%m-%d %H:%M:%S",
    "day first": "%d/%m/%Y %H:%M:%S",
}


@dataclass(frozen=True)
class Style:
    """How a file is written. headings: what stands beside and below a question's own text."""

    choices: str = "expanded"
    headings: str = "blank"
    encoding: str = "utf-8"
    separator: str = ","
    line_end: str = "\r\n"
    dates: str = "month first, padded"
    fixed: tuple[str, ...] = FIXED


def exportable(people: Iterable[Signatory]) -> list[Signatory]:
    """Whose responses an export of completed ones holds as the API gives them."""
    return [
        one
        for one in people
        if one.status == "completed"
        and one.mode not in {"preview", "survey_preview"}
        and one.choice_id != pledge.GONE_ROLE_ID
        and (one.other_text is None or one.other_text.strip())
    ]


def export_rows(people: Sequence[Signatory], style: Style) -> list[list[str]]:
    """Heading rows and one row a person, newest first."""
    newest_first = sorted(people, key=lambda one: one.modified_at, reverse=True)
    return [*_headings(style), *(_row(one, style) for one in newest_first)]


def _headings(style: Style) -> list[list[str]]:
    labels = [*ROLES.values(), OTHER] if style.choices == "expanded" else ["Response", OTHER]
    fixed = list(style.fixed)
    role = [ROLE, *([""] * (len(labels) - 1))]
    if style.headings == "repeated":
        role = [ROLE] * len(labels)
    if style.headings == "one row":
        return [[*fixed, NAME, EMAIL, *(f"{ROLE} - {label}" for label in labels)]]
    blank = [""] * len(fixed)
    if style.headings == "numbered":
        numbers = ["Q1", "Q2", "Q3", *([""] * (len(labels) - 1))]
        return [[*blank, *numbers], [*fixed, NAME, EMAIL, *role], [*blank, "", "", *labels]]
    if style.headings == "title above":
        title = ["The Connect Pledge", *([""] * (len(fixed) + len(labels) + 1))]
        return [title, [""] * len(title), *_headings(replace(style, headings="blank"))]
    second = fixed if style.headings == "fixed repeated" else blank
    return [
        [*fixed, NAME, EMAIL, *role],
        [*second, "Open-Ended Response", "Open-Ended Response", *labels],
    ]


def _row(one: Signatory, style: Style) -> list[str]:
    told = {
        "Respondent ID": one.response_id,
        "Collector ID": one.collector_id,
        "Start Date": _date(one.created_at, style),
        "End Date": _date(one.modified_at, style),
        "IP Address": one.ip,
    }
    chosen = ROLES.get(one.choice_id or "", "")
    other = one.other_text or ""
    if style.choices == "expanded":
        role = [text if text == chosen else "" for text in ROLES.values()] + [other]
    else:
        role = [OTHER if one.other_text is not None else chosen, other]
    return [*(told.get(name, "") for name in style.fixed), one.name or "", one.email or "", *role]


def _date(instant: datetime, style: Style) -> str:
    wall = instant.astimezone(LONDON)
    if style.dates == "serial":
        days = (wall.replace(tzinfo=None) - DAY_NOUGHT) / timedelta(days=1)
        return f"{days:.6f}"
    return wall.strftime(DATES[style.dates])


def export_bytes(people: Sequence[Signatory], style: Style) -> bytes:
    """A text file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=style.separator, lineterminator="\n")
    writer.writerows(export_rows(people, style))
    return buffer.getvalue().replace("\n", style.line_end).encode(style.encoding)


def write_export(
    place: Pledge, people: Sequence[Signatory], *, name: str = "export.csv", style: Style | None = None
) -> str:
    """An export file in the place's folder, condensed if nothing is said; its path."""
    path = place.folder / name
    path.write_bytes(export_bytes(people, style or Style(choices="condensed")))
    return str(path)


def write_table(place: Pledge, rows: Sequence[Sequence[str]], name: str = "table.csv") -> str:
    """A CSV file of these rows in the place's folder; its path."""
    path = place.folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    """An archive of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_xlsx(path: Path, people: Sequence[Signatory], style: Style) -> Path:
    """A workbook of one sheet: ids are numbers, dates are date cells, an unanswered cell is empty or ''."""
    rows = export_rows(people, style)
    width = len(style.fixed)
    dates = {style.fixed.index(name) for name in ("Start Date", "End Date") if name in style.fixed}
    n_headings = len(_headings(style))
    lines = []
    for number, row in enumerate(rows):
        cells = [
            _cell(text, is_id=at == 0 and number >= n_headings, is_date=at in dates and number >= n_headings)
            for at, text in enumerate(row)
        ]
        lines.append(f"<row>{''.join(cells)}</row>")
    assert width <= len(rows[0])
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    return write_zip(path, {**_PARTS, "xl/worksheets/sheet1.xml": sheet.encode()})


def _cell(text: str, *, is_id: bool, is_date: bool) -> str:
    if not text:
        return "<c/>"
    if is_id:
        return f"<c><v>{text}</v></c>"
    if is_date:
        serial = (datetime.fromisoformat(text) - DAY_NOUGHT) / timedelta(days=1)
        return f'<c s="1"><v>{serial:.10f}</v></c>'
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>'
    ).encode(),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ).encode(),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ).encode(),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ).encode(),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'
        "</styleSheet>"
    ).encode(),
}
