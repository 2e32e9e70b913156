"""`pledge import --dry-run`: the import itself on a copy that is thrown away, and what it understood.

So it ends as the import would, but for what comes after the audit: publishing.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.compute as pc

from checks.row_rules import ROW_RULES
from connectors.export_files.reader import Export
from flows.errors import DONE, sentence_of
from flows.orchestration.run import do_step
from flows.output import counted, print_json, rendered
from flows.pipelines import importing
from flows.run.clock import now_in_utc, run_name
from flows.run.context import ImportOptions, RunContext, RunOptions, SurveyForm
from flows.run.progress import NullProgress, Progress, shown_progress
from flows.run.record import RunRecord, new_record, read_records
from flows.settings.custom_rules import settled_own_rules
from flows.settings.environment import make_open_folder
from flows.settings.model import KeySettings, Settings
from flows.steps.files import read_files
from flows.steps.form import files_form
from flows.steps.publish import publish
from flows.vault.backups import pointing_to_backups, refuse_to_begin_anew
from flows.vault.key import find_key, key_or_new, new_key
from warehouse.backups.backup import back_up
from warehouse.database.connection import open_vault
from warehouse.errors import engine_told_plainly
from warehouse.ingest.responses import withdrawn_by
from warehouse.queries.figures import held_rules_among
from warehouse.transform.stage import staging_area

COLUMNS = ("column", "heading", "holds", "of", "field")
HELD = ("rule", "responses", "reason", "next_step")
LONGEST_HEADING = 80
DATES = ", dates: "  # begins what an export's layout says of them


@dataclass(slots=True)
class Tried:
    """What the import found out, as far as it came; each is empty where it would not have come so far."""

    record: RunRecord | None = None
    exports: list[Export] = field(default_factory=list)
    form: SurveyForm | None = None
    held: list[list[dict[str, Any]]] = field(default_factory=list)  # of each file, rows under HELD
    to_be_withdrawn: list[str] = field(default_factory=list)  # ids of responses


def preview(settings: Settings, files: ImportOptions, options: RunOptions, *, as_json: bool) -> int:
    """Show what the import would make of the files, and end as it would; nothing stays written.

    Raises:
        ExportRefusedError, SettingsError, FieldsError, WarehouseError, ChecksError: as the import would.
    """
    tried = Tried()
    refused = None
    try:
        with shown_progress() as progress, _on_a_copy(settings, NullProgress(progress), options) as run:
            tried.record = run.record
            importing(_noting(run, tried), files)
            _look(run, files, tried)
    except BaseException as error:
        refused = sentence_of(error)
        raise
    finally:
        _show(files, tried, as_json=as_json, refused=refused)
    return DONE


@contextmanager
def _on_a_copy(settings: Settings, progress: Progress, options: RunOptions) -> Iterator[RunContext]:
    """A run as `flows.orchestration.run.open_run` opens it, on a copy of the vault that goes with the block.

    The copy is as encrypted as the vault; where there is no vault yet it is an empty one with a key that
    nobody keeps. The run's record is written nowhere.

    Raises:
        SettingsError, WarehouseError: the run could not use its key or the vault either.
    """
    started = now_in_utc()
    refuse_to_begin_anew(settings)
    is_home_new = not settings.home.exists()
    make_open_folder(settings.home)
    try:
        with TemporaryDirectory(prefix=".dry-run-", dir=settings.home) as name:
            folder = settings.home / name / "vault"  # as in a home, for what the engine puts aside
            with pointing_to_backups(settings):
                path, key = _copied(settings, folder, run_name(started))
            with (
                engine_told_plainly(settings.vault_path),
                open_vault(path, key, now=started) as vault,
                staging_area(vault),
            ):
                earlier = read_records(settings.runs_folder)
                record = new_record("import", started, earlier)
                yield RunContext(
                    settings, record, vault, progress, now_in_utc, options=options, earlier=earlier
                )
    finally:
        if is_home_new:
            settings.home.rmdir()


def _copied(settings: KeySettings, folder: Path, run_id: str) -> tuple[Path, str]:
    """The copy and its key; a path for a new vault where there is none."""
    if settings.vault_path.exists():
        key, _ = key_or_new(settings)
        return back_up(settings.vault_path, key, folder, run_id=run_id, why="nightly"), key
    return folder / "vault.duckdb", find_key(settings) or new_key()


def _noting(run: RunContext, tried: Tried) -> Callable[..., Any]:
    """Do each step but the last ones, and note what is to be shown."""

    def do(step: Callable[..., Any], *given: Any) -> Any:
        if step is publish:
            return None
        if step is read_files:
            return list(do_step(run, step, *given, tried.exports))  # a later step empties its own list
        found = do_step(run, step, *given)
        if step is files_form:
            tried.form = found
        return found

    return do


def _look(run: RunContext, files: ImportOptions, tried: Tried) -> None:
    """What the import has decided of the files' responses."""
    tried.to_be_withdrawn = withdrawn_by(run.vault, run.run_id)
    if files.is_answers_only or tried.form is None:
        return
    own, _ = settled_own_rules(run.settings.own_rules, run.vault, tried.form.survey_id)
    rules = [*ROW_RULES, *(rule.row_rule for rule in own)]
    for export in tried.exports:
        n_held = held_rules_among(run.vault, export.ids.to_pylist())
        tried.held.append(
            [
                {
                    "rule": rule.name,
                    "responses": n_held[rule.name],
                    "reason": rule.reason,
                    "next_step": rule.next_step,
                }
                for rule in rules
                if rule.name in n_held
            ]
        )


def _show(files: ImportOptions, tried: Tried, *, as_json: bool, refused: str | None) -> None:
    """Print what was found out. refused: why an import would end there, if it would."""
    entries = [dict(entry) for entry in tried.record.files] if tried.record else []
    warnings = tried.record.warnings if tried.record else []
    read = [entry for entry in entries if not entry["refused"]]
    for number, (entry, export) in enumerate(zip(read, tried.exports, strict=False)):
        entry.update(_understood(export, files, tried.form))
        if number < len(tried.held):
            entry["held_back_by_rule"] = tried.held[number]
            entry["held_back"] = sum(held["responses"] for held in tried.held[number])
    if as_json:
        outcome = {"files": entries, "to_be_withdrawn": tried.to_be_withdrawn}
        print_json({**outcome, "warnings": warnings, "refused": refused})
        return
    for entry in entries:
        sys.stdout.write(f"{_file(entry)}\n")
    sys.stdout.write("".join(f"{sentence}\n" for sentence in warnings))
    if files.replaces and refused is None:
        n = counted(len(tried.to_be_withdrawn), "response")
        sys.stdout.write(f"To be withdrawn: {n} of earlier files that these don't hold.\n")
    if refused is None:
        sys.stdout.write("Nothing was written.\n")


def _understood(export: Export, files: ImportOptions, form: SurveyForm | None) -> dict[str, Any]:
    layout, _, dates = export.layout.partition(DATES)
    return {
        "layout": layout,
        "dates": dates,
        "timezone": files.zone.key,
        "first_modified": _by_clock(pc.min(export.modified).as_py(), files),
        "last_modified": _by_clock(export.newest, files),
        "columns": [dict(zip(COLUMNS, row, strict=True)) for row in _columns(export, form)],
        "held_back_by_rule": [],
    }


def _by_clock(instant: str | None, files: ImportOptions) -> str | None:
    """As the file's clock shows it, with how far that is from UTC."""
    return instant and datetime.fromisoformat(instant).astimezone(files.zone).isoformat()


def _columns(export: Export, form: SurveyForm | None) -> list[tuple[int, str, str, str, str]]:
    layout = export.source
    fields = {(question_id, row_id): name for name, question_id, row_id in form.form.fields} if form else {}
    fixed = [(index, name.replace("_", " "), "fixed column", "", "") for name, index in layout.fixed.items()]
    asked = [
        (
            column.index,
            f"{question.heading} {column.label}".strip(),
            column.part,
            known.question_id,
            fields.get((known.question_id, None)) or fields.get((known.question_id, place.option_id), ""),
        )
        for question, known in zip(layout.questions, export.form.questions, strict=False)
        for column, place in zip(question.columns, known.columns, strict=True)
    ]
    extra = [(column.index, column.label, "extra column", "", "") for column in layout.extra]
    return [
        (index + 1, heading[:LONGEST_HEADING], holds, of, name)
        for index, heading, holds, of, name in sorted([*fixed, *asked, *extra])
    ]


def _file(entry: dict[str, Any]) -> str:
    if entry["refused"]:
        return f"{entry['name']}: refused. {entry['refused']}\n"
    parts = [entry["name"], _facts(entry), _rows(COLUMNS, entry["columns"])]
    if entry["held_back_by_rule"]:
        parts.append(_rows(HELD, entry["held_back_by_rule"]))
    return "".join(f"{part}\n\n" for part in parts).removesuffix("\n")


def _facts(entry: dict[str, Any]) -> str:
    facts = [
        ("encoding", entry["encoding"]),
        ("layout", entry["layout"]),
        ("dates", entry["dates"]),
        ("time zone", entry["timezone"]),
        ("first change", entry["first_modified"]),
        ("last change", entry["last_modified"]),
        ("rows", f"{entry['rows_read']:,}"),
        ("responses", f"{entry['responses']:,}"),
        ("answers", f"{entry['answers']:,}"),
        ("to be held back", f"{entry['held_back']:,}"),
    ]
    return rendered(("what", "understood"), facts, "table")


def _rows(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    shown = [[row[column] for column in columns] for row in rows]
    return rendered([column.replace("_", " ") for column in columns], shown, "table")
