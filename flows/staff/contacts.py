"""`pledge contacts`: whom the house may write to, since the form asked and they said yes."""

import argparse
from collections.abc import Sequence
from typing import Any

from connectors.survey.contract import SurveyDesign
from connectors.survey.fields import folded
from flows.errors import SettingsError, UsageError
from flows.settings.model import SourceSettings
from flows.settings.question_refs import Place, places_of
from flows.staff.lists import list_people
from warehouse.ingest.designs import design_texts, last_form
from warehouse.privacy.erase_withdrawn import is_settled
from warehouse.queries import figures

COLUMNS = ("response_id", "name", "email", "agreed_at", "wording", "pledge_version")
MOST_CHOICES, MOST_CHARACTERS = 20, 40  # in a sentence


def contacts(options: argparse.Namespace, settings: SourceSettings) -> int:
    """Signatories who allowed it, with the wording that they agreed to; its use is recorded."""

    def find(vault: Any) -> list[dict[str, Any]]:
        if settings.contact_question is None:
            raise SettingsError(
                "By pledge.toml the form doesn't ask people whether they may be written to, so there is "
                "nobody to contact; if it does ask, name the question and the answers that mean yes under "
                "[contacts]."
            )
        if not is_settled(vault):
            raise UsageError(
                "Not all that came in is decided yet, so somebody's last word may be missing; "
                "run: pledge recount"
            )
        survey_id, _ = last_form(vault)
        places = _places(settings, design_texts(vault, survey_id))
        return figures.contacts(vault, survey_id, places, settings.contact_answers)

    return list_people(options, settings, COLUMNS, find, noun="people who may be written to")


def _places(settings: SourceSettings, texts: Sequence[str]) -> tuple[Place, ...]:
    """Where the question stands on any form that was in force."""
    from connectors.survey.design import parse_design

    if not texts:
        raise SettingsError(
            "No form of the pledge is known yet, so there is nobody to contact; run: pledge sync"
        )
    designs = [parse_design(text) for text in texts]
    places = places_of("[contacts] question", str(settings.contact_question), designs)
    choices = _choices(designs, {question_id for question_id, _ in places})
    known = {option_id for option_id, _ in choices} | {folded(text) for _, text in choices}
    strange = [one for one in settings.contact_answers if not {one, folded(one)} & known]
    if choices and strange:
        listed = ", ".join(f"{id_} “{text[:MOST_CHARACTERS]}”" for id_, text in choices[:MOST_CHOICES])
        raise SettingsError(
            f"pledge.toml: [contacts] answers has “{strange[0][:MOST_CHARACTERS]}”, which is no choice of "
            f"the question on any form that was seen; there are: {listed}."
        )
    return places


def _choices(designs: Sequence[SurveyDesign], question_ids: set[str]) -> list[tuple[str, str]]:
    """Id and text of each choice that the question ever had, those of the form now first."""
    found = [
        (option.option_id, option.text)
        for design in designs
        for question in design.questions
        if question.question_id in question_ids
        for option in question.options
        if option.kind in {"choice", "other"}
    ]
    return list(dict.fromkeys(found))
