"""Errors of the packs, each one sentence with a next step.

ReportError
├── FiguresError      the figures handed over contradict themselves; no pack is made of them
└── PackSettingError  a threshold, a format or a time zone that packs don't know

None of them holds a role's label, a reason's text or a count under the threshold.
"""

from __future__ import annotations


class ReportError(Exception):
    """A pack could not be made."""


class FiguresError(ReportError):
    """The figures don't add up; a pack would say something nobody could explain."""


class PackSettingError(ReportError):
    """A setting of the pack is outside what is allowed."""
