"""What a person sees of a run: sentences as they are, on standard error."""

from __future__ import annotations

import io
import logging

import pytest
from rich.console import Console

from flows.run.progress import LOG, Live, Quiet, log_to_stderr, shown_progress

SENTENCE = "Name it in pledge.toml: [questions] email = “id:…” [/b] [red]."


def test_a_live_line_takes_nothing_in_a_sentence_for_markup():
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=200, color_system=None)
    with console.status("") as status:
        live = Live(status)
        live.step("Read [survey]")
        live.far("5 [of] 7")
        live.say(SENTENCE)
        live.warn(SENTENCE)
    assert shown.getvalue().count(SENTENCE) == 2


def test_where_there_is_no_terminal_sentences_become_log_lines(capsys, monkeypatch):
    monkeypatch.setattr(LOG, "handlers", [])
    level = LOG.level
    log_to_stderr()
    try:
        with shown_progress() as progress:
            assert isinstance(progress, Quiet)
            progress.step("not shown")
            progress.far("nor this")
            progress.say(SENTENCE)
            progress.warn("A warning.")
    finally:
        LOG.setLevel(level)
    out, err = capsys.readouterr()
    assert out == ""
    first, second = err.splitlines()
    assert first.endswith(f"INFO {SENTENCE}")
    assert second.endswith("WARNING A warning.")


@pytest.mark.parametrize("times", [1, 3])
def test_log_lines_come_once_however_often_it_is_set_up(capsys, monkeypatch, times):
    monkeypatch.setattr(LOG, "handlers", [])
    for _ in range(times):
        log_to_stderr()
    logging.getLogger("pledge").info("once")
    assert capsys.readouterr().err.count("once") == 1
