"""Questions by whose choices the signatories are counted: [[breakdowns]] in `pledge.toml`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from connectors.survey.contract import Question, SurveyDesign
from flows.errors import SettingsError
from flows.settings.question_refs import HEADING_CHARACTERS, MOST_CANDIDATES, places_of
from reports.figures import slug_of
from warehouse.transform.stage import Breakdown

KEYS = ("name", "question")
SINGLE_CHOICE = "single_choice"  # radio buttons or a menu


@dataclass(frozen=True, slots=True)
class WantedBreakdown:
    """One block: what readers see as heading, and ``id:…`` or the beginning of the question's heading."""

    name: str
    question: str


def read_breakdowns(tables: object) -> tuple[WantedBreakdown, ...]:
    """What stands under [[breakdowns]], in that order.

    Raises:
        SettingsError: one isn't as it must be; the sentence names it.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(
            "pledge.toml: breakdowns are written as [[breakdowns]], one such block for each question."
        )
    wanted = [_read(table, number) for number, table in enumerate(tables, 1)]
    slugs = [slug_of(one.name) for one in wanted]
    for one, slug in zip(wanted, slugs, strict=True):
        if not slug:
            _refuse(one.name, "needs a letter or a digit in its name, as files are called by it; add one")
        if slugs.count(slug) > 1:
            _refuse(one.name, f"is there more than once as “{slug}”; give each a name of its own")
    return tuple(wanted)


def _read(table: dict[str, object], number: int) -> WantedBreakdown:
    name = str(table.get("name") or f"number {number}")
    for key in KEYS:
        if key not in table:
            _refuse(name, f"lacks {key}; add it")
        if not isinstance(table[key], str) or not str(table[key]).strip():
            _refuse(name, f"has a {key} that is no text; write one in quotes")
    if unknown := sorted(set(table) - set(KEYS)):
        _refuse(name, f"has {', '.join(unknown)}, which a breakdown doesn't take; take it out")
    return WantedBreakdown(" ".join(name.split()), str(table["question"]).strip())


def settled_breakdowns(
    wanted: Sequence[WantedBreakdown],
    designs: Sequence[SurveyDesign],
    fields: Sequence[tuple[str, str, str | None]],
) -> tuple[Breakdown, ...]:
    """The breakdowns as the warehouse takes them.

    designs: the form now in force first, then those before it. fields: (field, question_id, row_id) of the
    questions for email, name and role.

    Raises:
        SettingsError: a question is on no form, is no single choice, or asks for the role.
    """
    questions = {one.question_id: one for design in reversed(designs) for one in design.questions}
    taken = {question_id: field for field, question_id, _ in fields}
    usable = {
        one.question_id: one
        for one in questions.values()
        if one.family == SINGLE_CHOICE and one.question_id not in taken
    }
    settled = []
    for one in wanted:
        subject = f"the breakdown “{one.name}” under [[breakdowns]]"
        ids = [question_id for question_id, _ in places_of(subject, one.question, designs)]
        first = questions[ids[0]]
        if first.question_id in taken:
            what = f"is about the question for the {taken[first.question_id]}"
            _refuse(one.name, f"{what}; {_candidates(designs[0], usable)}")
        if first.question_id not in usable:
            what = "is about a question of which people don't choose just one answer"
            _refuse(one.name, f"{what}; {_candidates(designs[0], usable)}")
        settled.append(Breakdown(one.name, first.heading, tuple(i for i in ids if i in usable)))
    return tuple(settled)


def _candidates(design: SurveyDesign, usable: dict[str, Question]) -> str:
    shown = [one for one in design.questions if one.is_visible and one.question_id in usable]
    if not shown:
        return "the form has no question that it could be about, so take it out"
    listed = (f"id:{one.question_id} “{one.heading[:HEADING_CHARACTERS]}”" for one in shown[:MOST_CANDIDATES])
    return f"name one of these: {', '.join(listed)}"


def _refuse(name: str, what: str) -> NoReturn:
    raise SettingsError(f"pledge.toml: the breakdown “{name}” under [[breakdowns]] {what}.")
