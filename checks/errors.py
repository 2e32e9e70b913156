"""Errors of the checks, each one sentence with a next step.

CheckError
├── FrameError          the rows handed over aren't what the rules are about
└── CheckNotRunError    Great Expectations didn't look at every row, or didn't name all that fail

A row that fails a rule, or an audit that fails, is an outcome and not an error.
None of them holds a value of a row: rule, check and column names and counts only.
"""

from __future__ import annotations


class CheckError(Exception):
    """The checks couldn't be made, so nothing may be built on them."""


class FrameError(CheckError):
    """The frame lacks a column, or holds a flag or id that no rule knows how to read."""


class CheckNotRunError(CheckError):
    """The result of a check is missing or incomplete; a split by it would let rows through."""
