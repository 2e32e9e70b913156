"""What a person sees while a run goes on: a live line on a terminal, quiet lines elsewhere."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.status import Status


LOG = logging.getLogger("pledge")


class Progress(Protocol):
    """Told of each step and of how far it is; sentences hold counts only."""

    def step(self, title: str) -> None: ...
    def say(self, sentence: str) -> None: ...
    def warn(self, sentence: str) -> None: ...
    def far(self, sentence: str) -> None: ...


class Quiet:
    """Log lines: one when a step says something, none while it goes on."""

    def step(self, title: str) -> None:
        LOG.debug("%s", title)

    def say(self, sentence: str) -> None:
        LOG.info("%s", sentence)

    def warn(self, sentence: str) -> None:
        LOG.warning("%s", sentence)

    def far(self, sentence: str) -> None:
        LOG.debug("%s", sentence)


class NullProgress:
    """Says nothing but how far it is: of what is tried out, and never said to be done."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown

    def step(self, title: str) -> None:
        self._shown.step(title)

    def say(self, sentence: str) -> None: ...

    def warn(self, sentence: str) -> None: ...

    def far(self, sentence: str) -> None:
        self._shown.far(sentence)


class Live:
    """A line that moves, and a sentence kept above it for what was done."""

    def __init__(self, status: "Status") -> None:
        self._status = status
        self._title = ""

    def step(self, title: str) -> None:
        self._title = title
        self._status.update(_as_it_is(f"{title} …"))

    def say(self, sentence: str) -> None:
        self._status.console.print(f"[green]✓[/green] {_as_it_is(sentence)}", highlight=False)

    def warn(self, sentence: str) -> None:
        self._status.console.print(f"[yellow]![/yellow] {_as_it_is(sentence)}", highlight=False)

    def far(self, sentence: str) -> None:
        self._status.update(_as_it_is(f"{self._title} … {sentence}"))


def _as_it_is(sentence: str) -> str:
    """A sentence that names ``[questions]`` means no colour by it."""
    from rich.markup import escape

    return escape(sentence)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Progress on standard error: live where it is a terminal, log lines where it isn't."""
    if not sys.stderr.isatty():
        yield Quiet()
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("Starting …") as status:
        yield Live(status)


def log_to_stderr() -> None:
    """Send the pipeline's log lines to standard error, one sentence a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    LOG.handlers = [handler]
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
