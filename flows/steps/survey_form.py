"""The form that a run meets: fetched, kept, which questions it goes by, and what has changed in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connectors.errors import FieldsError
from connectors.survey.contract import FieldMap, FieldRef, SurveyDesign
from connectors.survey.fields import find_fields
from connectors.survey.form_changes import changes
from flows.run.context import Platform, RunContext, SurveyForm
from warehouse.database import marks
from warehouse.ingest import designs
from warehouse.ingest.runs import last_told_form
from warehouse.transform.stage import Form

MOST_TOLD = 20  # changes told one by one; the run record has them all


def settle_form(run: RunContext, design: SurveyDesign) -> SurveyForm:
    """The form as the warehouse takes it; what has changed on it is told, whether it can be settled or not.

    The questions that gave email, name and role are remembered from night to night, so that answers
    given to them go on counting when they leave the form.

    Raises:
        FieldsError: no question, or more than one, could hold a field.
    """
    mark = f"fields of {design.survey_id}"
    remembered = [
        (field, FieldRef(question_id, row_id))
        for field, question_id, row_id in json.loads(marks.mark(run.vault, mark) or "[]")
    ]
    try:
        fields = find_fields(design, run.settings.questions, remembered)
    except FieldsError:
        _tell_changes(run, design, None)
        raise
    _tell_changes(run, design, fields)
    for note in fields.notes:
        run.warn(note)
    places = tuple((field, ref.question_id, ref.row_id) for field, ref in fields.places)
    marks.set_mark(run.vault, mark, json.dumps(places))
    form = Form(
        survey_id=design.survey_id,
        version=design.version,
        fields=places,
        role_groups=dict(run.settings.role_groups),
    )
    return SurveyForm(design, form)


def _tell_changes(run: RunContext, design: SurveyDesign, fields: FieldMap | None) -> None:
    """Tell what has changed on the form since the last finished night; of the first night nothing."""
    from connectors.export_files.form.form import is_made_of_a_file
    from connectors.survey.design import parse_design

    record = run.record
    record.form_version = design.version
    told = last_told_form(run.vault, design.survey_id)
    if told is None or told[0] == design.version:
        return
    before = parse_design(told[1])
    if is_made_of_a_file(before) or is_made_of_a_file(design):
        return  # what a file shows of a form isn't the form
    record.drift = changes(before, design, fields, run.settings.role_groups)
    for sentence in record.drift[:MOST_TOLD]:
        run.warn(sentence)
    if (more := len(record.drift) - MOST_TOLD) > 0:
        run.warn(f"And {more:,} more changes of the form: {record.run_id}.json lists all under drift.")


def survey_form(run: RunContext, platform: Platform) -> SurveyForm:
    """Fetch the form's design, keep a new version and tell what has changed."""
    design = platform.client.design(platform.survey_id)
    marks.set_mark(run.vault, "survey", design.survey_id)
    keep_design(run, design)
    marks.set_mark(run.vault, f"design of {design.survey_id}", design.version)
    return settle_form(run, design)


def keep_design(run: RunContext, design: SurveyDesign, *, is_in_force: bool = True) -> None:
    """Keep a version of the form; one that is not in force is known, and changes nothing."""
    designs.load_design(
        run.vault,
        survey=_survey_row(design),
        questions=_question_rows(design),
        options=_option_rows(design),
        seen_at=run.now(),
        run_id=run.run_id,
        is_in_force=is_in_force,
    )


def _survey_row(design: SurveyDesign) -> dict[str, Any]:
    return {
        "survey_id": design.survey_id,
        "version": design.version,
        "title": design.title,
        "wording": design.wording,
        "body": design.text,
        "created_at": design.created_at,
    }


def _question_rows(design: SurveyDesign) -> list[Mapping[str, Any]]:
    return [
        {name: getattr(question, name) for name in designs.QUESTION_COLUMNS} for question in design.questions
    ]


def _option_rows(design: SurveyDesign) -> list[Mapping[str, Any]]:
    columns = designs.OPTION_COLUMNS[1:]
    return [
        {"question_id": question.question_id, **{name: getattr(option, name) for name in columns}}
        for question in design.questions
        for option in question.options
    ]
