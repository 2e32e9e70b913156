"""`pledge explain`: the story of one response, without what the person wrote."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from flows.errors import DONE, UsageError
from flows.output import Section, counted, sections
from flows.settings.model import VaultSettings
from flows.vault.access import open_for_staff, show_roles
from warehouse.queries import figures

PARTS = (
    ("place", "Where it is", ("place", "reason")),
    ("figures", "As whom it counts, and whether it is the signature that gives the role shown",
     ("signatory_id", "role", "signed_on", "is_shown")),
    ("held_back", "What holds it back, unless a person has accepted it",
     ("rule", "all_rules", "reason", "held_since", "run_id")),
    ("decisions", "What people decided",
     ("decision_no", "kind", "subject", "other_subject", "verdict", "who", "decided_at", "undone_at")),
    ("shared", "All responses of this person, the one that stands for them first",
     ("response_id", "place", "reason", "modified_at", "winner_by")),
    ("withdrawn", "Gone at the platform", ("noticed_at", "run_id", "erased_at")),
    ("versions", "Versions received",
     ("source", "fetched_at", "run_id", "status", "mode", "created_at", "modified_at")),
    ("changes", "Where it has been", ("place", "reason", "signatory_id", "changed_at", "run_id")),
)  # fmt: skip
"""The parts of a story in the order told: name, title and columns."""


def explain(options: argparse.Namespace, settings: VaultSettings) -> int:
    """Everything that happened to one response, without what the person wrote."""
    with open_for_staff(settings) as vault:
        show_roles(vault, settings)
        story = figures.story_of(vault, options.response_id)
    if not story["versions"]:
        raise UsageError(f"Response {options.response_id[:40]} was never received; check the id.")
    sys.stdout.write(sections(_parts(options.response_id, story)) + "\n")
    return DONE


def _parts(response_id: str, story: dict[str, Sequence[dict[str, Any]]]) -> Iterator[Section | str]:
    answers = counted(story["answers"][0]["n_answers"], "answer")
    versions = [f", begun on version {form['pledge_version']} of the form" for form in story["form"]]
    yield f"Response {response_id}: {answers}{''.join(versions)}"
    if not story["place"]:
        yield "Where it is, isn't decided yet; run: pledge sync"
    for part, title, columns in PARTS:
        yield title, columns, [[row[name] for name in columns] for row in story[part]]
