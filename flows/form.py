"""The form that a night meets: which questions it goes by, and what has changed since that was last told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connectors.contract import FieldRef
from connectors.drift import changes
from connectors.errors import FieldsError
from connectors.fields import find_fields
from warehouse import load
from warehouse.ledger import last_told_form
from warehouse.stage import Form

if TYPE_CHECKING:
    from connectors.contract import FieldMap
    from flows.night import Night

MOST_TOLD = 20  # changes told one by one; the run record has them all


def settle_form(night: Night) -> Form:
    """The form as the warehouse takes it; what has changed on it is told, whether it can be settled or not.

    The questions that gave email, name and role are remembered from night to night, so that answers
    given to them go on counting when they leave the form.

    Raises:
        FieldsError: no question, or more than one, could hold a field.
    """
    mark = f"fields of {night.survey_id}"
    remembered = [
        (field, FieldRef(question_id, row_id))
        for field, question_id, row_id in json.loads(load.mark(night.vault, mark) or "[]")
    ]
    try:
        fields = find_fields(night.design, night.settings.questions, remembered)
    except FieldsError:
        _tell_changes(night, None)
        raise
    _tell_changes(night, fields)
    for note in fields.notes:
        night.warn(note)
    places = tuple((field, ref.question_id, ref.row_id) for field, ref in fields.places)
    load.set_mark(night.vault, mark, json.dumps(places))
    return Form(
        survey_id=night.survey_id,
        version=night.design.version,
        fields=places,
        role_groups=dict(night.settings.role_groups),
    )


def _tell_changes(night: Night, fields: FieldMap | None) -> None:
    """Tell what has changed on the form since the last finished night; of the first night nothing."""
    from connectors.export_files.form import is_made_of_a_file
    from connectors.surveymonkey.design import parse_design

    record, design = night.record, night.design
    record.form_version = design.version
    told = last_told_form(night.vault, night.survey_id)
    if told is None or told[0] == design.version:
        return
    before = parse_design(told[1])
    if is_made_of_a_file(before) or is_made_of_a_file(design):
        return  # what a file shows of a form isn't the form
    found = changes(before, design, fields, night.settings.role_groups)
    record.drift = [change.sentence for change in found]
    for sentence in record.drift[:MOST_TOLD]:
        night.warn(sentence)
    if len(found) > MOST_TOLD:
        more = len(found) - MOST_TOLD
        night.warn(f"And {more:,} more changes of the form: {record.run_id}.json lists all under drift.")
