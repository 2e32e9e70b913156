"""`pledge schedule`: serve the nightly schedule, with a Prefect server of its own if none is set."""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flows.errors import DONE, SettingsError
from flows.run.progress import LOG, log_to_stderr
from flows.settings.environment import PREFECT_STARTUP_SECONDS, make_prefect_home
from flows.settings.model import Home, UpkeepSettings

USUAL_PORT = 4200
SECONDS_TO_STOP = 5.0


def schedule(options: argparse.Namespace, settings: UpkeepSettings) -> int:
    """Serve the schedule until stopped; one night at a time, a second one is not begun."""
    log_to_stderr()
    make_prefect_home()
    _hand_down(settings)
    with _prefect_api():
        _serve(options.cron or settings.cron, settings.zone)
    return DONE


def _hand_down(settings: Home) -> None:
    """Tell the nights, which run as processes of their own, where this one found its settings."""
    os.environ["PLEDGE_HOME"] = str(settings.home)
    config = Path(os.environ.get("PLEDGE_CONFIG", "pledge.toml"))
    if config.exists():
        os.environ["PLEDGE_CONFIG"] = str(config.absolute())


@contextmanager
def _prefect_api() -> Iterator[None]:
    """The configured API, or a server on this machine that ends with the block."""
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    port = _free_port()
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and words
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await_health(server, f"http://127.0.0.1:{port}/api/health")
        LOG.info("Prefect's server runs at http://127.0.0.1:%s; open it to see the nights.", port)
        yield
    finally:
        server.terminate()
        try:
            server.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            server.kill()


def _free_port() -> int:
    """Prefect's usual port, or another one if that is taken."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SettingsError("No port is free for Prefect's server; set PREFECT_API_URL to one that runs.")


def _await_health(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + PREFECT_STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - this machine's own server
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise SettingsError(
        f"Prefect's server did not start within {PREFECT_STARTUP_SECONDS} s; free memory or processor time, "
        "set PREFECT_API_URL to a server that runs, or use cron with “pledge sync --direct”."
    )


def _serve(cron: str, zone: str) -> None:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.flows import EntrypointType
    from prefect.runner import Runner
    from prefect.schedules import Cron

    from flows.orchestration.prefect_flow import nightly_sync

    class Serving(Runner):
        """Prefect's own way with SIGTERM leaves its shutdown undone; to cancel its task does it."""

        stop_now: Callable[[], object] = staticmethod(lambda: None)

        def handle_sigterm(self, *_args: object, **_kwargs: object) -> None:
            self.stop_now()

    async def serve() -> None:
        task = asyncio.current_task()
        if task is not None:
            runner.stop_now = partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel)
        await runner.start()

    try:
        schedules = [Cron(cron, timezone=zone)]
    except ValueError:
        raise SettingsError(f"“{cron}” is no cron line; use five fields, such as 15 2 * * *.") from None
    runner = Serving(name="nightly", limit=1, pause_on_shutdown=False)
    runner.add_flow(
        nightly_sync,
        name="nightly",
        schedules=schedules,
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    LOG.info("Serving the nightly sync: cron %s, %s. Stop with Ctrl-C.", cron, zone)
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(serve())
    LOG.info("Stopped serving.")
