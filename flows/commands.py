"""One plain function a command: it gets its options and settings and returns an exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from flows.errors import BUDGET, DONE, STOPPED_SENTENCE
from flows.night import Asked, begun, record_of_failure
from flows.record import PARTIAL, RunRecord, read_records
from flows.settings import Settings, home_of, read_settings
from flows.show import print_json
from flows.surroundings import open_to_others, prepare

if TYPE_CHECKING:
    from pathlib import Path

Command = Callable[[argparse.Namespace, Settings], int]


def run(options: argparse.Namespace, environ: Mapping[str, str], folder: Path) -> int:
    """Read the settings and do the command that *options* name; `sync --json` prints a record in any case."""
    begun.clear()
    try:
        settings = read_settings(environ, folder)
        prepare(settings)
        return COMMANDS[options.command](options, settings)
    except BaseException as error:
        if options.command == "sync" and options.json:
            runs_folder = Settings(home=home_of(environ, folder)).runs_folder
            print_json(record_of_failure(runs_folder, error).as_json())
        raise


def sync(options: argparse.Namespace, settings: Settings) -> int:
    """A night; see flows.nightly for its steps."""
    from flows.progress import LOG, log_to_stderr, shown_progress
    from flows.stopping import stopping_clean
    from flows.sync import run_direct

    def last_words() -> None:
        if options.json and begun:
            print_json(begun[-1].as_json())
            sys.stdout.flush()
        sys.stderr.write(f"{STOPPED_SENTENCE}\n")
        sys.stderr.flush()

    log_to_stderr()
    asked = Asked(options.full, options.accept_withdrawals, options.accept_fall, options.recheck)
    with stopping_clean(last_words):
        if options.dry_run:
            from flows.dry_run import show_plan

            return show_plan(settings, is_full=options.full, as_json=options.json)
        if options.direct:
            with shown_progress() as progress:
                record = run_direct(settings, progress, asked=asked)
        else:
            from flows.under_prefect import run_under_prefect

            record = run_under_prefect(settings, asked)
    if options.json:
        print_json(record.as_json())
    else:
        LOG.info("%s", sentence_of(record))
    return BUDGET if record.state == PARTIAL else DONE


def sentence_of(record: RunRecord) -> str:
    """A run in one sentence."""
    return (
        f"{record.state}: {record.n_signatories:,} signatories; {record.responses_new:,} new, "
        f"{record.responses_changed:,} changed, {record.responses_withdrawn:,} withdrawn; "
        f"{sum(record.held_back.values()):,} held back; {record.requests:,} calls."
    )


def status(options: argparse.Namespace, settings: Settings) -> int:
    """Freshness, the last runs, and where each response is."""
    from flows.standing import standing_of, told

    standing = standing_of(settings)
    if options.json:
        print_json(standing)
    else:
        sys.stdout.write(told(standing, read_records(settings.runs_folder, last=5)) + "\n")
    return DONE


def query(options: argparse.Namespace, settings: Settings) -> int:
    """A reader's SQL on the published database."""
    from flows.show import rendered
    from warehouse.read import query as run_query

    columns, rows = run_query(settings.published_path, options.sql)
    sys.stdout.write(rendered(columns, rows, options.format) + "\n")
    return DONE


def report(options: argparse.Namespace, settings: Settings) -> int:
    """The pack for readers outside."""
    from flows.reporting import make_pack

    with open_to_others(is_wanted=options.out is not None):  # what is put elsewhere is for others
        paths = make_pack(
            settings,
            options.out or settings.reports_folder,
            options.formats,
            as_of=options.as_of,
            since=options.since,
        )
    for path in paths:
        sys.stdout.write(f"{path}\n")
    if options.open:
        from flows.opening import open_page

        sys.stderr.write(f"{open_page(paths)}\n")
    return DONE


def rollback(_options: argparse.Namespace, settings: Settings) -> int:
    """The published file before the current one, back in its place."""
    from warehouse.publish import rollback as put_back

    run_id = put_back(settings.published_folder)
    sys.stderr.write(f"The published file of run {run_id} is back. The next sync publishes anew.\n")
    return DONE


def _of(module: str, name: str) -> Command:
    """A command that lies in a module of its own, imported only when it is used."""

    def run_it(options: argparse.Namespace, settings: Settings) -> int:
        command: Command = getattr(import_module(f"flows.{module}"), name)
        return command(options, settings)

    return run_it


COMMANDS: dict[str, Command] = {
    "demo": _of("demo", "demo"),
    "sync": sync,
    "import": _of("import_command", "import_files"),
    "status": status,
    "query": query,
    "report": report,
    "rollback": rollback,
    "restore": _of("restoring", "restore"),
    "signatories": _of("vault_commands", "signatories"),
    "contacts": _of("contacts", "contacts"),
    "held-back": _of("vault_commands", "held_back"),
    "explain": _of("explaining", "explain"),
    "reconcile": _of("reconciling", "reconcile"),
    "accept": _of("decision_commands", "accept"),
    "reject": _of("decision_commands", "reject"),
    "review": _of("review_command", "review"),
    "decide": _of("decision_commands", "decide"),
    "decisions": _of("decision_commands", "list_decisions"),
    "undo": _of("decision_commands", "undo"),
    "roles": _of("role_commands", "roles"),
    "assign-role": _of("role_commands", "assign_role"),
    "recount": _of("recounting", "recount"),
    "retention": _of("retention_command", "retention"),
    "find": _of("find_command", "find"),
    "forget": _of("forget_command", "forget"),
    "doctor": _of("doctor", "doctor"),
    "key": _of("key_commands", "key"),
    "access-log": _of("access_log", "list_accesses"),
    "schedule": _of("schedule", "schedule"),
    "sandbox": _of("demo", "sandbox"),
}
