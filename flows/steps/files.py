"""The files of an import: read and understood before anything is written, then kept as responses."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.errors import ExportRefusedError
from connectors.export_files.files.size_limits import shown_name
from connectors.export_files.form.form import holds_numbers_alone, with_earlier_choices
from connectors.export_files.reader import Export, read_export
from connectors.survey.contract import SurveyDesign
from connectors.survey.design import parse_design
from flows.errors import SettingsError
from flows.output import counted
from flows.run.context import ImportOptions, RunContext, SurveyForm, Walk
from flows.steps.retention import why_nothing_comes_in
from warehouse import failpoints
from warehouse.ingest import export_files, responses
from warehouse.ingest.designs import design_texts, last_form
from warehouse.ingest.export_files import times_apart
from warehouse.transform.stage import Form


def read_files(
    run: RunContext, files: ImportOptions, is_final: bool, understood: list[Export] | None = None
) -> list[Export]:
    """Read the files and work out what their columns hold.

    understood: filled with each file as it is read, to be shown even where another is refused.

    Raises:
        SettingsError: the pledge's names were erased, and the files would bring them back.
        ExportRefusedError: one or more can't be taken; the sentence is the first one's.
    """
    if is_final and not files.is_answers_only:
        raise SettingsError(f"{why_nothing_comes_in(run)} Nothing was imported.")
    known = known_design(run.vault, run.settings.survey_id, files)
    exports = [] if understood is None else understood
    understand(files, known, run.record.files, exports)
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
    files: ImportOptions,
    known: tuple[str, SurveyDesign | None],
    entries: list[dict[str, Any]],
    exports: list[Export],
) -> None:
    """Read all files into *exports*; *entries* gets one for each table, refused ones too.

    Raises:
        ExportRefusedError: one or more can't be taken; the sentence is the first one's.
    """
    refused: list[ExportRefusedError] = []
    for path in files.paths:
        try:
            export = _read(path, files, *known)
        except ExportRefusedError as error:
            refused.append(error)
            entries.append(_entry(shown_name(path), refused=str(error)))
        else:
            exports.append(export)
            entries.append(_entry(export.name, export))
    if refused:
        more = f" Refused as well: {len(refused) - 1:,}." if len(refused) > 1 else ""
        raise ExportRefusedError(f"{refused[0]}{more} Nothing was imported.")
    refuse_halves(exports)
    if len(exports) > 1 and not files.is_answers_only:
        exports[:] = _learnt_from_each_other(files, exports, *known)


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


def _entry(name: str, export: Export | None = None, refused: str | None = None) -> dict[str, Any]:
    """What the run's record says of a file."""
    return {
        "name": name,
        "encoding": export and export.encoding,
        "layout": export and export.layout,
        "rows_read": export.n_rows if export else 0,
        "responses": len(export.ids) if export else 0,
        "answers": export.n_answers if export else 0,
        "held_back": len(export.damaged) if export else 0,
        "refused": refused,
    }


def known_design(
    vault: Any, survey_id_set: str | None, files: ImportOptions
) -> tuple[str, SurveyDesign | None]:
    """The survey that the files are of, and its design in force, with what its choices were called earlier.

    None for the design if the survey was never seen.
    """
    last_survey, _ = last_form(vault)
    survey_id = survey_id_set or last_survey
    if files.is_answers_only:
        return "", None
    if not survey_id:
        raise SettingsError(
            "Whose responses are these? Set PLEDGE_SURVEY_ID to the survey's number, which stands in the "
            "address of its pages at SurveyMonkey; --answers-only needs none."
        )
    designs = [parse_design(text) for text in design_texts(vault, survey_id)]
    return survey_id, with_earlier_choices(designs) if designs else None


def refuse_halves(exports: Sequence[Export]) -> None:
    """Taken one after the other, the second half of a response would take the place of the first."""
    for one, other in combinations(exports, 2):
        asked = [{question.question_id for question in export.form.questions} for export in (one, other)]
        if asked[0].isdisjoint(asked[1]) and one.shares_an_id(other):
            raise ExportRefusedError(
                f"{one.name} and {other.name} hold the same respondents under other questions. Put both into "
                "one ZIP and import that: then they are joined. Nothing was imported."
            )


def refuse_others(vault: Any, files: ImportOptions, exports: Sequence[Export]) -> None:
    """One id under two surveys would be one response in one of them only."""
    for export in exports:
        n = export_files.held_elsewhere(vault, export.form.design.survey_id, export.ids)
        if n:
            advice = (
                "Leave --answers-only out" if files.is_answers_only else "See that PLEDGE_SURVEY_ID is right"
            )
            are = "is here already, as that" if n == 1 else "are here already, as those"
            raise ExportRefusedError(
                f"{export.name}: {n:,} of its responses {are} of another survey. "
                f"{advice}. Nothing was imported."
            )
    if files.replaces and not any(len(export.ids) for export in exports):
        raise ExportRefusedError(
            "--replace with files that hold no response would withdraw everybody. Nothing was imported."
        )


def refuse_strange(export: Export, form: Form) -> None:
    """A file of another survey, or one half of this one's, would take people's addresses from them."""
    asked = {question.question_id: question for question in export.form.questions}
    emails = {question_id for field, question_id, _ in form.fields if field == "email"}
    if not emails & asked.keys():
        raise ExportRefusedError(
            f"{export.name} doesn't hold the pledge's question for the email address, so nobody in it could "
            "be counted. See that it is an export of this survey, with all its questions; two halves go into "
            "one ZIP. Nothing was imported."
        )
    roles = {question_id for field, question_id, _ in form.fields if field == "role"}
    if any(holds_numbers_alone(asked[question_id]) for question_id in roles & asked.keys()):
        raise ExportRefusedError(
            f"{export.name} holds numbers where people chose a role, and the form that would tell what they "
            "mean isn't known. Export with “actual answer text”. Nothing was imported."
        )


def load_files(run: RunContext, files: ImportOptions, exports: list[Export], form: SurveyForm | None) -> Walk:
    """Keep each record as a response, unless it was withdrawn at the platform.

    exports: emptied at the end: what was read is in the vault then, and the next steps need the room.
    """
    record = run.record
    for number, export in enumerate(exports, start=1):
        withdrawn = export_files.withdrawn_among(run.vault, export.ids)
        if withdrawn:
            n = counted(len(withdrawn), "response")
            run.warn(f"{export.name}: withdrawn at the platform before, so left out: {n}.")
        _load(run, export, withdrawn, later=exports[number:])
        record.responses_seen += len(export.ids)
        run.progress.say(f"Took in {counted(len(export.ids), 'response')} of {export.name}.")
    if files.replaces and form:
        _withdraw_left_out(run, form.survey_id, exports)
    record.responses_new, record.responses_changed = responses.count_received(run.vault, run.run_id)
    known = (record.fresh_as_of, *(export.newest for export in exports))
    exports.clear()
    return Walk(is_whole=True, fresh_as_of=max((one for one in known if one), default=record.started_at))


def _withdraw_left_out(run: RunContext, survey_id: str, exports: Sequence[Export]) -> None:
    """Withdraw what earlier files alone gave, and none of these holds."""
    there = {response_id for export in exports for response_id in export.ids.to_pylist()}
    gone = sorted(responses.ids_from_files_alone(run.vault, survey_id) - there)
    responses.withdraw(run.vault, gone, noticed_at=run.now(), run_id=run.run_id)
    run.record.responses_withdrawn = len(gone)
    run.progress.say(f"Withdrew {counted(len(gone), 'response')} that earlier files held and these don't.")


def _load(run: RunContext, export: Export, withdrawn: set[str], later: Sequence[Export]) -> None:
    export_files.load_file(
        run.vault,
        export.batches(without=withdrawn),
        ids=export.ids,
        told_again=[one.ids for one in later],
        survey_id=export.form.design.survey_id,
        source="file",
        run_id=run.run_id,
        fetched_at=run.now(),
        progress=lambda n: run.progress.far(f"{n:,} responses"),
    )
    failpoints.reached("file taken in")
