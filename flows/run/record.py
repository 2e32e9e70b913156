"""What a run did, in counts: printed, kept, and read by the next run."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.errors import BUDGET, STOPPED, exit_code_of, sentence_of
from flows.output import counted
from flows.run.clock import now_in_utc, run_name
from warehouse.database.private_files import put_in_place

RUNNING = "running"
COMPLETE = "complete"
PARTIAL = "partial"
UNCHANGED = "unchanged"
REFUSED = "refused"

STANDING = (
    "fresh_as_of", "n_signatories", "by_role", "held_back", "not_counted", "duplicates", "withdrawn",
    "erased", "conservation_ok", "names_erased_at",
)  # fmt: skip


@dataclass(slots=True)
class RunRecord:
    """One run, in counts, rule names and instants (ISO 8601 in UTC); no value of a person.

    retention: responses that this run has erased something of because it is kept no longer: of
        ``names_and_addresses``, and of ``ip_addresses`` that an earlier version had kept (then texts, not
        responses); what was erased of none left out.
    platform: what the platform was found to have: ``asked_at``, ``total`` (its own number of responses),
        ``held`` (ours of them), ``are_ids_compared``, ``n_unseen`` and ``unseen`` (ids that only it has, up
        to 100), ``n_vanished`` and ``vanished`` (ids that it has no more), ``rollups`` (choice id to its
        own count; None if not asked). None if it was not asked at all.
    files: of an import, one a table read: name, encoding, layout, rows_read, responses, answers,
        held_back, refused (the reason, or None).
    access_log: where the vault's access log ended: ``n``, its last entry's number, and that one's ``hash``;
        None if the vault was not opened.
    """

    run_id: str
    command: str
    started_at: str
    state: str = RUNNING  # until it ends: then complete, partial, unchanged or refused
    ended_at: str | None = None
    fresh_as_of: str | None = None  # when the platform was last read whole; None before the first time
    requests: int = 0
    pages: int = 0
    responses_seen: int = 0
    responses_new: int = 0
    responses_changed: int = 0
    responses_withdrawn: int = 0
    responses_erased: int = 0  # whose answers were: of withdrawn ones, which stay withdrawn, or a person's
    retention: dict[str, int] = field(default_factory=dict)
    names_erased_at: str | None = None  # the pledge's names and addresses; None while they are kept
    n_signatories: int = 0
    by_role: dict[str, int] = field(default_factory=dict)
    held_back: dict[str, int] = field(default_factory=dict)
    not_counted: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    withdrawn: int = 0
    erased: int = 0
    conservation_ok: bool = False
    calls_left_today: int | None = None
    published: str | None = None  # the file that this run published
    plan: dict[str, Any] | None = None  # flows.run.call_plan.Plan; None if it never came so far
    platform: dict[str, Any] | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    form_version: str | None = None  # of the form that the run met; None if it never came so far
    access_log: dict[str, Any] | None = None
    drift: list[str] = field(default_factory=list)  # changes of the form since the last finished run
    warnings: list[str] = field(default_factory=list)  # sentences for the operator
    checks: list[dict[str, Any]] = field(default_factory=list)
    steps: dict[str, float] = field(default_factory=dict)  # those done, each with its seconds

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def is_stale(self, now: datetime, hours: int) -> bool:
        """Its figures are older than *hours*, or there are none; final ones never are."""
        if self.names_erased_at:
            return False
        fresh = self.fresh_as_of
        return fresh is None or now - datetime.fromisoformat(fresh).astimezone(UTC) > timedelta(hours=hours)

    def in_a_sentence(self) -> str:
        calls = "" if self.command == "import" else f"; {self.requests:,} calls"
        return (
            f"{self.state}: {counted(self.n_signatories, 'signatory', 'signatories')}; "
            f"{self.responses_new:,} new, {self.responses_changed:,} changed, "
            f"{self.responses_withdrawn:,} withdrawn; {sum(self.held_back.values()):,} held back{calls}."
        )


begun: list[RunRecord] = []
"""Records of the runs that this process has begun, the latest last."""


def write_record(record: RunRecord, folder: Path) -> Path:
    """Write the record as ``<run_id>.json``, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{record.run_id}.json"
    with put_in_place(target, mode=None) as aside:
        aside.write_text(json.dumps(record.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def read_records(folder: Path, last: int = 10, *, before: datetime | None = None) -> list[RunRecord]:
    """The last records, newest first; a file that can't be read is left out.

    before: aware; only of runs that began before it.
    """
    end = run_name(before.astimezone(UTC)) if before else None
    known = {one.name for one in fields(RunRecord)}
    records: list[RunRecord] = []
    for path in sorted(folder.glob("*.json"), reverse=True):
        if len(records) == last:
            break
        if end and path.stem >= end:
            continue
        with suppress(ValueError, TypeError, OSError):
            content = json.loads(path.read_text(encoding="utf-8"))
            # A record of another version may tell more than this one knows.
            records.append(RunRecord(**{name: content[name] for name in content if name in known}))
    return records


def new_record(command: str, started: datetime, earlier: Sequence[RunRecord]) -> RunRecord:
    """A record that stands where the last run left the figures: a night that fails shows no false zero."""
    record = RunRecord(run_id=run_name(started), command=command, started_at=started.isoformat())
    if earlier:
        for name in STANDING:
            setattr(record, name, getattr(earlier[0], name))
    return record


def state_after(error: BaseException) -> str:
    """The state of a run that *error* ended."""
    return PARTIAL if exit_code_of(error) in {BUDGET, STOPPED} else REFUSED


def record_of_failure(runs_folder: Path, error: BaseException, command: str = "sync") -> RunRecord:
    """The record of the run that *error* ended; of one that was never begun a new one, kept nowhere."""
    if begun:
        return begun[-1]
    started = now_in_utc()
    record = new_record(command, started, read_records(runs_folder, last=1))
    record.state, record.ended_at = state_after(error), started.isoformat()
    record.warnings.append(sentence_of(error))
    return record
