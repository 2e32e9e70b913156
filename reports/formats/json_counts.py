"""The few numbers a website's counter needs, as JSON with a versioned schema."""

import json
from datetime import UTC

from reports.branding import Brand
from reports.safe_pack import SafePack
from reports.texts import wording

SCHEMA = "pledge-counts/1"


def render(pack: SafePack, _brand: Brand) -> dict[str, bytes]:
    """What is in `counts.json`.

    schema; title; as_at (UTC, ISO 8601); total (exact); roles, a list of role, n (null: hidden) and as_on,
    the day of the table; roles_as_on, the same; roles_total: exact where that is the pack's own day, else
    rounded; note.
    A field may be added within a version; one that changes its meaning makes a new version.
    """
    as_on = (pack.roles.as_at or pack.as_at).date().isoformat()
    counts = {
        "schema": SCHEMA,
        "title": pack.title,
        "as_at": pack.as_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "total": pack.total,
        "roles": [{"role": row.label, "n": row.n, "as_on": as_on} for row in pack.roles.rows],
        "roles_as_on": as_on,
        "roles_total": pack.roles.total if pack.roles.rows else None,
        "note": " ".join(filter(None, [wording.stands(pack.roles, pack), wording.hidden_note(pack)])),
    }
    return {".json": f"{json.dumps(counts, ensure_ascii=False, indent=2)}\n".encode()}
