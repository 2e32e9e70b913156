"""The form of a run that asks no platform: as the vault knows it, or as files show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.export_files.form.form import is_made_of_a_file, together
from connectors.export_files.reader import Export
from connectors.survey.contract import SurveyDesign
from connectors.survey.design import parse_design
from flows.errors import SettingsError
from flows.run.context import ImportOptions, RunContext, SurveyForm, Walk
from flows.steps.read_files import known_design, refuse_strange
from flows.steps.retention import why_nothing_comes_in
from flows.steps.survey_form import keep_design, settle_form
from warehouse.database import marks
from warehouse.ingest import designs, responses
from warehouse.ingest.erased_people import is_final


def known_form(run: RunContext) -> SurveyForm:
    """Take the form as the last run saw it.

    Raises:
        SettingsError: none was seen yet.
    """
    form = pledge_form(run)
    if form is None:
        raise SettingsError("No response of the pledge is kept yet; run: pledge sync, or pledge import")
    if is_final(run.vault, form.survey_id):
        run.progress.say(why_nothing_comes_in(run))
    return form


def last_walk(run: RunContext, form: SurveyForm) -> Walk:
    """See whether the last walk over the platform's responses came to its end."""
    _, _, is_walk_complete = responses.cursor_of(run.vault, form.survey_id)
    is_from_platform = responses.last_fetched_at(run.vault, form.survey_id) is not None
    is_whole = is_walk_complete or not is_from_platform or is_final(run.vault, form.survey_id)
    if not is_whole:
        run.warn(
            "The last walk over the platform's responses has not come to its end, so nothing is published; "
            "the next sync goes on from there."
        )
    return Walk(is_whole=is_whole, fresh_as_of=run.earlier[0].fresh_as_of if run.earlier else None)


def files_form(run: RunContext, files: ImportOptions, exports: Sequence[Export]) -> SurveyForm | None:
    """Keep the form as the files show it, unless the platform's own is known.

    None where answers alone are taken in and no pledge is known: then nobody counts.
    """
    if files.is_answers_only:
        for export in exports:
            keep_design(run, export.form.design)
        return pledge_form(run)
    survey_id, _ = known_design(run.vault, run.settings.survey_id, files)
    of_the_platform = _platforms_design(run.vault, survey_id)
    of_the_files = together([export.form.design for export in exports])
    form = settle_form(run, of_the_platform or of_the_files)
    for export in exports:
        refuse_strange(export, form.form)
    keep_design(run, of_the_files, is_in_force=of_the_platform is None)
    marks.set_mark(run.vault, "survey", survey_id)
    marks.set_mark(run.vault, f"design of {survey_id}", form.design.version)
    return form


def _platforms_design(vault: Any, survey_id: str) -> SurveyDesign | None:
    texts = designs.design_texts(vault, survey_id)
    design = parse_design(texts[0]) if texts else None
    return None if design is None or is_made_of_a_file(design) else design


def pledge_form(run: RunContext) -> SurveyForm | None:
    """Take the pledge's form where one is known, so that what is staged of it stays as it is."""
    survey_id, _ = designs.last_form(run.vault)
    texts = designs.design_texts(run.vault, survey_id)
    return settle_form(run, parse_design(texts[0])) if texts else None
