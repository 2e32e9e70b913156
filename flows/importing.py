"""`pledge import`: export files into the same warehouse, by the same steps as a night but for the first ones.

All files are read and understood before anything is written: one that is refused leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.form import together, with_earlier_choices
from connectors.export_files.reading import read_export
from connectors.export_files.source import shown_name
from flows.ahead import ahead
from flows.decide import audit, build, check_incoming, stage
from flows.errors import SettingsError, StoppedError, is_stop
from flows.form import settle_form
from flows.gather import keep_design
from flows.import_refusals import refuse_halves, refuse_others, refuse_strange
from flows.night import Clock, now_in_utc, open_night, timed
from flows.plural import counted
from flows.record import COMPLETE
from flows.retention import refuse_more
from flows.tell import publish, tell
from flows.wrong_zone import refuse_wrong_zone
from warehouse import load, load_file
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
STOPPED_IMPORT = (
    "Told to stop; what was taken in is kept. Import the same files again: the rest is taken in then, and "
    "all of it decided and published."
)


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


def the_import(do: Callable[[Callable[[Night], None]], None], files: Files) -> None:
    """All steps in order, each through *do*; what is decided of answers alone is left to the next night."""
    do(read_files)
    do(know_form)
    do(take_in)
    do(stage)
    if files.is_answers_only:
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
        StoppedError: with what an import has to say of it.
        PledgeError, WarehouseError, CheckError: as a night's.
    """
    with open_night(settings, command="import", progress=progress, now=now) as night:
        night.files = files
        try:
            the_import(lambda step: timed(night, step), files)
        except BaseException as error:
            if is_stop(error):
                raise StoppedError(STOPPED_IMPORT) from None
            raise
    return night.record


def read_files(night: Night) -> None:
    """Read the files and work out what their columns hold."""
    if not night.files.is_answers_only:
        refuse_more(night)
    understand(night.files, known_design(night.vault, night.settings, night.files), night.record.files)
    refuse_others(night.vault, night.files)
    refuse_wrong_zone(night.vault, night.files)
    for export in night.files.exports:
        for sentence in export.notes:
            night.warn(sentence)


def understand(files: Files, known: tuple[str, SurveyDesign | None], told: list[dict[str, Any]]) -> None:
    """Read all files; *told* gets an entry for each table, refused ones too.

    Raises:
        ExportRefusedError: one or more can't be taken; the sentence is the first one's.
    """
    refused: list[ExportRefusedError] = []
    for path in files.paths:
        try:
            export = _read(path, files, *known)
        except ExportRefusedError as error:
            refused.append(error)
            told.append(_told_refused(shown_name(path), str(error)))
        else:
            files.exports.append(export)
            told.append(_told(export))
    if refused:
        more = f" Refused as well: {len(refused) - 1:,}." if len(refused) > 1 else ""
        raise ExportRefusedError(f"{refused[0]}{more} Nothing was imported.")
    refuse_halves(files.exports)
    if len(files.exports) > 1 and not files.is_answers_only:
        _learn_from_each_other(files, *known)


def _read(path: Path, files: Files, survey_id: str, known: SurveyDesign | None) -> Export:
    return read_export(
        path,
        survey_id=None if files.is_answers_only else survey_id,
        known=known,
        zone=files.zone,
        order=files.order,
        needs_dates=not files.is_answers_only,
    )


def _learn_from_each_other(files: Files, survey_id: str, known: SurveyDesign | None) -> None:
    """What is a choice in one file is no person's own words in another: such a file is read again."""
    shown = [export.form.design for export in files.exports]
    for at, (path, export) in enumerate(zip(files.paths, files.exports, strict=True)):
        if export.form.n_own_words:
            designs = [known or export.form.design, *shown]
            files.exports[at] = _read(path, files, survey_id, with_earlier_choices(designs))


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
    last_survey, _ = load.last_form(vault) if vault else ("", "")
    survey_id = settings.survey_id or last_survey
    if files.is_answers_only:
        return "", None
    if not survey_id:
        raise SettingsError(
            "Whose responses are these? Set PLEDGE_SURVEY_ID to the survey's number, which stands in the "
            "address of its pages at SurveyMonkey; --answers-only needs none."
        )
    return survey_id, _last_design(vault, survey_id) if vault else None


def _last_design(vault: Any, survey_id: str) -> SurveyDesign | None:
    """The design in force, what its choices were called earlier too; None if the survey was never seen."""
    from connectors.surveymonkey.design import parse_design

    designs = [parse_design(text) for text in load.design_texts(vault, survey_id)]
    return with_earlier_choices(designs) if designs else None


def know_form(night: Night) -> None:
    """Keep the form as the files show it, unless the platform's own is known."""
    files = night.files
    if files.is_answers_only:
        for export in files.exports:
            keep_design(night, export.form.design)
        night.form = form_of_the_vault(night)
        return
    night.survey_id, _ = known_design(night.vault, night.settings, files)
    of_the_platform = _platforms_design(night)
    of_the_files = together([export.form.design for export in files.exports])
    night.design = of_the_platform or of_the_files
    night.form = settle_form(night)
    for export in files.exports:
        refuse_strange(export, night.form)
    keep_design(night, of_the_files, is_in_force=of_the_platform is None)
    load.set_mark(night.vault, "survey", night.survey_id)
    load.set_mark(night.vault, f"design of {night.survey_id}", night.design.version)


def _platforms_design(night: Night) -> SurveyDesign | None:
    from connectors.export_files.form import is_made_of_a_file
    from connectors.surveymonkey.design import parse_design

    texts = load.design_texts(night.vault, night.survey_id)
    design = parse_design(texts[0]) if texts else None
    return None if design is None or is_made_of_a_file(design) else design


def form_of_the_vault(night: Night) -> Form:
    """The pledge's form where one is known, so that what is staged of it stays as it is."""
    from connectors.surveymonkey.design import parse_design

    night.survey_id, _ = load.last_form(night.vault)
    texts = load.design_texts(night.vault, night.survey_id)
    if not texts:
        return Form("", "")
    night.design = parse_design(texts[0])
    return settle_form(night)


def take_in(night: Night) -> None:
    """Keep each record as a response, unless it was withdrawn at the platform."""
    record = night.record
    exports = night.files.exports
    for number, export in enumerate(exports, start=1):
        withdrawn = load_file.withdrawn_among(night.vault, export.ids)
        if withdrawn:
            n = counted(len(withdrawn), "response")
            night.warn(f"{export.name}: withdrawn at the platform before, so left out: {n}.")
        _load(night, export, withdrawn, later=exports[number:])
        record.responses_seen += len(export.ids)
        night.progress.say(f"Took in {counted(len(export.ids), 'response')} of {export.name}.")
    if night.files.replaces:
        gone = left_out(night.vault, night.files, night.survey_id)
        load.withdraw(night.vault, gone, noticed_at=night.now(), run_id=night.run_id)
        record.responses_withdrawn = len(gone)
        n = counted(len(gone), "response")
        night.progress.say(f"Withdrew {n} that earlier files held and these don't.")
    record.responses_new, record.responses_changed = load.count_received(night.vault, night.run_id)
    night.is_walk_whole = True
    known = (record.fresh_as_of, *(export.newest for export in night.files.exports))
    night.fresh_as_of = max((one for one in known if one), default=record.started_at)
    night.files.exports.clear()  # what was read is in the vault: the next steps need the room


def left_out(vault: Any, files: Files, survey_id: str) -> list[str]:
    """Ids that earlier files alone gave, and that are in none of these."""
    there = {response_id for export in files.exports for response_id in export.ids.to_pylist()}
    return sorted(load.ids_from_files_alone(vault, survey_id) - there)


def _load(night: Night, export: Export, withdrawn: set[str], later: Sequence[Export]) -> None:
    load_file.load_file(
        night.vault,
        ahead(export.batches(without=withdrawn)),
        ids=export.ids,
        told_again=[one.ids for one in later],
        survey_id=export.form.design.survey_id,
        source=FILE,
        run_id=night.run_id,
        fetched_at=night.now(),
        progress=lambda n: night.progress.far(f"{n:,} responses"),
    )
    night.boundary("file taken in")


def tell_answers(night: Night) -> None:
    """Say what was taken in; nobody is counted, so nothing is published."""
    night.record.state = COMPLETE
