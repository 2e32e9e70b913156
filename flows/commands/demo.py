"""`pledge demo` and `pledge sandbox`: the pipeline without an account."""

import argparse
import shutil
import sys
import threading
from datetime import UTC, datetime, time
from pathlib import Path

from connectors.sandbox.server.serve import TOKEN, open_sandbox
from connectors.sandbox.world.pledge import SURVEY_ID
from flows.errors import DONE, SettingsError
from flows.run.clock import now_in_utc
from flows.run.progress import log_to_stderr, shown_progress
from flows.settings.model import Home, Settings
from flows.settings.reading import read_settings

MARKER = "invented people only.txt"
SETTINGS_FILE = "pledge.toml"
# ruff: noqa: RUF001 - an apostrophe of good typography
SETTINGS = """\
[report]
contact = "Write to the pledge’s team at pledge@connect.example."

[[breakdowns]]
name = "Council area"
question = "Which council area"
"""


def demo(options: argparse.Namespace, settings: Home) -> int:
    """A first night against the sandbox, a second one that finds nothing new, and a report."""
    from flows.orchestration.run import open_run, run_here
    from flows.pipelines import nightly
    from flows.reporting.pack import make_pack
    from flows.run.shutdown import stopping_clean

    home = _empty_home(settings.home / "demo")
    log_to_stderr()
    imitation = open_sandbox(options.responses, seed=options.seed, until=last_midnight(), clock=now_in_utc)
    with stopping_clean(), imitation as server:
        own = _settings(home, server.url)
        with shown_progress() as progress:
            first, second = (run_here(open_run(own, progress, "demo"), nightly) for _ in range(2))
    _, files = make_pack(own, own.reports_folder)
    sys.stdout.write(_as_text(own, first.n_signatories, first.responses_seen, second.state, files))
    return DONE


def _settings(home: Path, address: str) -> Settings:
    """From a file in the demo's home, so that commands after it can go by the same."""
    (home / SETTINGS_FILE).write_text(SETTINGS, encoding="utf-8")
    environment = {
        "PLEDGE_HOME": str(home),
        "SURVEYMONKEY_API_URL": address,
        "SURVEYMONKEY_ACCESS_TOKEN": TOKEN,
        "PLEDGE_SURVEY_ID": SURVEY_ID,
    }
    return read_settings(environment, home)


def last_midnight() -> datetime:
    """The beginning of today (UTC): a sandbox begun twice on one day holds the same people."""
    return datetime.combine(now_in_utc().date(), time(), UTC)


def _empty_home(home: Path) -> Path:
    """The demo begins anew each time; what it empties must be its own."""
    if home.exists():
        if not (home / MARKER).exists():
            raise SettingsError(f"{home.name} under PLEDGE_HOME is not the demo's own folder; move it away.")
        shutil.rmtree(home)
    home.mkdir(parents=True)
    (home / MARKER).write_text(
        "Made by “pledge demo”, which empties this folder each time.\n", encoding="utf-8"
    )
    return home


def _as_text(settings: Home, n_signatories: int, n_seen: int, second: str, files: list[Path]) -> str:
    home, commands = settings.home, Path(sys.executable).parent
    return f"""
{n_seen:,} invented responses, {n_signatories:,} signatories. A second night: {second}.

Look at it
  {files[0]}
      the report for readers outside; open it in a browser; beside it as PDF, spreadsheet, CSV and JSON
  {settings.published_path}
      the analysts' database: no person in it; any DuckDB tool opens it
  {settings.vault_path}
      the vault: encrypted, the only place with names and addresses, copied to {settings.backups_folder};
      its key: {settings.default_key_file}
  {settings.runs_folder}
      what each run did, in counts

Ask it   (in your shell first: export PLEDGE_HOME={home} PATH={commands}:$PATH
          PLEDGE_CONFIG={home / SETTINGS_FILE})
  pledge status
  pledge query "from signatories_by_role"
  pledge query "from signatories_by_choice"
  pledge held-back
  pledge signatories --reason "trying the demo" | head

Your own survey
  unset PLEDGE_HOME PLEDGE_CONFIG, export SURVEYMONKEY_ACCESS_TOKEN=… PLEDGE_SURVEY_ID=…   and   pledge sync
  docs/operations.md tells about the schedule, settings and exit codes
"""


def sandbox(options: argparse.Namespace, _settings: Home) -> int:
    """The imitation platform alone, until stopped."""
    per_minute, per_day = (None, None) if options.unlimited else (120, 500)
    imitation = open_sandbox(
        options.responses,
        seed=options.seed,
        until=last_midnight(),
        clock=now_in_utc,
        per_minute=per_minute,
        per_day=per_day,
        port=options.port,
    )
    try:
        with imitation as server:
            sys.stderr.write(
                f"The sandbox holds {options.responses:,} invented responses. In another shell:\n"
                f"  export SURVEYMONKEY_API_URL={server.url} SURVEYMONKEY_ACCESS_TOKEN={TOKEN}\n"
                f"  export PLEDGE_SURVEY_ID={SURVEY_ID}\n  pledge sync\nStop it with Ctrl-C.\n"
            )
            sys.stderr.flush()
            threading.Event().wait()
    except OSError:
        raise SettingsError(f"Port {options.port} is taken; choose another with --port.") from None
    return DONE
