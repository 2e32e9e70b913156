"""The few numbers a website's counter needs, as JSON with a versioned schema."""

import json
from datetime import UTC

from reports.branding import Brand
from reports.disclosure.safe_pack import SafePack

SCHEMA = "pledge-counts/1"


def render(pack: SafePack, _brand: Brand) -> dict[str, bytes]:
    """What is in `counts.json`.

    schema; title; as_at (UTC, ISO 8601); total (exact); roles, a list of role, n (null: hidden) and as_on,
    the day when it was so; roles_as_on, the day when the roles were last counted anew; note.
    A field may be added within a version; one that changes its meaning makes a new version.
    """
    roles_as_on = pack.roles.as_on or pack.as_at.date()
    counts = {
        "schema": SCHEMA,
        "title": pack.title,
        "as_at": pack.as_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "total": pack.total,
        "roles": [
            {"role": row.label, "n": row.cell.n, "as_on": (row.since or roles_as_on).isoformat()}
            for row in pack.roles.rows
        ],
        "roles_as_on": roles_as_on.isoformat(),
        "note": pack.roles.note,
    }
    return {".json": f"{json.dumps(counts, ensure_ascii=False, indent=2)}\n".encode()}
