"""Each record of the files kept as a response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows.output import counted
from flows.run.record import COMPLETE
from warehouse.ingest import export_files, responses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.export_files.reader import Export
    from flows.run.context import Files, RunContext


FILE = "file"


def take_in(run: RunContext) -> None:
    """Keep each record as a response, unless it was withdrawn at the platform."""
    record = run.record
    exports = run.files.exports
    for number, export in enumerate(exports, start=1):
        withdrawn = export_files.withdrawn_among(run.vault, export.ids)
        if withdrawn:
            n = counted(len(withdrawn), "response")
            run.warn(f"{export.name}: withdrawn at the platform before, so left out: {n}.")
        _load(run, export, withdrawn, later=exports[number:])
        record.responses_seen += len(export.ids)
        run.progress.say(f"Took in {counted(len(export.ids), 'response')} of {export.name}.")
    if run.files.replaces:
        gone = left_out(run.vault, run.files, run.survey_id)
        responses.withdraw(run.vault, gone, noticed_at=run.now(), run_id=run.run_id)
        record.responses_withdrawn = len(gone)
        n = counted(len(gone), "response")
        run.progress.say(f"Withdrew {n} that earlier files held and these don't.")
    record.responses_new, record.responses_changed = responses.count_received(run.vault, run.run_id)
    run.is_walk_whole = True
    known = (record.fresh_as_of, *(export.newest for export in run.files.exports))
    run.fresh_as_of = max((one for one in known if one), default=record.started_at)
    run.files.exports.clear()  # what was read is in the vault: the next steps need the room


def left_out(vault: Any, files: Files, survey_id: str) -> list[str]:
    """Ids that earlier files alone gave, and that are in none of these."""
    there = {response_id for export in files.exports for response_id in export.ids.to_pylist()}
    return sorted(responses.ids_from_files_alone(vault, survey_id) - there)


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
    run.boundary("file taken in")


def tell_answers(run: RunContext) -> None:
    """Say what was taken in; nobody is counted, so nothing is published."""
    run.record.state = COMPLETE
