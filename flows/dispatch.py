"""From a command's name to its function, with the settings read once."""

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from flows.output import print_json
from flows.run.record import begun, record_of_failure
from flows.settings.environment import prepare
from flows.settings.model import Settings
from flows.settings.reading import home_of, read_settings

Command = Callable[[argparse.Namespace, Settings], int]

PRINT_THEIR_RECORD = frozenset({"sync", "import", "recount", "retention"})
"""Commands whose ``--json`` prints the run's record however the run ends."""


def run(options: argparse.Namespace, environ: Mapping[str, str], folder: Path) -> int:
    """Read the settings and do the command that *options* name."""
    begun.clear()
    try:
        settings = read_settings(environ, folder)
        prepare(settings)
        module, _, name = COMMANDS[options.command].partition(":")
        command: Command = getattr(import_module(f"flows.{module}"), name)
        return command(options, settings)
    except BaseException as error:
        # A dry run has no record; that of a night prints one all the same where it fails.
        is_dry = getattr(options, "dry_run", False) and options.command != "sync"
        if options.command in PRINT_THEIR_RECORD and options.json and not is_dry:
            runs_folder = Settings(home=home_of(environ, folder)).runs_folder
            print_json(record_of_failure(runs_folder, error, options.command).as_json())
        raise


COMMANDS = {
    "demo": "commands.demo:demo",
    "sync": "commands.sync:sync",
    "import": "commands.import_files:import_files",
    "status": "commands.status:status",
    "query": "commands.report:query",
    "report": "commands.report:report",
    "rollback": "commands.report:rollback",
    "restore": "vault.restore:restore",
    "signatories": "staff.signatories:signatories",
    "contacts": "staff.contacts:contacts",
    "held-back": "staff.signatories:held_back",
    "explain": "commands.explain:explain",
    "reconcile": "commands.reconcile:reconcile",
    "accept": "staff.decisions:accept",
    "reject": "staff.decisions:reject",
    "review": "staff.signatories:review",
    "decide": "staff.decisions:decide",
    "decisions": "staff.decisions:list_decisions",
    "undo": "staff.decisions:undo",
    "roles": "staff.signatories:roles",
    "assign-role": "staff.decisions:assign_role",
    "recount": "commands.sync:recount",
    "retention": "privacy.retention:retention",
    "find": "privacy.find:find",
    "forget": "privacy.forget:forget",
    "doctor": "doctor.report:doctor",
    "key": "commands.key:key",
    "access-log": "staff.access_log:list_accesses",
    "schedule": "orchestration.schedule:schedule",
    "sandbox": "commands.demo:sandbox",
}
"""Each command's module under ``flows`` and function there; a module is imported when its command is used."""
