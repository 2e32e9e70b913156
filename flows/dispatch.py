"""From a command's name to its function, with the settings read once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from flows.orchestration.run import begun, record_of_failure
from flows.output import print_json
from flows.settings.environment import prepare
from flows.settings.model import Settings, home_of, read_settings

if TYPE_CHECKING:
    from pathlib import Path


Command = Callable[[argparse.Namespace, Settings], int]


def run(options: argparse.Namespace, environ: Mapping[str, str], folder: Path) -> int:
    """Read the settings and do the command that *options* name; `sync --json` prints a record in any case."""
    begun.clear()
    try:
        settings = read_settings(environ, folder)
        prepare(settings)
        return command_of(options.command)(options, settings)
    except BaseException as error:
        if options.command == "sync" and options.json:
            runs_folder = Settings(home=home_of(environ, folder)).runs_folder
            print_json(record_of_failure(runs_folder, error).as_json())
        raise


COMMANDS = {
    "demo": "commands.demo:demo",
    "sync": "commands.sync:sync",
    "import": "commands.import_files:import_files",
    "status": "commands.status:status",
    "query": "commands.published:query",
    "report": "commands.report:report",
    "rollback": "commands.published:rollback",
    "restore": "vault.restore:restore",
    "signatories": "staff.signatories:signatories",
    "contacts": "staff.contacts:contacts",
    "held-back": "staff.signatories:held_back",
    "explain": "commands.explain:explain",
    "reconcile": "commands.reconcile:reconcile",
    "accept": "staff.decisions:accept",
    "reject": "staff.decisions:reject",
    "review": "staff.review:review",
    "decide": "staff.decisions:decide",
    "decisions": "staff.decisions:list_decisions",
    "undo": "staff.decisions:undo",
    "roles": "staff.roles:roles",
    "assign-role": "staff.roles:assign_role",
    "recount": "commands.recount:recount",
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


def command_of(name: str) -> Command:
    """The function that does the command *name*."""
    module, _, function = COMMANDS[name].partition(":")
    command: Command = getattr(import_module(f"flows.{module}"), function)
    return command
