"""The few numbers a website's counter needs, as JSON with a versioned schema."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.safe_pack import SafePack

SCHEMA = "pledge-counts/1"


def render_counts(pack: SafePack) -> str:
    """Write `counts.json`.

    schema; title; as_at (UTC, ISO 8601); total (exact); roles, a list of role and n (null: hidden); note.
    A field may be added within a version; one that changes its meaning makes a new version.
    """
    counts = {
        "schema": SCHEMA,
        "title": pack.title,
        "as_at": pack.as_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "total": pack.total,
        "roles": [{"role": row.label, "n": row.cell.n} for row in pack.roles.rows],
        "note": pack.roles.note,
    }
    return json.dumps(counts, ensure_ascii=False, indent=2) + "\n"
