"""Settings, disk, token and survey, looked at before a call is spent."""

import shutil
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.rate_limits import Budget
from connectors.surveymonkey.transport.retry import WAITS
from flows.errors import SettingsError
from flows.run.context import Platform, RunContext
from flows.run.record import RunRecord
from flows.settings.model import SourceSettings
from warehouse.errors import DiskError

LEAST_FREE_BYTES = 200_000_000  # a night of 100,000 responses needs about half of it


def preflight(run: RunContext) -> Platform:
    """Look at settings, disk, token and survey before a call is spent."""
    settings = run.settings
    free = shutil.disk_usage(settings.home).free
    if free < LEAST_FREE_BYTES:
        raise DiskError(
            f"Only {free // 1_000_000} MB are free for {settings.home.name}; free some room, then run again."
        )
    client = open_platform(settings, run.now(), run.earlier, sleep=run.sleep, monotonic=run.monotonic)
    run.at_end.callback(client.close)
    run.at_end.callback(_note_calls, run.record, client)
    client.who()  # a token that is refused is known after one call
    return Platform(client, settled_survey(settings, client))


def _note_calls(record: RunRecord, client: SurveyMonkey) -> None:
    record.requests = client.requests
    record.calls_left_today = client.budget.calls_left_today


def open_platform(
    settings: SourceSettings,
    now: datetime,
    earlier: Sequence[RunRecord],
    *,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    is_tried_once: bool = False,
) -> SurveyMonkey:
    """The platform, with what earlier runs of today have learnt about the calls left.

    is_tried_once: a call that brings nothing usable is not made again.

    Raises:
        SettingsError: there is no token.
    """
    if not settings.token:
        raise SettingsError(
            "No token: set SURVEYMONKEY_ACCESS_TOKEN (or SURVEYMONKEY_ACCESS_TOKEN_FILE) to the access "
            "token of the app on SurveyMonkey's developer page; or try “pledge demo”, which needs none."
        )
    known = _known_limits(now, earlier)
    budget = Budget(reserve=settings.calls_reserved, known=known, monotonic=monotonic)
    return SurveyMonkey(
        settings.token,
        settings.api_url,
        budget=budget,
        sleep=sleep,
        monotonic=monotonic,
        waits=() if is_tried_once else WAITS,
    )


def _known_limits(now: datetime, earlier: Sequence[RunRecord]) -> tuple[int, int] | None:
    """Calls that the last run of today left, and seconds until the day ends; None if there was none.

    The platform's day ends at 00:00 UTC: a run over midnight may have learnt it before or after.
    """
    today = now.date().isoformat()
    whole = (one for one in earlier if one.started_at.startswith(today) and (one.ended_at or "") >= today)
    left = next((one.calls_left_today for one in whole if one.calls_left_today is not None), None)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    seconds = round((midnight - now).total_seconds())
    return None if left is None else (left, seconds)


def settled_survey(settings: SourceSettings, platform: SurveyMonkey) -> str:
    """The id of the survey that the settings name, or of the only one there is.

    Raises:
        SettingsError: none or several fit; the sentence lists them.
    """
    if settings.survey_id:
        return settings.survey_id
    if settings.survey_link:
        return platform.survey_of_link(settings.survey_link)
    found = platform.find_surveys(settings.survey_title)
    if len(found) == 1:
        return found[0][0]
    listed = "; ".join(f"{survey_id} “{title[:40]}”" for survey_id, title in found[:10]) or "none"
    raise SettingsError(f"Which survey? Set PLEDGE_SURVEY_ID to one of those the token can see: {listed}.")
