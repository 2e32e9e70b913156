"""The files of an import, read and understood before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.export_files.errors import ExportRefusedError
from connectors.export_files.files.size_limits import shown_name
from connectors.export_files.form.form import with_earlier_choices
from connectors.export_files.reader import read_export
from connectors.survey.design import parse_design
from flows.errors import SettingsError
from flows.output import counted
from flows.steps.file_refusals import refuse_halves, refuse_others
from flows.steps.retention import why_nothing_comes_in
from warehouse.ingest.designs import design_texts, last_form
from warehouse.ingest.export_files import times_apart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from connectors.export_files.reader import Export
    from connectors.survey.contract import SurveyDesign
    from flows.run.context import ImportOptions, RunContext


def read_files(run: RunContext, files: ImportOptions, is_final: bool) -> list[Export]:
    """Read the files and work out what their columns hold.

    Raises:
        SettingsError: the pledge's names were erased, and the files would bring them back.
        ExportRefusedError: one or more can't be taken; the sentence is the first one's.
    """
    if is_final and not files.is_answers_only:
        raise SettingsError(f"{why_nothing_comes_in(run)} Nothing was imported.")
    known = known_design(run.vault, run.settings.survey_id, files)
    exports = understand(files, known, run.record.files)
    refuse_others(run.vault, files, exports)
    for export in exports:
        for sentence in (*export.notes, *_note_on_zone(run.vault, export, files.zone)):
            run.warn(sentence)
    return exports


def _note_on_zone(vault: Any, export: Export, zone: ZoneInfo) -> Iterator[str]:
    """That the file's times may have been read in a wrong time zone, if they look so beside what is here."""
    if found := times_apart(vault, export.ids, export.modified):
        minutes, n_apart, n_known = found
        apart = f"{abs(minutes) / 60:g} hours {'later' if minutes > 0 else 'earlier'}"
        yield (
            f"{export.name}: by the clock of {zone.key}, {n_apart:,} of {counted(n_known, 'response')} known "
            f"already were changed {apart} than is known, as clocks of two time zones differ. What the "
            "platform gave counts all the same. See that --timezone is that of the account which exported, "
            "here and in earlier imports; docs/operations.md says how to undo one."
        )


def understand(
    files: ImportOptions, known: tuple[str, SurveyDesign | None], told: list[dict[str, Any]]
) -> list[Export]:
    """Read all files; *told* gets an entry for each table, refused ones too.

    Raises:
        ExportRefusedError: one or more can't be taken; the sentence is the first one's.
    """
    exports: list[Export] = []
    refused: list[ExportRefusedError] = []
    for path in files.paths:
        try:
            export = _read(path, files, *known)
        except ExportRefusedError as error:
            refused.append(error)
            told.append(_told_refused(shown_name(path), str(error)))
        else:
            exports.append(export)
            told.append(_told(export))
    if refused:
        more = f" Refused as well: {len(refused) - 1:,}." if len(refused) > 1 else ""
        raise ExportRefusedError(f"{refused[0]}{more} Nothing was imported.")
    refuse_halves(exports)
    if len(exports) > 1 and not files.is_answers_only:
        return _learnt_from_each_other(files, exports, *known)
    return exports


def _read(path: Path, files: ImportOptions, survey_id: str, known: SurveyDesign | None) -> Export:
    return read_export(
        path,
        survey_id=None if files.is_answers_only else survey_id,
        known=known,
        zone=files.zone,
        order=files.order,
        needs_dates=not files.is_answers_only,
    )


def _learnt_from_each_other(
    files: ImportOptions, exports: list[Export], survey_id: str, known: SurveyDesign | None
) -> list[Export]:
    """What is a choice in one file is no person's own words in another: such a file is read again."""
    shown = [export.form.design for export in exports]
    return [
        _read(path, files, survey_id, with_earlier_choices([known or export.form.design, *shown]))
        if export.form.n_own_words
        else export
        for path, export in zip(files.paths, exports, strict=True)
    ]


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


def known_design(
    vault: Any, survey_id_set: str | None, files: ImportOptions
) -> tuple[str, SurveyDesign | None]:
    """The survey that the files are of, and its design as it was last seen; None if it never was."""
    last_survey, _ = last_form(vault)
    survey_id = survey_id_set or last_survey
    if files.is_answers_only:
        return "", None
    if not survey_id:
        raise SettingsError(
            "Whose responses are these? Set PLEDGE_SURVEY_ID to the survey's number, which stands in the "
            "address of its pages at SurveyMonkey; --answers-only needs none."
        )
    return survey_id, _last_design(vault, survey_id)


def _last_design(vault: Any, survey_id: str) -> SurveyDesign | None:
    """The design in force, what its choices were called earlier too; None if the survey was never seen."""
    designs = [parse_design(text) for text in design_texts(vault, survey_id)]
    return with_earlier_choices(designs) if designs else None
