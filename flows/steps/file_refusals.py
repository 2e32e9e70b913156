"""Which files are refused though they can be read: they would do harm to what is here already."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.form.form import holds_numbers_alone
from warehouse.ingest import export_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.reader import Export
    from flows.run.context import ImportOptions
    from warehouse.transform.stage import Form


def refuse_halves(exports: Sequence[Export]) -> None:
    """Taken one after the other, the second half of a response would take the place of the first."""
    for one, other in combinations(exports, 2):
        asked = [{question.question_id for question in export.form.questions} for export in (one, other)]
        if asked[0].isdisjoint(asked[1]) and one.shares_an_id(other):
            raise ExportRefusedError(
                f"{one.name} and {other.name} hold the same respondents under other questions. Put both into "
                "one ZIP and import that: then they are joined. Nothing was imported."
            )


def refuse_others(vault: Any, files: ImportOptions, exports: Sequence[Export]) -> None:
    """One id under two surveys would be one response in one of them only."""
    for export in exports:
        n = export_files.held_elsewhere(vault, export.form.design.survey_id, export.ids)
        if n:
            advice = (
                "Leave --answers-only out" if files.is_answers_only else "See that PLEDGE_SURVEY_ID is right"
            )
            are = "is here already, as that" if n == 1 else "are here already, as those"
            raise ExportRefusedError(
                f"{export.name}: {n:,} of its responses {are} of another survey. "
                f"{advice}. Nothing was imported."
            )
    if files.replaces and not any(len(export.ids) for export in exports):
        raise ExportRefusedError(
            "--replace with files that hold no response would withdraw everybody. Nothing was imported."
        )


def refuse_strange(export: Export, form: Form) -> None:
    """A file of another survey, or one half of this one's, would take people's addresses from them."""
    asked = {question.question_id: question for question in export.form.questions}
    emails = {question_id for field, question_id, _ in form.fields if field == "email"}
    if not emails & asked.keys():
        raise ExportRefusedError(
            f"{export.name} doesn't hold the pledge's question for the email address, so nobody in it could "
            "be counted. See that it is an export of this survey, with all its questions; two halves go into "
            "one ZIP. Nothing was imported."
        )
    roles = {question_id for field, question_id, _ in form.fields if field == "role"}
    if any(holds_numbers_alone(asked[question_id]) for question_id in roles & asked.keys()):
        raise ExportRefusedError(
            f"{export.name} holds numbers where people chose a role, and the form that would tell what they "
            "mean isn't known. Export with “actual answer text”. Nothing was imported."
        )
