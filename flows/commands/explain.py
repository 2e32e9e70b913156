"""`pledge explain`: the story of one response, in order, without what the person wrote."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from flows.errors import DONE, UsageError
from flows.output import plain
from flows.vault.access import open_for_staff, show_roles
from warehouse.queries import figures as read

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from flows.settings.model import Settings


Row = dict[str, Any]


def explain(options: argparse.Namespace, settings: Settings) -> int:
    """Everything that happened to one response, without what the person wrote."""
    with open_for_staff(settings) as vault:
        show_roles(vault, settings)
        story = read.story_of(vault, options.response_id)
    if not story["versions"]:
        raise UsageError(f"Response {options.response_id[:40]} was never received; check the id.")
    sys.stdout.write("\n".join(_told(options.response_id, story)) + "\n")
    return DONE


def _told(response_id: str, story: dict[str, Sequence[Row]]) -> Iterator[str]:
    yield f"Response {response_id}"
    yield from _received(story)
    yield from _checked(story)
    yield from _decided(story)
    yield from _compared(response_id, story)
    yield from _placed(story)


def _received(story: dict[str, Sequence[Row]]) -> Iterator[str]:
    for number, version in enumerate(story["versions"], start=1):
        yield (
            f"  received  version {number} from {version['source']} at {plain(version['fetched_at'])} "
            f"(run {version['run_id']}): status {version['status']}, "
            f"mode {version['mode']}, begun {version['created_at']}, "
            f"changed {version['modified_at']}"
        )
    for form in story["form"]:
        yield f"  form      pledge version {form['pledge_version']} was in force when it was begun"
    yield f"  answers   {story['answers'][0]['n_answers']}"
    for gone in story["withdrawn"]:
        yield f"  withdrawn noticed at {plain(gone['noticed_at'])} (run {gone['run_id']})" + (
            f"; answers erased at {plain(gone['erased_at'])}" if gone["erased_at"] else ""
        )


def _checked(story: dict[str, Sequence[Row]]) -> Iterator[str]:
    is_let_in = any(row["reason"] == "accepted by a person" for row in story["place"])
    for held in story["held_back"]:
        others = [rule for rule in held["all_rules"].split(",") if rule != held["rule"]]
        yield (
            f"  checks    fails {held['rule']} since {plain(held['held_since'])} "
            f"(run {held['run_id']}): {held['reason']}"
            + (f" Fails as well: {', '.join(others)}." if others else "")
            + (" Let in by a decision." if is_let_in else "")
        )
    if not story["held_back"] and any(row["place"] in {"signatory", "duplicate"} for row in story["place"]):
        yield "  checks    passes every rule that holds back"


def _decided(story: dict[str, Sequence[Row]]) -> Iterator[str]:
    for decision in story["decisions"]:
        about = (
            f"persons {decision['subject']} and {decision['other_subject']}: "
            if decision["kind"] == "pair"
            else ""
        )
        undone = f"; undone at {plain(decision['undone_at'])}" if decision["undone_at"] else ""
        yield (
            f"  decided   {about}{decision['verdict']}, by {decision['who']} at "
            f"{plain(decision['decided_at'])} (decision {decision['decision_no']}){undone}"
        )


def _compared(response_id: str, story: dict[str, Sequence[Row]]) -> Iterator[str]:
    asked = next((one for one in story["shared"] if one["response_id"] == response_id), None)
    for other in story["shared"]:
        if other is asked:
            continue
        line = (
            f"  same person as {other['response_id']} "
            f"({other['place']}; changed {plain(other['modified_at'])})"
        )
        if other["place"] == "signatory" and asked and asked["winner_by"]:
            line += f"; that one stands for the person: it was {asked['winner_by']}"
        elif other["winner_by"] and asked and asked["place"] == "signatory":
            line += f"; this one stands for the person: it was {other['winner_by']}"
        yield line


def _placed(story: dict[str, Sequence[Row]]) -> Iterator[str]:
    for place in story["place"]:
        yield f"  place     {place['place']}: {place['reason']}"
    if not story["place"]:
        yield "  place     not decided yet; run: pledge sync"
    for figures in story["figures"]:
        shown = "its role is the one shown" if figures["is_shown"] else "a later signature gives the role"
        yield (
            f"  counts    as signatory {figures['signatory_id']}, {figures['role']}, "
            f"signed on {plain(figures['signed_on'])}; {shown}"
        )
    for change in story["changes"]:
        whose = f", person {change['signatory_id']}" if change["signatory_id"] is not None else ""
        yield (
            f"  history   {change['place']}{whose} ({change['reason']}) since "
            f"{plain(change['changed_at'])} (run {change['run_id']})"
        )
