"""Errors of the packs, each one sentence with a next step.

ReportError
├── FiguresError       the figures handed over contradict themselves; no pack is made of them
├── GlyphMissingError  no font has a character that a title, a role or the wording needs
├── MemoryFileError    what packs have shown can't be read, or nobody knows it any more
├── PackSettingError   a folder, a text, a logo or a colour that packs can't use
└── TemplateError      a template of the house's own that can't be used; the sentence has file and line

None of them holds a role's label, a reason's text or a count under the threshold.
"""


class ReportError(Exception):
    """A pack could not be made."""


class FiguresError(ReportError):
    """The figures don't add up; a pack would say something nobody could explain."""


class GlyphMissingError(ReportError):
    """A format would show a box in place of a letter; the sentence names format and character's code."""


class MemoryFileError(ReportError):
    """What packs have shown can't be read, so it can't be told what the next one may show."""


class PackSettingError(ReportError):
    """A setting of the pack is outside what is allowed."""


class TemplateError(ReportError):
    """A template of the house's own can't be used."""
