"""What pages in flight save where each answer takes its time, and what they cost in calls.

Run by hand. A platform on loopback answers each call after a wait, over connections that are kept,
and counts its calls; the walk is made with one page at a time and with several. Nothing is
asserted: the numbers are for people.
"""

from __future__ import annotations

import argparse
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from connectors.sandbox.server.filters import read_query
from connectors.sandbox.server.pages import links, list_body, read_paging
from connectors.sandbox.server.platform_state import Platform
from connectors.sandbox.world.people import invent
from connectors.sandbox.world.pledge import SURVEY_ID
from connectors.survey.contract import Cursor
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.rate_limits import Budget

UNTIL = datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
LIMITS = {
    f"X-Ratelimit-App-Global-{name}": str(value)
    for name, value in (
        ("Minute-Remaining", 100_000),
        ("Minute-Reset", 60),
        ("Day-Remaining", 100_000),
        ("Day-Reset", 9000),
    )
}


def main() -> None:
    options = _options()
    platform = Platform(invent(options.responses, 1, UNTIL), clock=lambda: UNTIL)
    print(f"{options.responses:,} responses, {options.latency_ms} ms an answer")
    print(f"{'in flight':>10}{'calls':>8}{'wall s':>9}{'s a page of 100':>17}")
    with _slow_platform(platform, options.latency_ms / 1000) as url:
        for in_flight in options.in_flight:
            n_calls, wall = _walked(url, in_flight, options.responses)
            pages = options.responses / 100
            print(f"{in_flight:>10}{n_calls:>8}{wall:>9.2f}{wall / pages:>17.3f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=4000, help="how many the platform holds (4000)")
    parser.add_argument("--latency-ms", type=int, default=100, help="what an answer takes (100)")
    parser.add_argument("--in-flight", type=int, nargs="+", default=[1, 2, 3, 4, 8], help="pages at a time")
    return parser.parse_args()


def _walked(url: str, in_flight: int, n_responses: int) -> tuple[int, float]:
    began = time.monotonic()
    with SurveyMonkey("sandbox-token", url, budget=Budget(), in_flight=in_flight) as client:
        ids = [key for page in client.responses(SURVEY_ID, Cursor()) for key in page.ids]
        if len(set(ids)) != n_responses:
            raise SystemExit(f"{len(set(ids))} responses came of {n_responses}.")
        return client.requests, time.monotonic() - began


@contextmanager
def _slow_platform(platform: Platform, seconds: float):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            time.sleep(seconds)
            parts = urlsplit(self.path)
            params = dict(parse_qsl(parts.query))
            paging = read_paging(params, most=100)
            items, total = platform.bulk_page(read_query(params), paging.first, paging.per_page)
            body = list_body(items, paging, total, links(parts.path, params.items(), paging, total))
            self.send_response(200)
            for name, value in {**LIMITS, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v3"
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
