"""What can be wrong with an export file.

::

    connectors.errors.SourceError
        ExportRefusedError    nothing of the file is taken
"""

from __future__ import annotations

from connectors.errors import SourceError


class ExportRefusedError(SourceError):
    """A file can't be taken; the sentence says why and what to do."""
