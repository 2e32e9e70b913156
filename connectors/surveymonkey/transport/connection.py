"""One call to the platform, once: the token goes to one host, and the answer ends in time and in size."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests
import urllib3

from connectors.errors import SourceRefusedError
from connectors.surveymonkey.transport.network_errors import check_certificates, fault_of, too_late
from connectors.surveymonkey.transport.retry import FaultyAnswerError

CHUNK_BYTES = 64 * 1024  # size and time are looked at after each


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one attempt may take.

    connect_seconds, read_seconds: until connected, and between two pieces of the answer.
    total_seconds: for the whole call, however steadily the answer drips. body_bytes: once unpacked.
    """

    connect_seconds: float = 5.0
    read_seconds: float = 60.0
    total_seconds: float = 120.0
    body_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: HTTP status, headers (in any case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """A kept connection to the API at *api_url*.

    Proxies and certificates are taken from the environment as requests does; a ``.netrc`` never is,
    since it would replace the token. Redirects are given back as they are, not followed.

    Raises:
        SourceRefusedError: token, address or the environment's certificates can't be used at all.
    """

    def __init__(self, token: str, api_url: str, *, bounds: Bounds) -> None:
        self._headers = _headers(token)
        self._base_url = api_url.rstrip("/")
        self.host = _host(api_url)
        self._bounds = bounds
        self._session = requests.Session()
        self._adapter = self._session.get_adapter(self._base_url)
        self._surroundings: Any = self._session.merge_environment_settings(
            self._base_url, {}, stream=True, verify=None, cert=None
        )
        if self._base_url.startswith("https:"):
            check_certificates(self._surroundings["verify"])

    def close(self) -> None:
        self._session.close()

    def fetch(self, path: str, params: Mapping[str, str]) -> Answer:
        """Ask once for *path*.

        Raises:
            FaultyAnswerError: no whole answer came; another attempt may bring one.
            SourceError: none will, until somebody acts: a certificate can't be trusted, or a proxy not used.
        """
        outcome: Future[Answer] = Future()

        def ask() -> None:
            try:
                outcome.set_result(self._asked(path, params))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
                outcome.set_exception(error)

        # A read time-out starts anew with each byte, so that a server that drips could hold a call for
        # hours. Therefore the waiting is bounded and not the reading: a thread that reads too long is left
        # to itself, and is a daemon, so that no process waits for it.
        threading.Thread(target=ask, daemon=True).start()
        try:
            return outcome.result(self._bounds.total_seconds)
        except TimeoutError:
            raise too_late() from None

    def _asked(self, path: str, params: Mapping[str, str]) -> Answer:
        try:
            return self._exchange(self._request(path, params))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            fault = fault_of(error, self.host)
        # Raised here, so that no exception of a library, with the token in its frames, hangs on it.
        raise fault

    def _request(self, path: str, params: Mapping[str, str]) -> requests.PreparedRequest:
        if not path.startswith("/"):
            raise ValueError("a path begins with a slash, or it could change the host")
        # Blanks become %20 and a plus %2B: a raw plus is read as a blank by some and as a plus by others.
        query = "?" + urlencode(params, quote_via=quote) if params else ""
        request = requests.PreparedRequest()
        request.prepare_method("GET")
        request.prepare_url(self._base_url + path + query, None)
        request.prepare_headers(self._headers)
        return request

    def _exchange(self, request: requests.PreparedRequest) -> Answer:
        until = time.monotonic() + self._bounds.total_seconds
        times = (self._bounds.connect_seconds, self._bounds.read_seconds)
        # Straight to the adapter: a session would read a redirect's body, and keep cookies.
        response = self._adapter.send(request, timeout=times, **self._surroundings)
        try:
            return Answer(response.status_code, response.headers, self._body(response.raw, until))
        finally:
            response.close()

    def _body(self, raw: urllib3.HTTPResponse, until: float) -> bytes:
        chunks: list[bytes] = []
        n_bytes = 0
        for chunk in raw.stream(CHUNK_BYTES, decode_content=True):
            chunks.append(chunk)
            n_bytes += len(chunk)
            if n_bytes > self._bounds.body_bytes:
                raise FaultyAnswerError("the answer was larger than any should be")
            if time.monotonic() > until:
                raise too_late()
        return b"".join(chunks)


def _headers(token: str) -> dict[str, str]:
    token = token.strip()
    # What an HTTP header can't carry would be quoted, token and all, in a library's error.
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SourceRefusedError(
            "The access token is empty, or holds blanks, line breaks or signs that no token has. "
            "Copy it anew from the app's settings into SURVEYMONKEY_ACCESS_TOKEN."
        )
    return {
        "Authorization": f"bearer {token}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "Content-Type": "application/json",
        "User-Agent": "connect-pledge",
    }


def _host(api_url: str) -> str:
    try:
        parts = urlsplit(api_url)
    except ValueError:
        parts = urlsplit("")
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.username
        or parts.query
        or parts.fragment
    ):
        raise SourceRefusedError(
            "SURVEYMONKEY_API_URL is no address of an API. "
            "Set it to one like https://api.surveymonkey.com/v3, without user name or query."
        )
    return parts.hostname
