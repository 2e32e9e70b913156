"""Errors of the packs, each one sentence with a next step.

ReportError
├── FiguresError       the figures handed over contradict themselves; no pack is made of them
├── GlyphMissingError  no font has a character that a title, a role or the wording needs
└── PackSettingError   a threshold, a format, a time zone or a folder of fonts that packs can't use

None of them holds a role's label, a reason's text or a count under the threshold.
"""

from __future__ import annotations


class ReportError(Exception):
    """A pack could not be made."""


class FiguresError(ReportError):
    """The figures don't add up; a pack would say something nobody could explain."""


class GlyphMissingError(ReportError):
    """A format would show a box in place of a letter; the sentence names format and character's code."""


class PackSettingError(ReportError):
    """A setting of the pack is outside what is allowed."""
