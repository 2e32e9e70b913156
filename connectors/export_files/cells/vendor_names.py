"""What the platform calls its own columns and labels, as `letters` gives it."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.export_files.cells.cell_text import letters

FIXED_NAMES = {
    "respondentid": "respondent_id",
    "collectorid": "collector_id",
    "startdate": "start_date",
    "enddate": "end_date",
    "ipaddress": "ip_address",
    "emailaddress": "email_address",
    "firstname": "first_name",
    "lastname": "last_name",
    "customdata": "custom_data",
}
# The other fixed names are also what people call their own questions.
SURE_NAMES = frozenset({"respondentid", "collectorid", "startdate", "enddate", "ipaddress"})
# Not the platform's usual columns, but no questions either.
RARE_NAMES = frozenset({"collector", "collectorname", "completed", "language", "rds", "serial", "status"})
RESPONSE_LABEL = "response"
TEXT_LABEL = "openendedresponse"
RESPONSE_LABELS = frozenset({RESPONSE_LABEL, TEXT_LABEL})


def sure_columns(row: Sequence[str]) -> list[int]:
    """Where a row holds names that only the platform's own columns have."""
    return [i for i, text in enumerate(row) if text and letters(text) in SURE_NAMES]
