"""`pledge recount`: who counts, decided anew from what the vault holds, and published; no call is made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from flows.decide import audit, build, check_incoming, stage
from flows.errors import DONE, SettingsError
from flows.importing import form_of_the_vault
from flows.night import Asked, open_night, timed
from flows.retention import why_nothing_comes_in
from flows.show import print_json
from flows.tell import publish, tell
from warehouse import load

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from flows.night import Night
    from flows.settings import Settings


def the_recount(do: Callable[[Callable[[Night], None]], None]) -> None:
    """All steps in order, each through *do*."""
    do(remember_form)
    do(stage)
    do(check_incoming)
    do(build)
    do(audit)
    do(publish)
    do(tell)


def recount(options: argparse.Namespace, settings: Settings) -> int:
    """The steps of a night from the fifth on; see flows.nightly."""
    from flows.commands import sentence_of
    from flows.progress import LOG, log_to_stderr, shown_progress

    log_to_stderr()
    if not settings.vault_path.exists():
        raise SettingsError("There is no vault yet, so there is nothing to count; run: pledge sync")
    with (
        shown_progress() as progress,
        open_night(
            settings,
            command="recount",
            progress=progress,
            asked=Asked(accepts_fall=options.accept_fall, rechecks=options.recheck),
        ) as night,
    ):
        the_recount(lambda step: timed(night, step))
    if options.json:
        print_json(night.record.as_json())
    else:
        LOG.info("%s", sentence_of(night.record))
    sys.stdout.flush()
    return DONE


def remember_form(night: Night) -> None:
    """Take the form as the last run saw it."""
    night.form = form_of_the_vault(night)
    if not night.form.survey_id:
        raise SettingsError("No response of the pledge is kept yet; run: pledge sync, or pledge import")
    _, _, is_walk_complete = load.cursor_of(night.vault, night.survey_id)
    is_from_platform = load.last_fetched_at(night.vault, night.survey_id) is not None
    night.is_walk_whole = is_walk_complete or not is_from_platform or night.is_final
    if night.is_final:
        night.progress.say(why_nothing_comes_in(night))
    night.fresh_as_of = night.earlier[0].fresh_as_of if night.earlier else None
    if not night.is_walk_whole:
        night.warn(
            "The last walk over the platform's responses has not come to its end, so nothing is published; "
            "the next sync goes on from there."
        )
