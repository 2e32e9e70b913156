"""Each record of the files kept as a response."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.export_files.reader import Export
from flows.output import counted
from flows.run.context import ImportOptions, RunContext, SurveyForm, Walk
from warehouse import failpoints
from warehouse.ingest import export_files, responses

FILE = "file"


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
        source=FILE,
        run_id=run.run_id,
        fetched_at=run.now(),
        progress=lambda n: run.progress.far(f"{n:,} responses"),
    )
    failpoints.reached("file taken in")
