"""Errors of the sources, each one sentence with a next step.

SourceError
├── SourceRefusedError       the platform answered no, and will again until somebody acts
├── SourceUnreachableError   no usable answer came in the time allowed
├── DayBudgetSpentError      today's calls are used up; what was fetched is kept
├── FieldsError              the survey's questions don't say where email, name or role are
└── ExportRefusedError       nothing of an export file is taken

None of them holds a token, an answer of a person, or the body of a reply.
"""


class SourceError(Exception):
    """A source could not give what was asked of it."""


class SourceRefusedError(SourceError):
    """The platform refused; asking again won't help until somebody acts."""


class SourceUnreachableError(SourceError):
    """The platform gave no usable answer within the attempts and seconds allowed."""


class DayBudgetSpentError(SourceError):
    """The calls of today are spent; go on after *resets_in_seconds*."""

    def __init__(self, message: str, *, resets_in_seconds: int) -> None:
        super().__init__(message)
        self.resets_in_seconds = resets_in_seconds


class FieldsError(SourceError):
    """No question, or more than one, fits a field; the sentence lists the candidates."""


class ExportRefusedError(SourceError):
    """An export file can't be taken; the sentence says why and what to do."""
