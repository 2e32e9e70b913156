"""`pledge doctor`: every setting and permission tried, each with its next step."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial

from flows.doctor import machine_checks as machine
from flows.doctor import vault_checks as vault
from flows.doctor.findings import PROBLEM, WARNING, Finding, problem
from flows.doctor.survey_checks import platform
from flows.errors import DONE, SETTINGS, is_told, sentence_of
from flows.output import print_json
from flows.run.clock import now_in_utc
from flows.settings.model import Settings

Tried = Finding | None | Iterable[Finding]


def doctor(options: argparse.Namespace, settings: Settings) -> int:
    """Try all, whatever fails; nothing is written but for --fix."""
    findings: list[Finding] = []
    for finding in findings_of(settings, is_fixed=options.fix):
        findings.append(finding)
        if not options.json:
            sys.stdout.write(f"{finding}\n")
            sys.stdout.flush()
    n_problems, n_warnings = (
        sum(finding.state == state for finding in findings) for state in (PROBLEM, WARNING)
    )
    if options.json:
        listed = [asdict(finding) for finding in findings]
        print_json({"findings": listed, "n_problems": n_problems, "n_warnings": n_warnings})
    else:
        sys.stderr.write(f"Tried: {len(findings)}; problems: {n_problems}; warnings: {n_warnings}.\n")
    return SETTINGS if n_problems else DONE


def findings_of(settings: Settings, *, is_fixed: bool = False) -> Iterator[Finding]:
    """What each check finds, one after another; one that can't be made is a problem by itself."""
    now = now_in_utc()
    remembered = vault.Remembered()
    checks: list[tuple[str, Callable[[], Tried]]] = [
        ("python", machine.python_version),
        ("libraries", machine.libraries),
        ("encryption", partial(machine.encryption, settings)),
        ("home", partial(machine.home, settings)),
        ("rights", partial(machine.owner_only, settings, is_fixed=is_fixed)),
        ("token file", machine.token_file),
        ("core dumps", machine.cores),
        ("time zones", partial(machine.time_zones, settings)),
        ("key", partial(vault.key, settings)),
        ("vault", partial(vault.vault, settings, now, remembered)),
        ("copies", partial(vault.copies, settings, now)),
        ("lists", partial(vault.lists, settings, now)),
        ("published", partial(vault.published, settings)),
        ("last run", partial(vault.last_run, settings, now)),
        ("schedule", partial(machine.schedule, settings)),
        ("prefect", machine.prefect_api),
        ("platform", partial(platform, settings, now, remembered)),
    ]
    for name, check in checks:
        yield from _tried(name, check)


def _tried(name: str, check: Callable[[], Tried]) -> Iterator[Finding]:
    try:
        found = check()
        yield from () if found is None else (found,) if isinstance(found, Finding) else found
    except Exception as error:  # noqa: BLE001 - the others are still to be tried
        text = sentence_of(error) if is_told(error) else f"It could not be tried ({type(error).__name__})."
        yield problem(name, text)
