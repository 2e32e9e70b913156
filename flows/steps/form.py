"""The form that a run goes by, as the platform, the vault or files have it, and what has changed in it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from connectors.errors import FieldsError
from connectors.export_files.form.form import is_made_of_a_file, together
from connectors.export_files.reader import Export
from connectors.survey.contract import FieldMap, FieldRef, SurveyDesign
from connectors.survey.design import parse_design
from connectors.survey.fields import find_fields
from connectors.survey.form_changes import changes
from flows.errors import SettingsError
from flows.run.context import ImportOptions, Platform, RunContext, SurveyForm, Walk
from flows.steps.files import known_design, refuse_strange
from flows.steps.retention import why_nothing_comes_in
from warehouse.database import marks
from warehouse.ingest import designs, responses
from warehouse.ingest.erased_people import is_final
from warehouse.ingest.runs import last_told_form
from warehouse.transform.stage import Breakdown, Form, PledgeText

MOST_TOLD = 20  # changes told one by one; the run record has them all


def survey_form(run: RunContext, platform: Platform) -> SurveyForm:
    """Fetch the form's design, keep a new version and tell what has changed."""
    design = platform.client.design(platform.survey_id)
    marks.set_mark(run.vault, "survey", design.survey_id)
    keep_design(run, design)
    marks.set_mark(run.vault, f"design of {design.survey_id}", design.version)
    return settle_form(run, design)


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


def settle_form(run: RunContext, design: SurveyDesign) -> SurveyForm:
    """The form as the warehouse takes it; what has changed on it is told, whether it can be settled or not.

    The questions that gave email, name and role are remembered from night to night, so that answers
    given to them go on counting when they leave the form.

    Raises:
        FieldsError: no question, or more than one, could hold a field.
        SettingsError: a breakdown is about a question that can't be one.
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
    breakdowns = _breakdowns(run, design, places)
    marks.set_mark(run.vault, mark, json.dumps(places))
    form = Form(
        survey_id=design.survey_id,
        version=design.version,
        fields=places,
        role_groups=dict(run.settings.role_groups),
        pledge_texts=tuple(pledge_texts(run.vault, design.survey_id)),
        breakdowns=breakdowns,
    )
    return SurveyForm(design, form)


def pledge_texts(vault: Any, survey_id: str) -> Iterator[PledgeText]:
    """What people sign on each version of the form; a form that only a file showed has no such text."""
    for version, body in designs.bodies_in_force(vault, survey_id):
        design = parse_design(body)
        if not is_made_of_a_file(design):
            yield PledgeText(version, design.pledge_text, design.modified_at, design.created_at)


def _breakdowns(
    run: RunContext, design: SurveyDesign, fields: Sequence[tuple[str, str, str | None]]
) -> tuple[Breakdown, ...]:
    """The breakdowns of the settings, held against the form and those before it."""
    if not run.settings.breakdowns:
        return ()
    from flows.settings.breakdowns import settled_breakdowns

    known = [parse_design(text) for text in designs.design_texts(run.vault, design.survey_id)]
    earlier = [one for one in known if one.version != design.version]
    return settled_breakdowns(run.settings.breakdowns, [design, *earlier], fields)


def _tell_changes(run: RunContext, design: SurveyDesign, fields: FieldMap | None) -> None:
    """Tell what has changed on the form since the last finished night; of the first night nothing."""
    record = run.record
    record.form_version = design.version
    last = last_told_form(run.vault, design.survey_id)
    if last is None or last[0] == design.version:
        return
    before = parse_design(last[1])
    if is_made_of_a_file(before) or is_made_of_a_file(design):
        return  # what a file shows of a form isn't the form
    record.drift = changes(before, design, fields, run.settings.role_groups)
    for sentence in record.drift[:MOST_TOLD]:
        run.warn(sentence)
    if (more := len(record.drift) - MOST_TOLD) > 0:
        run.warn(f"And {more:,} more changes of the form: {record.run_id}.json lists all under drift.")


def keep_design(run: RunContext, design: SurveyDesign, *, is_in_force: bool = True) -> None:
    """Keep a version of the form; one that is not in force is known, and changes nothing."""
    designs.load_design(
        run.vault, **design_rows(design), seen_at=run.now(), run_id=run.run_id, is_in_force=is_in_force
    )


def design_rows(design: SurveyDesign) -> dict[str, Any]:
    """The design as `warehouse.ingest.designs.load_design` takes it."""
    of_survey = ("survey_id", "version", "title", "wording", "created_at")
    columns = designs.OPTION_COLUMNS[1:]  # the first is the question's
    return {
        "survey": {name: getattr(design, name) for name in of_survey} | {"body": design.text},
        "questions": [
            {name: getattr(one, name) for name in designs.QUESTION_COLUMNS} for one in design.questions
        ],
        "options": [
            {"question_id": question.question_id, **{name: getattr(option, name) for name in columns}}
            for question in design.questions
            for option in question.options
        ],
    }
