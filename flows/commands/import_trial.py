"""`pledge import --dry-run`: the import's own steps on a vault in memory, to end as the import would.

What only the whole vault can tell stays open: whether the audit would stop the import, whether an answer that
must be unique is there already, and who was erased. Each version in a file is checked by itself.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from flows.run.clock import now_in_utc
from flows.run.context import RunContext
from flows.run.record import RunRecord, run_name
from flows.settings.custom_rules import settled_own_rules
from flows.steps.check import checked
from flows.steps.known_form import know_form
from flows.steps.load_files import FILE, left_out
from flows.steps.read_files import read_files
from flows.steps.stage import stage
from flows.vault.key import find_key, key_or_new
from warehouse.backups.vault_in_memory import holding, vault_in_memory
from warehouse.errors import engine_told_plainly
from warehouse.ingest import designs, erased_people, export_files
from warehouse.privacy import erase_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from connectors.export_files.reader import Export
    from flows.run.context import Files
    from flows.run.progress import Progress
    from flows.settings.model import Settings
    from warehouse.transform.stage import Form


BATCHES_AT_ONCE = 3  # each look of the checks takes a second; more would not fit the memory allowed


def _record() -> RunRecord:
    started = now_in_utc()
    return RunRecord(run_id=run_name(started), command="import", started_at=started.isoformat())


@dataclass(slots=True)
class Tried:
    """What a dry run found out, as far as it came; each is empty where the import would not have come so far.

    record: never written; its files and warnings are the import's. form: the pledge's, once settled.
    held: for each file read the rules that would hold back some of its responses: rule, responses, reason,
        next_step. to_be_withdrawn: ids of responses.
    """

    record: RunRecord = field(default_factory=_record)
    form: Form | None = None
    held: list[list[dict[str, Any]]] = field(default_factory=list)
    to_be_withdrawn: list[str] = field(default_factory=list)


class Unsaid:
    """Progress that says nothing: sentences are shown at the end, those of steps would be of no import."""

    def step(self, title: str) -> None: ...
    def say(self, sentence: str) -> None: ...
    def warn(self, sentence: str) -> None: ...
    def far(self, sentence: str) -> None: ...


def try_import(settings: Settings, files: Files, tried: Tried, progress: Progress) -> None:
    """Do what an import does before it takes anything in, and check each response; write nothing.

    Raises:
        ExportRefusedError, SettingsError, FieldsError, WarehouseError: as the import would.
    """
    with (
        engine_told_plainly(settings.vault_path),
        _opened(settings) as vault,
        vault_in_memory(vault, now=now_in_utc()) as in_memory,
    ):
        run = RunContext(settings, tried.record, vault or in_memory, Unsaid(), now_in_utc)
        run.files = files
        _note_whether_final(run)
        progress.step("Read the files")
        read_files(run)
        run.vault = in_memory
        know_form(run)
        stage(run)  # of no response: it refuses what rules of the user's own can't be about
        tried.form = run.form
        if vault and files.replaces:
            tried.to_be_withdrawn = left_out(vault, files, run.survey_id)
        if files.is_answers_only:
            return
        progress.step("Check each response")
        for export in files.exports:
            withdrawn = export_files.withdrawn_among(vault, export.ids) if vault else ()
            tried.held.append(_held(run, export, withdrawn, progress))


@contextmanager
def _opened(settings: Settings) -> Iterator[Any]:
    """The vault, to read; None where there is none yet.

    Raises:
        SettingsError, WarehouseError: an import could not use its key or the vault either.
    """
    from flows.vault.backups import pointing_to_copies, refuse_to_begin_anew
    from warehouse.database.connection import open_vault

    refuse_to_begin_anew(settings)
    if not settings.vault_path.exists():
        find_key(settings)
        yield None
        return
    key, _ = key_or_new(settings)
    with (
        pointing_to_copies(settings),
        open_vault(settings.vault_path, key, now=now_in_utc(), read_only=True) as vault,
    ):
        yield vault


def _note_whether_final(run: RunContext) -> None:
    survey_id, _ = designs.last_form(run.vault)
    run.is_final = erased_people.is_final(run.vault, survey_id)
    erased_on = erase_names.erased_on(run.vault) if run.is_final else None
    run.record.names_erased_at = erased_on.isoformat() if erased_on else None


def _held(
    run: RunContext, export: Export, withdrawn: Collection[str], progress: Progress
) -> list[dict[str, Any]]:
    """The rules that would hold back responses of a file, by the order in which they are told."""
    own_rules = [own for own in run.settings.own_rules if own.rule.must != "be-unique"]
    n_held: Counter[str] = Counter()
    n_seen = 0
    rest = export.batches(without=withdrawn)
    while batches := list(islice(rest, BATCHES_AT_ONCE)):
        with holding(
            run.vault,
            batches,
            survey_id=export.form.design.survey_id,
            source=FILE,
            run_id=run.run_id,
            fetched_at=run.now(),
        ):
            stage(run)
            n_held.update(checked(run.vault, run.form, own_rules).held["rule"])
        n_seen += sum(len(ids) for ids, _ in batches)
        progress.far(f"{n_seen:,} responses")
    return _told(run, n_held)


def _told(run: RunContext, n_held: Counter[str]) -> list[dict[str, Any]]:
    from checks.row_rules import ROW_RULES

    own, _ = settled_own_rules(run.settings.own_rules, run.vault, run.form.survey_id)
    rules = [*ROW_RULES, *(rule.row_rule for rule in own)]
    return [
        {
            "rule": rule.name,
            "responses": n_held[rule.name],
            "reason": rule.reason,
            "next_step": rule.next_step,
        }
        for rule in rules
        if n_held[rule.name]
    ]
