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

from flows.decide import checked, stage
from flows.importing import FILE, know_form, left_out, read_files
from flows.night import Night, now_in_utc
from flows.own_rules import settled_own_rules
from flows.record import RunRecord, run_name
from flows.vault_key import find_key, key_or_new
from warehouse import erased_names, load, load_file
from warehouse.errors import engine_told_plainly
from warehouse.vault_in_memory import holding, vault_in_memory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from connectors.export_files.reading import Export
    from flows.importing import Files
    from flows.progress import Progress
    from flows.settings import Settings
    from warehouse.stage import Form


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
        night = Night(settings, tried.record, vault or in_memory, Unsaid(), now_in_utc)
        night.files = files
        _note_whether_final(night)
        progress.step("Read the files")
        read_files(night)
        night.vault = in_memory
        know_form(night)
        stage(night)  # of no response: it refuses what rules of the user's own can't be about
        tried.form = night.form
        if vault and files.replaces:
            tried.to_be_withdrawn = left_out(vault, files, night.survey_id)
        if files.is_answers_only:
            return
        progress.step("Check each response")
        for export in files.exports:
            withdrawn = load_file.withdrawn_among(vault, export.ids) if vault else ()
            tried.held.append(_held(night, export, withdrawn, progress))


@contextmanager
def _opened(settings: Settings) -> Iterator[Any]:
    """The vault, to read; None where there is none yet.

    Raises:
        SettingsError, WarehouseError: an import could not use its key or the vault either.
    """
    from flows.keeping import pointing_to_copies, refuse_to_begin_anew
    from warehouse.connection import open_vault

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


def _note_whether_final(night: Night) -> None:
    survey_id, _ = load.last_form(night.vault)
    night.is_final = erased_names.is_final(night.vault, survey_id)
    erased_on = erased_names.erased_on(night.vault) if night.is_final else None
    night.record.names_erased_at = erased_on.isoformat() if erased_on else None


def _held(
    night: Night, export: Export, withdrawn: Collection[str], progress: Progress
) -> list[dict[str, Any]]:
    """The rules that would hold back responses of a file, by the order in which they are told."""
    own_rules = [own for own in night.settings.own_rules if own.rule.must != "be-unique"]
    n_held: Counter[str] = Counter()
    n_seen = 0
    rest = export.batches(without=withdrawn)
    while batches := list(islice(rest, BATCHES_AT_ONCE)):
        with holding(
            night.vault,
            batches,
            survey_id=export.form.design.survey_id,
            source=FILE,
            run_id=night.run_id,
            fetched_at=night.now(),
        ):
            stage(night)
            n_held.update(checked(night.vault, night.form, own_rules).held["rule"])
        n_seen += sum(len(ids) for ids, _ in batches)
        progress.far(f"{n_seen:,} responses")
    return _told(night, n_held)


def _told(night: Night, n_held: Counter[str]) -> list[dict[str, Any]]:
    from checks.rules import ROW_RULES

    own, _ = settled_own_rules(night.settings.own_rules, night.vault, night.form.survey_id)
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
