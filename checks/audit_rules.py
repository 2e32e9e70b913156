"""What is wrong when a check of the audit fails, and what to do: each check once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditRule:
    """What is wrong when a check fails, and what to do: sentences for the operator.

    must_be: what the number observed must be, as the end of a sentence.
    """

    must_be: str
    reason: str
    next_step: str


FAULT = (
    "Yesterday's figures stay; pass the run id and this check's name on to whoever maintains the pipeline."
)

AUDIT_RULES = {
    "keys-unique": AuditRule(
        "as many as there are rows",
        "A key that should stand once in a table stands there more than once.",
        FAULT,
    ),
    "references-whole": AuditRule("none", "A row refers to a row that isn't there.", FAULT),
    "conservation": AuditRule(
        "as many as there are in all those places together",
        "The responses ever seen and the places they went to don't add up: "
        "signatories, duplicates, held back, not counted, withdrawn and erased.",
        FAULT,
    ),
    "platform-total": AuditRule(
        "as many as the platform counts",
        "The survey platform counts another number of responses than the warehouse holds.",
        "Run pledge sync --full; a response that came in during the night is the usual cause.",
    ),
    "roles-add-up": AuditRule(
        "as many as there are signatories", "The signatories by role don't add up to all signatories.", FAULT
    ),
    "choices-add-up": AuditRule(
        "as many as there are signatories",
        "The signatories by a question under [[breakdowns]] don't add up to all signatories.",
        FAULT,
    ),
    "days-add-up": AuditRule(
        "as many as there are signatories", "The signatories by day don't add up to all signatories.", FAULT
    ),
    "total-fell": AuditRule(
        "at least those of the published file, less the share of largest_fall or 10 people; "
        "only told where the reason for a fall was given: --accept-fall, --accept-withdrawals, "
        "or an import with --replace",
        "There are far fewer signatories than in the published file, so it may be that something went wrong.",
        "See what changed with pledge reconcile, pledge held-back and pledge decisions. "
        "If the fall is right, run pledge recount --accept-fall; "
        "how large a fall needs that is largest_fall under [audit] in pledge.toml.",
    ),
    "fresh": AuditRule(
        "at most stale_after_hours under [publish] in pledge.toml",
        "The survey platform, or the files, were last read whole longer ago than the settings allow.",
        "See which of the last nights didn't end, and why, with pledge status.",
    ),
    "roles-as-platform": AuditRule(
        "as many as the platform counts for the choice",
        "The survey platform counts another number of responses with this role than the warehouse holds.",
        "Run pledge sync --full; a response that came in during the night is the usual cause.",
    ),
}
