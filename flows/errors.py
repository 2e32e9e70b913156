"""What may end a command, and the exit code each thing has.

PledgeError          a sentence for the operator, printed without a traceback
├── SettingsError    10
├── ChecksError      12  checks or audit failed; nothing was published
├── UsageError       2   the command's words don't fit together
└── BugError         1   a bug, already told where it happened

StoppedError         143 the process was told to stop

Errors of the connectors, the checks, the warehouse and the reports keep their own families;
`exit_code_of` knows them. What the system says of a file or folder is told too (13).
"""

import errno
import traceback

from checks.errors import CheckError
from connectors.errors import DayBudgetSpentError, ExportRefusedError, FieldsError, SourceError
from reports.errors import ReportError
from warehouse.errors import DecisionError, NoHistoryError, QueryError, WarehouseError

DONE = 0
BUG = 1
USAGE = 2
SETTINGS = 10
PLATFORM = 11
CHECKS = 12
WAREHOUSE = 13
BUDGET = 14
FILE_REFUSED = 15
STOPPED = 143  # 128 + SIGTERM, as any command that was told to stop
STOPPED_SENTENCE = "Told to stop; what was fetched is kept, and the next run goes on from there."

OF_THE_DISK = frozenset({
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EEXIST,
    errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG,
})  # fmt: skip
OF_A_FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


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
    """The process was told to stop. No `Exception`, so that nothing on the way mends it.

    It may have a sentence of its own, of what is kept and what to do.
    """


def exit_code_of(error: BaseException) -> int:
    """The exit code of section “Exit codes” in docs/operations.md."""
    if is_stop(error):
        return STOPPED
    # A family stands behind those of its own members that have another code.
    codes: dict[int, tuple[type[BaseException], ...]] = {
        USAGE: (UsageError, QueryError, DecisionError, NoHistoryError),
        SETTINGS: (SettingsError, ReportError, FieldsError),
        CHECKS: (ChecksError, CheckError),
        BUDGET: (DayBudgetSpentError,),
        FILE_REFUSED: (ExportRefusedError,),
        PLATFORM: (SourceError,),
        WAREHOUSE: (WarehouseError,),
    }
    usual = WAREHOUSE if _disk_sentence(error) else BUG
    return next((code for code, families in codes.items() if isinstance(error, families)), usual)


def is_stop(error: BaseException) -> bool:
    """The process was told to stop: by our own handler, from the keyboard, or as Prefect takes SIGTERM."""
    error = _beneath(error)
    return isinstance(error, StoppedError | KeyboardInterrupt) or type(error).__name__ == "TerminationSignal"


def _beneath(error: BaseException) -> BaseException:
    """DuckDB puts an error of its own in the place of one that a signal raises in mid-statement."""
    return _beneath(error.__cause__) if isinstance(error, RuntimeError) and error.__cause__ else error


def is_told(error: BaseException) -> bool:
    """The error has a sentence that is safe to print; a bug's own text may quote a person's answer."""
    return exit_code_of(error) != BUG or isinstance(error, BugError)


def sentence_of(error: BaseException) -> str:
    """What to tell the operator: of a bug, its kind only."""
    if is_stop(error):
        return (isinstance(_beneath(error), StoppedError) and str(_beneath(error))) or STOPPED_SENTENCE
    if not is_told(error):
        return f"A bug ended the run ({type(error).__qualname__})."
    return _disk_sentence(error) or str(error)


def _disk_sentence(error: BaseException) -> str | None:
    if not isinstance(error, OSError) or error.errno not in OF_THE_DISK:
        return None
    if error.filename:
        return f"Could not use {error.filename}: {error.strerror}. Mend the path, its rights or the disk."
    if error.errno in OF_A_FULL_DISK:  # met in mid-write, where the system names no file
        return f"Could not write a file under PLEDGE_HOME: {error.strerror}. Free some room, then run again."
    return None


def traceback_without_values(error: BaseException) -> str:
    """Where a bug happened and of which kind it is, without its message: that may quote a value."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return (
        f"Traceback (most recent call last):\n{frames}{type(error).__module__}.{type(error).__qualname__}\n"
        "This is a bug. The message is left out, since it may quote somebody's answer.\n"
    )
