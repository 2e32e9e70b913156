"""What may end a command, and the exit code each thing has.

PledgeError          a sentence for the operator, printed without a traceback
├── SettingsError    10
├── ChecksError      12  checks or audit failed; nothing was published
├── UsageError       2   the command's words don't fit together
└── BugError         1   a bug, already told where it happened

Errors of the connectors and the warehouse keep their own families; `exit_code_of` knows them.
"""

from __future__ import annotations

import traceback

from connectors.errors import DayBudgetSpentError, FieldsError, SourceError
from reports.errors import ReportError
from warehouse.errors import QueryError, WarehouseError

DONE = 0
BUG = 1
USAGE = 2
SETTINGS = 10
PLATFORM = 11
CHECKS = 12
WAREHOUSE = 13
BUDGET = 14
STOPPED = 143  # 128 + SIGTERM, as any command that was told to stop


class PledgeError(Exception):
    """A sentence that says what happened, to which thing, and what to do next."""


class SettingsError(PledgeError):
    """A setting is missing or can't be used."""


class ChecksError(PledgeError):
    """The checks or the audit failed; nothing was published."""


class UsageError(PledgeError):
    """The command's words don't fit together."""


class BugError(PledgeError):
    """A bug ended a step; only its kind is told, since its message may quote somebody's answer."""


class StoppedError(BaseException):
    """The process was told to stop. No `Exception`, so that nothing on the way mends it."""


def exit_code_of(error: BaseException) -> int:
    """The exit code of section “Exit codes” in docs/operations.md."""
    families: tuple[tuple[type[BaseException], int], ...] = (
        (StoppedError, STOPPED),
        (UsageError, USAGE),
        (QueryError, USAGE),
        (SettingsError, SETTINGS),
        (ReportError, SETTINGS),
        (FieldsError, SETTINGS),
        (ChecksError, CHECKS),
        (DayBudgetSpentError, BUDGET),
        (SourceError, PLATFORM),
        (WarehouseError, WAREHOUSE),
    )
    return next((code for family, code in families if isinstance(error, family)), BUG)


def is_told(error: BaseException) -> bool:
    """The error's own text is a sentence of ours, safe to print; a bug's may quote a person's answer."""
    return exit_code_of(error) != BUG or isinstance(error, BugError)


def traceback_without_values(error: BaseException) -> str:
    """Where a bug happened and of which kind it is, without its message: that may quote a value."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return (
        f"Traceback (most recent call last):\n{frames}{type(error).__module__}.{type(error).__qualname__}\n"
        "This is a bug. The message is left out, since it may quote somebody's answer."
    )
