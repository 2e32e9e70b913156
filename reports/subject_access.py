"""What is held about one person, as a page for them: in plain words, and with nothing from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports.dates import in_words
from reports.templating import environment

BESIDE = {
    "ip_address": "The internet address that the form was sent from",
    "date_created": "Begun at",
    "date_modified": "Last changed at",
    "email_address": "The address that the invitation went to",
    "first_name": "First name in the invitation",
    "last_name": "Last name in the invitation",
    "custom_value": "Note of the sender of the invitation",
}
"""What the platform keeps beside the answers and says of the person, in plain words."""


def render(found: Mapping[str, Any]) -> str:
    """Write the page. All texts in it are escaped.

    found: made_at, organisation, address, erased_at (or None), n_mentions; kept (sentences); worked_out
        (what, value); responses, each with response_id, place, figures, held_back, withdrawn, decisions,
        changes and versions (survey, received_from, received_at, answers, as_received). Instants are
        ISO 8601 in UTC.
    """
    page = environment()
    page.filters["in_words"] = _in_uk_time
    return page.get_template("subject_access.html.jinja").render(found=found, beside=BESIDE)


def _in_uk_time(instant: str) -> str:
    at = datetime.fromisoformat(instant).astimezone(ZoneInfo("Europe/London"))
    return f"{in_words(at)} at {at:%H:%M}"
