"""What people decide about responses and persons: kept with who, when and why; the next build goes by it."""

import argparse
import sys
from typing import Any

from flows.errors import DONE, UsageError
from flows.output import rendered
from flows.run.clock import now_in_utc
from flows.settings.model import KeySettings, VaultSettings
from flows.vault.access import open_for_staff, record_use, said, show_roles, who
from warehouse.queries import figures
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision

FROM_WHEN = "The next sync or import goes by it; pledge recount does so now, without a call."
COLUMNS = (
    "decision_no", "kind", "subject", "other_subject", "verdict", "because", "who", "decided_at", "undone_at",
    "undone_by", "undone_because", "is_in_force",
)  # fmt: skip
OF_PAIRS = ("same", "different")
NEVER_REJECTED = ("withdrawn", "erased")


def accept(options: argparse.Namespace, settings: KeySettings) -> int:
    """Let a response count that is held back, for the rules that it fails now."""
    because = said(options.because, "--because")
    with open_for_staff(settings, read_only=False) as vault:
        held = figures.held_rules(vault, options.response_id)
        if held is None:
            raise UsageError(
                f"Response {options.response_id[:40]} isn't held back, so there is nothing to accept: "
                "“pledge held-back” lists those that are, and “pledge undo” takes back a rejection."
            )
        rules, has_time = held
        if not has_time:
            raise UsageError(
                f"Response {options.response_id[:40]} has no readable time at all, so it would stand on no "
                "day: correct it on the survey platform, or in the export file."
            )
        return _keep(vault, Decision("response", options.response_id, "accept", because, who(), detail=rules))


def reject(options: argparse.Namespace, settings: KeySettings) -> int:
    """Have a response count no more, whatever it passes."""
    because = said(options.because, "--because")
    with open_for_staff(settings, read_only=False) as vault:
        place = figures.disposition_of(vault, options.response_id)
        if place is None or place in NEVER_REJECTED:
            raise UsageError(
                f"Response {options.response_id[:40]} is {place or 'no response of the pledge'}, "
                "so there is nothing to reject."
            )
        return _keep(vault, Decision("response", options.response_id, "reject", because, who()))


def decide(options: argparse.Namespace, settings: VaultSettings) -> int:
    """Close a case of `pledge review`."""
    because = said(options.because, "--because")
    name = " ".join(options.case)
    with open_for_staff(settings, read_only=False) as vault:
        show_roles(vault, settings)
        case = figures.open_case(vault, name)
        if case is None:
            raise UsageError(
                f"No case “{name[:80]}” is open; “pledge review --reason TEXT” lists those that are."
            )
        return _keep(vault, _decision_on(case, options.verdict, because))


def _decision_on(case: dict[str, Any], verdict: str, because: str) -> Decision:
    """What a verdict on a case is, as a decision."""
    person = str(case["signatory_id"])
    if verdict == "nothing":
        return Decision("signal", case["case_name"], "dismissed", because, who())
    if case["other_id"] is not None and verdict in OF_PAIRS:
        return Decision("pair", person, verdict, because, who(), other_subject=str(case["other_id"]))
    if case["response_id"] is not None and verdict == "apart":
        return Decision("apart", case["response_id"], "apart", because, who())
    allowed = (
        "same, different or nothing"
        if case["other_id"] is not None
        else "apart or nothing"
        if case["response_id"] is not None
        else "nothing (pledge reject takes a response out of the count)"
    )
    raise UsageError(f"“{verdict}” is no verdict on the case “{case['case_name']}”; give {allowed}.")


def undo(options: argparse.Namespace, settings: KeySettings) -> int:
    """Take a decision back."""
    because = said(options.because, "--because")
    with open_for_staff(settings, read_only=False) as vault:
        decisions.undo(vault, options.decision_no, who=who(), because=because, at=now_in_utc())
    sys.stderr.write(f"Decision {options.decision_no} is undone. {FROM_WHEN}\n")
    return DONE


def list_decisions(options: argparse.Namespace, settings: KeySettings) -> int:
    """Every decision ever made, oldest first, undone ones too; texts of people are among the subjects."""
    reason = said(options.reason, "--reason")
    with open_for_staff(settings, read_only=False) as vault:
        rows = [[row[column] for column in COLUMNS] for row in decisions.rows_in_order(vault)]
        record_use(vault, "decisions", reason, len(rows))
    sys.stdout.write(rendered(COLUMNS, rows, options.format) + "\n")
    return DONE


def assign_role(options: argparse.Namespace, settings: VaultSettings) -> int:
    """Show a text or a choice as a role, in the past and from now on."""
    because = said(options.because, "--because")
    role = " ".join(options.role.split())
    if not role or role.startswith("("):
        raise UsageError(
            "Give the role that it is to be shown as: --as ROLE. Names in brackets say why somebody has none."
        )
    with open_for_staff(settings, read_only=False) as vault:
        show_roles(vault, settings)
        known = figures.roles(vault)
        kind, subject = _role_subject(vault, options)
        number = decisions.keep(vault, Decision(kind, subject, role, because, who()), at=now_in_utc())
    if role not in known:
        sys.stderr.write(
            f"“{role}” is a new role: nobody is shown with it so far. There are: {', '.join(known)}.\n"
        )
    return _tell(number, f"shown as {role}")


def _role_subject(vault: Any, options: argparse.Namespace) -> tuple[str, str]:
    """Kind and subject of the decision."""
    if options.choice is not None:
        if not figures.is_role_choice(vault, options.choice):
            raise UsageError(
                f"No form of the pledge had a choice with the id {options.choice[:40]}; "
                "“pledge roles --reason TEXT” lists them."
            )
        return "choice", options.choice
    normal_form = figures.normal_form_of(vault, options.other)
    kind, subject = ("exact text", options.other) if options.exactly else ("other text", normal_form)
    if not subject:
        raise UsageError("The text has no letter or digit to go by; give it with --exactly.")
    if not figures.n_with_text(vault, kind, subject):
        raise UsageError(
            "No signatory wrote that as their role; “pledge roles --reason TEXT” lists what people wrote."
        )
    return kind, subject


def _keep(vault: Any, decision: Decision) -> int:
    return _tell(decisions.keep(vault, decision, at=now_in_utc()), decision.verdict)


def _tell(number: int, verdict: str) -> int:
    sys.stderr.write(
        f"Decision {number} is kept: {verdict}. {FROM_WHEN} To take it back: pledge undo {number}\n"
    )
    return DONE
