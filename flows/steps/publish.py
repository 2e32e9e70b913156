"""The last part of a run: publish, and say what happened."""

from datetime import datetime
from pathlib import Path

from flows.run.context import RunContext, SurveyForm, Walk
from flows.run.record import COMPLETE, PARTIAL, UNCHANGED
from flows.settings.environment import make_open_folder
from warehouse.database import marks
from warehouse.ingest.runs import write_run
from warehouse.queries import figures
from warehouse.releases import publish as publishing
from warehouse.releases.kept import KEPT_FOLDER, Release, forget_earlier

TO_GO = "editions to go"  # a mark: what is published next is all that is to be kept


def publish(run: RunContext, form: SurveyForm, walk: Walk, is_new: bool) -> Path | None:
    """Put the new figures where readers find them.

    Returns the published file; None where the old one stays.
    """
    record = run.record
    if walk.is_whole:
        record.fresh_as_of = walk.fresh_as_of or record.started_at
    if not walk.is_whole or not is_new:
        return None
    release = Release(
        run_id=run.run_id,
        published_at=run.now(),
        fresh_as_of=datetime.fromisoformat(record.fresh_as_of or record.started_at),
        survey_title=form.design.title,
        n_seen=figures.n_seen(run.vault, form.survey_id),
    )
    folder = run.settings.published_folder
    write_run(run.vault, record.as_json())  # the file lists this run too, with what it has done so far
    make_open_folder(folder / KEPT_FOLDER)
    path = publishing.publish(run.vault, form.form, release, folder, keep=run.settings.keep)
    record.published = str(path)
    if marks.mark(run.vault, TO_GO):
        forget_earlier(folder)
        marks.drop_mark(run.vault, TO_GO)
    run.progress.say(f"Published {path}")
    return path


def finish(run: RunContext, walk: Walk, published: Path | None) -> None:
    """Write down and say what the run did."""
    record = run.record
    if walk.put_off:
        record.state = PARTIAL
        run.warn(walk.put_off)
    elif published:
        record.state = COMPLETE
    else:
        record.state = UNCHANGED
        run.progress.say("Nothing has changed since the last published file; it stays.")


def finish_unpublished(run: RunContext) -> None:
    """Write down what was done by a run that makes no figures."""
    record = run.record
    is_changed = record.responses_seen or record.responses_erased or record.retention
    record.state = COMPLETE if is_changed else UNCHANGED
