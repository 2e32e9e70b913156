"""The last part of a run: publish, and say what happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flows.run.record import COMPLETE, PARTIAL, UNCHANGED
from flows.settings.environment import make_open_folder
from warehouse.database import marks
from warehouse.ingest.runs import write_run
from warehouse.queries import figures
from warehouse.releases import kept
from warehouse.releases import publish as publishing

if TYPE_CHECKING:
    from flows.run.context import RunContext


TO_GO = "editions to go"  # a mark: what is published next is all that is to be kept


def publish(run: RunContext) -> None:
    """Put the new figures where readers find them."""
    record = run.record
    if run.is_walk_whole:
        record.fresh_as_of = run.fresh_as_of or record.started_at
    if not run.is_walk_whole or not run.is_new_content:
        return
    edition = kept.Edition(
        run_id=run.run_id,
        published_at=run.now(),
        fresh_as_of=datetime.fromisoformat(record.fresh_as_of or record.started_at),
        survey_title=run.design.title,
        n_seen=figures.n_seen(run.vault, run.survey_id),
    )
    settings = run.settings
    record.requests = run.calls_made
    write_run(run.vault, record.as_json())  # the file lists this run too, with what it has done so far
    make_open_folder(settings.published_folder / publishing.KEPT_FOLDER)
    path = publishing.publish(
        run.vault,
        run.form,
        edition,
        settings.published_folder,
        keep=settings.keep,
        boundary=run.boundary,
    )
    record.published = str(path)
    if marks.mark(run.vault, TO_GO):
        kept.forget_earlier(settings.published_folder)
        marks.drop_mark(run.vault, TO_GO)
    run.progress.say(f"Published {path}")


def tell(run: RunContext) -> None:
    """Write down and say what the night did."""
    record = run.record
    if run.put_off:
        record.state = PARTIAL
        run.warn(run.put_off)
    elif record.published:
        record.state = COMPLETE
    else:
        record.state = UNCHANGED
        run.progress.say("Nothing has changed since the last published file; it stays.")
