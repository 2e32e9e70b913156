"""Errors of the imitation.

SandboxError
├── RefusalError        a call that the platform refuses; becomes the platform's own error body
└── NotImitatedError    a call that the platform would serve and the imitation does not
"""

from __future__ import annotations


class SandboxError(Exception):
    """The imitation could not do what was asked of it."""


class RefusalError(SandboxError):
    """The platform refuses this call with the error *error_id* of its list."""

    def __init__(self, error_id: str) -> None:
        super().__init__(f"the platform refuses with its error {error_id}")
        self.error_id = error_id


class NotImitatedError(SandboxError):
    """The platform knows this parameter, the imitation doesn't; answering as if it did would mislead."""
