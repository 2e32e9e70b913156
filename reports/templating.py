"""How templates are set: all that is put in is escaped, and a name that isn't there is an error.

A house's own templates run in a sandbox: they may say and leave out what they like, and reach nothing else.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from reports.errors import TemplateError

TEMPLATES = PackageLoader("reports")


def environment(folder: Path | None = None) -> SandboxedEnvironment:
    """A new one, to which a page adds its own filters. folder: where templates are looked for first."""
    loader: BaseLoader = ChoiceLoader([FileSystemLoader(folder), TEMPLATES]) if folder else TEMPLATES
    return SandboxedEnvironment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@contextmanager
def refusals_by_line(folder: Path | None) -> Iterator[None]:
    """Say in one sentence what fails in a template of *folder*, and where; else let it fail as it does."""
    try:
        yield
    except Exception as error:
        line = folder and _failing_line(error, folder)
        if not line:
            raise
        what = error.message if isinstance(error, JinjaError) and error.message else str(error)
        raise TemplateError(template_sentence(*line, what)) from None


def template_sentence(name: str, line: int, what: str) -> str:
    reason = " ".join(what.split()).rstrip(".")
    return (
        f"The template {name} can't be used, line {line}: {reason}. Mend it, or take it out of the folder "
        "that [report] templates names."
    )


def _failing_line(error: Exception, folder: Path) -> tuple[str, int] | None:
    """The innermost line of a template of *folder*; jinja2 writes such lines into the traceback."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).parent == folder:
            return Path(frame.filename).name, frame.lineno or 0
    return None
