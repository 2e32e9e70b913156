"""The form of a run that asks no platform: as the vault knows it, or as files show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.export_files.form.form import together
from flows.errors import SettingsError
from flows.steps.file_refusals import refuse_strange
from flows.steps.read_files import known_design
from flows.steps.retention import why_nothing_comes_in
from flows.steps.survey_form import keep_design, settle_form
from warehouse.database import marks
from warehouse.ingest import designs, responses
from warehouse.transform.stage import Form

if TYPE_CHECKING:
    from connectors.survey.contract import SurveyDesign
    from flows.run.context import RunContext


def remember_form(run: RunContext) -> None:
    """Take the form as the last run saw it."""
    run.form = form_of_the_vault(run)
    if not run.form.survey_id:
        raise SettingsError("No response of the pledge is kept yet; run: pledge sync, or pledge import")
    _, _, is_walk_complete = responses.cursor_of(run.vault, run.survey_id)
    is_from_platform = responses.last_fetched_at(run.vault, run.survey_id) is not None
    run.is_walk_whole = is_walk_complete or not is_from_platform or run.is_final
    if run.is_final:
        run.progress.say(why_nothing_comes_in(run))
    run.fresh_as_of = run.earlier[0].fresh_as_of if run.earlier else None
    if not run.is_walk_whole:
        run.warn(
            "The last walk over the platform's responses has not come to its end, so nothing is published; "
            "the next sync goes on from there."
        )


def know_form(run: RunContext) -> None:
    """Keep the form as the files show it, unless the platform's own is known."""
    files = run.files
    if files.is_answers_only:
        for export in files.exports:
            keep_design(run, export.form.design)
        run.form = form_of_the_vault(run)
        return
    run.survey_id, _ = known_design(run.vault, run.settings, files)
    of_the_platform = _platforms_design(run)
    of_the_files = together([export.form.design for export in files.exports])
    run.design = of_the_platform or of_the_files
    run.form = settle_form(run)
    for export in files.exports:
        refuse_strange(export, run.form)
    keep_design(run, of_the_files, is_in_force=of_the_platform is None)
    marks.set_mark(run.vault, "survey", run.survey_id)
    marks.set_mark(run.vault, f"design of {run.survey_id}", run.design.version)


def _platforms_design(run: RunContext) -> SurveyDesign | None:
    from connectors.export_files.form.form import is_made_of_a_file
    from connectors.survey.design import parse_design

    texts = designs.design_texts(run.vault, run.survey_id)
    design = parse_design(texts[0]) if texts else None
    return None if design is None or is_made_of_a_file(design) else design


def form_of_the_vault(run: RunContext) -> Form:
    """The pledge's form where one is known, so that what is staged of it stays as it is."""
    from connectors.survey.design import parse_design

    run.survey_id, _ = designs.last_form(run.vault)
    texts = designs.design_texts(run.vault, run.survey_id)
    if not texts:
        return Form("", "")
    run.design = parse_design(texts[0])
    return settle_form(run)
