"""The command line: parse, call one plain function, turn an error into an exit code."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

# argparse has no public name for it.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no public name

LONGEST_NUMBER = 15  # digits
DESCRIPTION = "Pledge signatures from SurveyMonkey, made into figures that people can trust."
EXIT_CODES = """exit codes: 0 done; 1 a bug; 2 usage; 10 settings; 11 platform refused or unreachable;
12 checks or audit failed, nothing published; 13 warehouse (locked, key, disk); 14 stopped early
on the day budget, progress kept; 15 an export file was refused; 143 told to stop."""

FALL = "publish though far fewer people count than before"
RECHECK = "check and decide every response anew"
RECORD = "print the run's record as one JSON object"
ONE_OBJECT = "print one JSON object"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors for people go to standard error."""
    options = make_parser().parse_args(arguments)
    from flows.dispatch import run
    from flows.errors import exit_code_of, is_told, sentence_of, traceback_without_values

    try:
        code = run(options, os.environ, Path.cwd())
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BaseException as error:
        if isinstance(error, SystemExit | GeneratorExit):
            raise
        sys.stderr.write(f"{sentence_of(error)}\n" if is_told(error) else traceback_without_values(error))
        return exit_code_of(error)
    return code


def make_parser() -> argparse.ArgumentParser:
    """All commands with their options; docs/commands.md is made from them."""
    parser = argparse.ArgumentParser(prog="pledge", description=DESCRIPTION, epilog=EXIT_CODES)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_running(commands)
    _add_counting(commands)
    _add_serving(commands)
    _add_reading(commands)
    _add_vault_reading(commands)
    _add_deciding(commands)
    _add_rights(commands)
    _add_looking_after(commands)
    return parser


def _add_running(commands: Commands) -> None:
    demo = commands.add_parser(
        "demo", help="a whole night against the sandbox, then a report; no account needed"
    )
    _add_invention(demo)

    sync = commands.add_parser("sync", help="bring the figures up to date with the pledge")
    _flag(sync, "--full", "fetch every response again and compare all ids")
    _flag(sync, "--dry-run", "show the plan and its cost in calls; write nothing")
    _flag(sync, "--direct", "in this process, without a Prefect server")
    _flag(sync, "--accept-withdrawals", "believe it if many responses have vanished at once")
    _flag(sync, "--accept-fall", FALL)
    _flag(sync, "--recheck", RECHECK)
    _flag(sync, "--json", RECORD)


def _add_counting(commands: Commands) -> None:
    importing = commands.add_parser("import", help="bring in export files of the pledge, or of any survey")
    importing.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="CSV, TSV, XLSX, or ZIP of them"
    )
    importing.add_argument(
        "--timezone", default="Europe/London", metavar="ZONE", help="of the files' dates (Europe/London)"
    )
    importing.add_argument(
        "--dates", choices=("day-first", "month-first"), help="how to read dates that could be read both ways"
    )
    _flag(importing, "--answers-only", "any survey: keep its answers and count nobody")
    _flag(
        importing,
        "--replace",
        "these files are the whole truth: withdraw what only earlier files held; try --dry-run first",
    )
    _flag(importing, "--dry-run", "show what each column would be; write nothing")
    _flag(importing, "--json", RECORD)

    recount = commands.add_parser("recount", help="decide and publish anew from the vault; makes no call")
    _flag(recount, "--recheck", RECHECK)
    _flag(recount, "--accept-fall", FALL)
    _flag(recount, "--json", RECORD)


def _add_serving(commands: Commands) -> None:
    schedule = commands.add_parser("schedule", help="serve the nightly schedule until stopped")
    schedule.add_argument("--cron", help="another schedule than the settings' (default 15 2 * * *)")

    sandbox = commands.add_parser("sandbox", help="run the imitation platform, with invented people")
    sandbox.add_argument("--port", type=_up_to(65_535), default=8765, help="port on this machine (8765)")
    _add_invention(sandbox)
    _flag(sandbox, "--unlimited", "no limit of calls a minute and a day")

    commands.add_parser("rollback", help="put the published file before the current one back")

    restore = commands.add_parser("restore", help="list the vault's backups, or put one in its place")
    restore.add_argument("name", nargs="?", metavar="NAME", help="the backup; without it, they are listed")


def _add_invention(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--responses", type=_up_to(1_000_000), default=2_500, help="how many invented responses (2500)"
    )
    command.add_argument("--seed", type=int, default=1, help="another seed invents other people (1)")


def _add_reading(commands: Commands) -> None:
    status = commands.add_parser(
        "status", help="how fresh the figures are, the last runs, what was held back"
    )
    _flag(status, "--json", ONE_OBJECT)

    query = commands.add_parser("query", help="SQL on the published database, read-only")
    query.add_argument("sql", metavar="SQL", help="such as: from signatories_by_role")
    _format(query, "table", "csv", "json")

    report = commands.add_parser("report", help="make the pack for readers outside, small counts hidden")
    report.add_argument("--out", type=Path, metavar="DIR", help="folder for the files (PLEDGE_HOME/reports)")
    report.add_argument(
        "--formats",
        type=_formats,
        metavar="LIST",
        help="of html,pdf,xlsx,csv,json,brief,charts (all but charts)",
    )
    _flag(report, "--open", "show the page in the system's browser")
    report.add_argument(
        "--as-of", type=_day, metavar="DATE", help="as it was published by the end of that day"
    )
    report.add_argument(
        "--since", metavar="DATE|FILE",
        help="tell what has changed since that day or that counts.json, not since the last pack",
    )  # fmt: skip
    _flag(report, "--begin-anew", "go on although nobody knows what earlier packs have shown")


def _add_vault_reading(commands: Commands) -> None:
    signatories = commands.add_parser(
        "signatories", help="the list with names, from the vault; its use is recorded"
    )
    _reason(signatories)
    signatories.add_argument("--role", help="only people shown with this role")
    _format(signatories, "csv", "json")

    contacts = commands.add_parser(
        "contacts", help="whom the form asked, and who allowed to be written to; its use is recorded"
    )
    _reason(contacts)
    _format(contacts, "csv", "json")

    held_back = commands.add_parser("held-back", help="which responses are held back, and why")
    _format(held_back, "table", "csv", "json")

    explain = commands.add_parser("explain", help="everything that happened to one response")
    explain.add_argument("response_id", metavar="RESPONSE_ID")

    reconcile = commands.add_parser(
        "reconcile", help="how the figures add up, beside the platform's own counts"
    )
    _flag(reconcile, "--json", ONE_OBJECT)

    review = commands.add_parser("review", help="who may be one person twice; its use is recorded")
    _reason(review)
    review.add_argument("--signal", help="only cases of this signal")
    _format(review, "table", "csv", "json")

    roles = commands.add_parser("roles", help="what people wrote as their role; its use is recorded")
    _reason(roles)
    _format(roles, "table", "csv", "json")

    for listing in (signatories, contacts, review, roles):
        _flag(listing, "--save", "put the list into a file in PLEDGE_HOME/lists, CSV or JSON")

    decisions = commands.add_parser("decisions", help="what people have decided; its use is recorded")
    _reason(decisions)
    _format(decisions, "table", "csv", "json")


def _add_deciding(commands: Commands) -> None:
    accept = commands.add_parser("accept", help="let a response count that is held back")
    accept.add_argument("response_id", metavar="RESPONSE_ID")
    reject = commands.add_parser("reject", help="have a response count no more")
    reject.add_argument("response_id", metavar="RESPONSE_ID")

    decide = commands.add_parser("decide", help="close a case of pledge review")
    decide.add_argument("verdict", choices=("same", "different", "apart", "nothing"))
    decide.add_argument("case", nargs="+", metavar="CASE", help="its name in the list")

    assign = commands.add_parser("assign-role", help="show a text or a choice as a role")
    what = assign.add_mutually_exclusive_group(required=True)
    what.add_argument("--other", metavar="TEXT", help="what people wrote, and all that differs in form only")
    what.add_argument("--choice", metavar="ID", help="a choice's id, as pledge roles lists it")
    _flag(assign, "--exactly", "only this very text")
    assign.add_argument("--as", dest="role", required=True, metavar="ROLE", help="the role to show")

    undo = commands.add_parser("undo", help="take a decision back")
    undo.add_argument("decision_no", type=_number, metavar="NUMBER", help="as pledge decisions lists it")
    for deciding in (accept, reject, decide, assign, undo):
        deciding.add_argument("--because", required=True, metavar="TEXT", help="why; kept with your name")


def _add_rights(commands: Commands) -> None:
    find = commands.add_parser("find", help="all that is held about a person, for them; its use is recorded")
    find.add_argument("--out", type=Path, metavar="DIR", help="folder for the pack (PLEDGE_HOME/lists)")
    forget = commands.add_parser("forget", help="erase a person everywhere, for good; prints a receipt")
    for command, reason in ((find, "subject access request"), (forget, "erasure request")):
        command.add_argument(
            "email", nargs="?", metavar="EMAIL", help="as the person typed it; - reads it from a line"
        )
        command.add_argument(
            "--response",
            action="append",
            default=[],
            metavar="ID",
            help="a response of theirs, in the place of the address; may be given several times",
        )
        command.add_argument("--reason", default=reason, metavar="TEXT", help=f"why ({reason})")
        _flag(command, "--json", ONE_OBJECT)


def _add_looking_after(commands: Commands) -> None:
    doctor = commands.add_parser("doctor", help="try every setting and permission, and say the next step")
    _flag(doctor, "--fix", "close files to others that only you should read")
    _flag(doctor, "--json", ONE_OBJECT)

    retention = commands.add_parser("retention", help="erase what is kept no longer, as every night does")
    _flag(retention, "--dry-run", "show what is due and what comes next")
    _flag(retention, "--accept-late", "erase names though people have signed since they were due to go")
    _flag(retention, "--json", "print JSON and nothing else")

    key = commands.add_parser("key", help="whether the key opens the vault and its backups, or a new key")
    key.add_argument("what", choices=("check", "rotate"), help="look, or have a new key")

    accesses = commands.add_parser("access-log", help="who used the vault, when and why")
    _format(accesses, "table", "csv", "json")
    _flag(accesses, "--verify", "see whether the list is as it was written")


def _flag(command: argparse.ArgumentParser, name: str, means: str) -> None:
    command.add_argument(name, action="store_true", help=means)


def _format(command: argparse.ArgumentParser, *choices: str) -> None:
    command.add_argument("--format", choices=choices, default=choices[0])


def _reason(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reason", required=True, metavar="TEXT", help="why you need the list")


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise argparse.ArgumentTypeError("must be a decision's number")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day such as 2026-06-30") from None


def _up_to(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        found = int(text)
        if not 0 <= found <= most:
            raise argparse.ArgumentTypeError(f"must be from 0 to {most}")
        return found

    return number


def _formats(text: str) -> tuple[str, ...]:
    from reports.pack import FORMATS

    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    if not wanted or not set(wanted) <= set(FORMATS):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(FORMATS)}")
    return wanted


if __name__ == "__main__":
    sys.exit(main())
