"""What readers see for the pipeline's own names: one table, the same in every format."""

from reports.figures import HELD_BACK, SIGNATORY

NOT_COUNTED = "not counted"
NO_ROLE = "Role not given or not known"
NO_ANSWER = "No answer"
WITHOUT_ROLE = ("(no answer)", "(not asked)", "(unknown choice)")
IN_STATUS = "status "  # how a reason begins that names the platform's own word
# ruff: noqa: RUF001 - apostrophes of good typography
PLACE_LABELS = {
    SIGNATORY: "Signed",
    "duplicate": "Signed again by the same person",
    HELD_BACK: "Held back",
    NOT_COUNTED: "Not counted",
    "withdrawn": "Withdrawn: taken off the survey platform",
    "erased": "Erased at the person’s own wish",
}
REASON_LABELS = {
    "counts": PLACE_LABELS[SIGNATORY],
    "accepted by a person": "Signed, and accepted by staff",
    "a later signature with the same email key": PLACE_LABELS["duplicate"],
    "status partial": "Left unfinished",
    "status overquota": "Stopped by the form’s own quota",
    "status disqualified": "Turned away by the form’s own questions",
    "status missing": "Not counted: not known to be finished",
    "preview": "Staff’s own preview of the form",
    "rejected by a person": "Rejected by staff",
    "gone at the platform": PLACE_LABELS["withdrawn"],
    "at the person's request": PLACE_LABELS["erased"],
    "other-survey": "Held back: from another form than the pledge",
    "id-damaged": "Held back: damaged by a spreadsheet",
    "status-unknown": "Held back: not known to be finished",
    "email-missing": "Held back: no email address",
    "email-invalid": "Held back: no valid email address",
    "modified-at-missing": "Held back: not known when it was last changed",
    "modified-at-in-future": "Held back: last changed at a time yet to come",
}
"""A reason of the dispositions, or the name of a rule that holds back, and its label."""


def role_label(role: str) -> str:
    """One label for whoever has no role; the form's own and the settings' stay as they are."""
    return NO_ROLE if role in WITHOUT_ROLE else role


def choice_label(choice: str) -> str:
    """Of a breakdown, where the choices that people gave are the form's own."""
    return NO_ANSWER if choice == "(no answer)" else choice


def place_label(place: str, reason: str, rule: str = "") -> str:
    """Where a response is and why, as readers understand it.

    rule: the name of the rule that holds it back; the reason of a rule of the user's own is shown as written.
    """
    if label := REASON_LABELS.get(rule) or REASON_LABELS.get(reason):
        return label
    if place == NOT_COUNTED and reason.startswith(IN_STATUS):
        return REASON_LABELS["status missing"]
    return f"{PLACE_LABELS[place]}: {reason}" if reason else PLACE_LABELS[place]


DECISION_LABELS = {
    "response": "forms that staff accepted or rejected",
    "apart": "who signed twice, as staff decided",
    "pair": "who signed twice, as staff decided",
    "other text": "roles that staff assigned",
    "exact text": "roles that staff assigned",
    "choice": "roles that staff assigned",
}
"""A kind of decision that can change a table, in words that go on from "Not in this table yet:"."""
