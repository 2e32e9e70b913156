"""The last part of a night: publish, and say what happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flows.record import COMPLETE, PARTIAL, UNCHANGED
from flows.surroundings import make_open_folder
from warehouse import load, read
from warehouse import publish as publishing
from warehouse.ledger import write_run

if TYPE_CHECKING:
    from flows.night import Night

TO_GO = "editions to go"  # a mark: what is published next is all that is to be kept


def publish(night: Night) -> None:
    """Put the new figures where readers find them."""
    record = night.record
    if night.is_walk_whole:
        record.fresh_as_of = night.fresh_as_of or record.started_at
    if not night.is_walk_whole or not night.is_new_content:
        return
    edition = publishing.Edition(
        run_id=night.run_id,
        published_at=night.now(),
        fresh_as_of=datetime.fromisoformat(record.fresh_as_of or record.started_at),
        survey_title=night.design.title,
        n_seen=read.n_seen(night.vault, night.survey_id),
    )
    settings = night.settings
    record.requests = night.calls_made
    write_run(night.vault, record.as_json())  # the file lists this run too, with what it has done so far
    make_open_folder(settings.published_folder / publishing.KEPT_FOLDER)
    path = publishing.publish(
        night.vault,
        night.form,
        edition,
        settings.published_folder,
        keep=settings.keep,
        boundary=night.boundary,
    )
    record.published = str(path)
    if load.mark(night.vault, TO_GO):
        publishing.forget_earlier(settings.published_folder)
        load.drop_mark(night.vault, TO_GO)
    night.progress.say(f"Published {path}")


def tell(night: Night) -> None:
    """Write down and say what the night did."""
    record = night.record
    if night.put_off:
        record.state = PARTIAL
        night.warn(night.put_off)
    elif record.published:
        record.state = COMPLETE
    else:
        record.state = UNCHANGED
        night.progress.say("Nothing has changed since the last published file; it stays.")
