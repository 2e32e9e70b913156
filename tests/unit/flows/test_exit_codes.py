"""Each error has the exit code of the contract, and none but a bug has a bug's."""

from __future__ import annotations

import errno
import inspect
import os

import pytest

import checks.errors
import connectors.errors
import flows.errors
import reports.errors
import warehouse.errors
from connectors.errors import DayBudgetSpentError
from flows.errors import StoppedError, exit_code_of, is_told, sentence_of, traceback_without_values

CODES = {
    "BugError": 1, "UsageError": 2, "QueryError": 2, "DecisionError": 2, "NoHistoryError": 2,
    "SettingsError": 10, "FieldsError": 10, "ReportError": 10, "FiguresError": 10, "PackSettingError": 10,
    "MemoryFileError": 10, "TemplateError": 10, "GlyphMissingError": 10,
    "SourceError": 11, "SourceRefusedError": 11, "SourceUnreachableError": 11,
    "ChecksError": 12, "CheckError": 12,
    "WarehouseError": 13, "VaultLockedError": 13, "VaultKeyError": 13, "VaultDamagedError": 13,
    "DiskError": 13, "NotPublishedError": 13,
    "DayBudgetSpentError": 14, "ExportRefusedError": 15,
    "StoppedError": 143,
}  # fmt: skip
MODULES = (checks.errors, connectors.errors, flows.errors, reports.errors, warehouse.errors)
BASES = {"PledgeError"}


def error_classes():
    return {
        name: found
        for module in MODULES
        for name, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, BaseException) and found.__module__ in {one.__name__ for one in MODULES}
    }


def an_error(kind):
    if kind is DayBudgetSpentError:
        return kind("A sentence of ours.", resets_in_seconds=60)
    return kind("A sentence of ours.")


def test_every_error_that_there_is_has_its_exit_code():
    found = {name: exit_code_of(an_error(kind)) for name, kind in error_classes().items()}
    assert {name: code for name, code in found.items() if name not in BASES} == CODES


@pytest.mark.parametrize("name", [name for name in CODES if name != "StoppedError"])
def test_a_sentence_of_ours_is_told_as_it_stands(name):
    error = an_error(error_classes()[name])
    assert is_told(error)
    assert sentence_of(error) == "A sentence of ours."


@pytest.mark.parametrize(
    "error", [ValueError("Ailsa"), KeyError("Ailsa"), OSError("Ailsa"), Exception("Ailsa")]
)
def test_of_a_bug_only_its_kind_and_place_are_told(error):
    assert (exit_code_of(error), is_told(error)) == (1, False)
    with pytest.raises(type(error)) as raised:
        raise error
    shown = traceback_without_values(raised.value) + sentence_of(raised.value)
    assert type(error).__name__ in shown
    assert "test_exit_codes.py" in shown
    assert "Ailsa" not in shown


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EEXIST, errno.ENOTDIR])
def test_what_the_system_says_of_a_path_is_told_with_the_warehouses_code(number):
    error = OSError(number, os.strerror(number), "data/reports")
    assert exit_code_of(error) == 13
    assert sentence_of(error) == (
        f"Could not use data/reports: {os.strerror(number)}. Mend the path, its rights or the disk."
    )


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ECONNREFUSED, errno.EBADF])
def test_what_the_system_says_of_anything_else_is_a_bug(number):
    assert exit_code_of(OSError(number, os.strerror(number), "data/reports")) == 1
    assert exit_code_of(OSError(errno.EACCES, "Permission denied")) == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_disk_that_is_full_in_mid_write_is_told_though_the_system_names_no_file(number):
    error = OSError(number, os.strerror(number))
    assert exit_code_of(error) == 13
    assert os.strerror(number) in sentence_of(error)


def test_a_stop_is_a_stop_however_it_arrives():
    class TerminationSignal(BaseException):
        """As Prefect names its own."""

    from_the_engine = RuntimeError("Query interrupted")
    from_the_engine.__cause__ = StoppedError()
    for error in (StoppedError(), KeyboardInterrupt(), TerminationSignal(), from_the_engine):
        assert exit_code_of(error) == 143
        assert sentence_of(error).startswith("Told to stop")
    other = RuntimeError("another")
    other.__cause__ = ValueError("bug")
    assert exit_code_of(other) == 1
