"""`pledge import`: export files into the same warehouse, by the same steps as a night but for the first ones.

All files are read and understood before anything is written: one that is refused leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.reading import read_export
from flows.decide import audit, build, check_incoming, stage
from flows.form import settle_form
from flows.gather import keep_design
from flows.night import Clock, now_in_utc, open_night, timed
from flows.record import COMPLETE
from flows.tell import publish, tell
from warehouse import load
from warehouse.stage import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from connectors.contract import SurveyDesign
    from connectors.export_files.reading import Export
    from flows.night import Night
    from flows.progress import Progress
    from flows.record import RunRecord
    from flows.settings import Settings

FILE = "file"
UNNAMED_SURVEY = "export"  # of a pledge that no setting and no night has named yet
AT_ONCE = 2_000  # responses in one transaction


@dataclass(slots=True)
class Files:
    """What is to be imported, and what was understood of it.

    zone: of the files' dates. order: ``day-first``, ``month-first`` or None: worked out.
    is_answers_only: any survey, its answers kept and nobody counted.
    replaces: the files are the whole truth: what earlier files alone gave and these don't is withdrawn.
    """

    paths: Sequence[Path]
    zone: ZoneInfo
    order: str | None = None
    is_answers_only: bool = False
    replaces: bool = False
    exports: list[Export] = field(default_factory=list)


def the_import(do: Callable[[Callable[[Night], None]], None], *, is_answers_only: bool) -> None:
    """All steps in order, each through *do*."""
    do(read_files)
    do(know_form)
    do(take_in)
    do(stage)
    if is_answers_only:
        do(build)
        do(tell_answers)
        return
    do(check_incoming)
    do(build)
    do(audit)
    do(publish)
    do(tell)


def run_import(settings: Settings, files: Files, progress: Progress, *, now: Clock = now_in_utc) -> RunRecord:
    """Import the files; the record is kept like a night's.

    Raises:
        ExportRefusedError: a file can't be taken; nothing of any was.
        PledgeError, WarehouseError, CheckError: as a night's.
    """
    with open_night(settings, command="import", progress=progress, now=now) as night:
        night.files = files
        the_import(lambda step: timed(night, step), is_answers_only=files.is_answers_only)
    return night.record


def read_files(night: Night) -> None:
    """Read the files and work out what their columns hold."""
    understand(night.files, known_design(night.vault, night.settings, night.files), night.record.files)
    for export in night.files.exports:
        for sentence in export.notes:
            night.warn(sentence)


def understand(files: Files, known: tuple[str, SurveyDesign | None], told: list[dict[str, Any]]) -> None:
    """Read all files; *told* gets an entry for each table, refused ones too.

    Raises:
        ExportRefusedError: one or more can't be taken; the sentence is the first one's.
    """
    survey_id, design = known
    refused: list[ExportRefusedError] = []
    for path in files.paths:
        try:
            export = read_export(
                path,
                survey_id=None if files.is_answers_only else survey_id,
                known=design,
                zone=files.zone,
                order=files.order,
                needs_dates=not files.is_answers_only,
            )
        except ExportRefusedError as error:
            refused.append(error)
            told.append(_told_refused(path.name, str(error)))
        else:
            files.exports.append(export)
            told.append(_told(export))
    if refused:
        more = f" So are {len(refused) - 1} more files." if len(refused) > 1 else ""
        raise ExportRefusedError(f"{refused[0]}{more} Nothing was imported.")
    _refuse_halves(files.exports)


def _refuse_halves(exports: Sequence[Export]) -> None:
    """Taken one after the other, the second half of a response would take the place of the first."""
    for one, other in combinations(exports, 2):
        asked = [{question.question_id for question in export.form.questions} for export in (one, other)]
        if asked[0].isdisjoint(asked[1]) and not set(one.ids).isdisjoint(other.ids):
            raise ExportRefusedError(
                f"{one.name} and {other.name} hold the same respondents under other questions. Put both into "
                "one ZIP and import that: then they are joined. Nothing was imported."
            )


def _told(export: Export) -> dict[str, Any]:
    return {
        "name": export.name,
        "encoding": export.encoding,
        "layout": export.layout,
        "rows_read": export.n_rows,
        "responses": len(export.ids),
        "answers": export.n_answers,
        "held_back": len(export.damaged),
        "refused": None,
    }


def _told_refused(name: str, reason: str) -> dict[str, Any]:
    unknown = dict.fromkeys(("encoding", "layout"))
    return {
        "name": name,
        **unknown,
        "rows_read": 0,
        "responses": 0,
        "answers": 0,
        "held_back": 0,
        "refused": reason,
    }


def known_design(vault: Any, settings: Settings, files: Files) -> tuple[str, SurveyDesign | None]:
    """The survey that the files are of, and its design as it was last seen; None if it never was."""
    from connectors.surveymonkey.design import parse_design

    last_survey, version = load.last_form(vault) if vault else ("", "")
    survey_id = settings.survey_id or last_survey or UNNAMED_SURVEY
    if files.is_answers_only or survey_id != last_survey:
        return survey_id, None
    text = load.design_text(vault, survey_id, version)
    return survey_id, parse_design(text) if text else None


def know_form(night: Night) -> None:
    """Keep the form as the files show it, unless the platform's own is known."""
    files = night.files
    survey_id, design = known_design(night.vault, night.settings, files)
    is_platforms = design is not None and any(question.page_id != FILE for question in design.questions)
    for export in files.exports:
        keep_design(night, export.form.design, is_in_force=not is_platforms)
    if files.is_answers_only:
        night.form = _pledge_form(night)
        return
    night.survey_id = survey_id
    night.design = design if design is not None and is_platforms else files.exports[-1].form.design
    load.set_mark(night.vault, "survey", survey_id)
    load.set_mark(night.vault, f"design of {survey_id}", night.design.version)
    night.form = settle_form(night)


def _pledge_form(night: Night) -> Form:
    """The pledge's form where one is known, so that what is staged of it stays as it is."""
    from connectors.surveymonkey.design import parse_design

    survey_id, version = load.last_form(night.vault)
    text = load.design_text(night.vault, survey_id, version)
    night.survey_id = survey_id
    if not text:
        return Form("", "")
    night.design = parse_design(text)
    return settle_form(night)


def take_in(night: Night) -> None:
    """Keep each record as a response, unless it was withdrawn at the platform."""
    record = night.record
    for export in night.files.exports:
        withdrawn = load.withdrawn_among(night.vault, export.ids)
        if withdrawn:
            night.warn(
                f"{export.name}: {len(withdrawn):,} responses were withdrawn before, so they stay out."
            )
        _load(night, export, withdrawn)
        record.responses_seen += len(export.ids)
        night.progress.say(f"Took in {len(export.ids):,} responses of {export.name}.")
    if night.files.replaces:
        gone = left_out(night.vault, night.files, night.survey_id)
        load.withdraw(night.vault, gone, noticed_at=night.now(), run_id=night.run_id)
        record.responses_withdrawn = len(gone)
        night.progress.say(f"Withdrew {len(gone):,} responses that earlier files held and these don't.")
    record.responses_new, record.responses_changed = load.count_received(night.vault, night.run_id)
    night.is_walk_whole = True
    known = (record.fresh_as_of, *(one for export in night.files.exports for one in export.modified))
    night.fresh_as_of = max((one for one in known if one), default=record.started_at)


def left_out(vault: Any, files: Files, survey_id: str) -> list[str]:
    """Ids that earlier files alone gave, and that are in none of these."""
    there = {response_id for export in files.exports for response_id in export.ids}
    return sorted(load.ids_from_files_alone(vault, survey_id) - there)


def _load(night: Night, export: Export, withdrawn: set[str]) -> None:
    ids: list[str] = []
    texts: list[str] = []

    def keep() -> None:
        load.load_responses(
            night.vault,
            survey_id=export.form.design.survey_id,
            ids=ids,
            bodies=texts,
            source=FILE,
            run_id=night.run_id,
            fetched_at=night.now(),
            cursor=None,
        )
        ids.clear()
        texts.clear()

    for response_id, text in zip(export.ids, export.bodies(), strict=True):
        if response_id not in withdrawn:
            ids.append(response_id)
            texts.append(text)
        if len(ids) >= AT_ONCE:
            keep()
    keep()
    night.boundary("file taken in")


def tell_answers(night: Night) -> None:
    """Say what was taken in; nobody is counted, so nothing is published."""
    night.record.state = COMPLETE
