"""The client against what a wire can bring: cut, slow, packed, endless, in other letters, or no HTTP."""

from __future__ import annotations

import gzip
import io
import json
import logging
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
import tracemalloc
import zlib

import pytest

from connectors.errors import SourceError, SourceRefusedError, SourceUnreachableError
from connectors.survey.contract import Cursor
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.connection import Bounds, Connection
from connectors.surveymonkey.transport.rate_limits import Budget

GOOD = {"id": "1"}
HEAD = b"HTTP/1.1 200 OK\r\n"


def _sends(*pieces, pause=0.0):
    """Sends bytes as they are, and hangs up."""

    def answer(handler):
        handler.close_connection = True
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def _reset(handler):
    """Hangs up in the middle so that the other side is told by a reset."""
    handler.wfile.write(HEAD + b'Content-Length: 90\r\n\r\n{"id"')
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.wfile = io.BytesIO()
    handler.close_connection = True


def _once(platform, token="invented", **bounds):
    """A client that tries once, within a second."""
    limits = {"connect_seconds": 1.0, "read_seconds": 0.5, "total_seconds": 0.8, **bounds}
    return SurveyMonkey(
        token,
        platform.url,
        budget=Budget(),
        bounds=Bounds(**limits),
        waits=(),
        sleep=lambda _: None,
    )


def _chunked(*chunks, end=b"0\r\n\r\n"):
    body = b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks)
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body + end


# Cut short, and asked for again


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(_reset, id="reset within the body"),
        pytest.param(_sends(), id="hung up without a word"),
        pytest.param(_sends(b"HTTP/1.1 200"), id="cut within the first line"),
        pytest.param(_sends(HEAD + b"Content-Le"), id="cut within the headers"),
        pytest.param(_sends(HEAD + b'Content-Length: 90\r\n\r\n{"id": "1"}'), id="shorter than it says"),
        pytest.param(_sends(_chunked(b'{"id": "1"}', end=b"")), id="without the last chunk"),
        pytest.param(_sends(_chunked(b'{"id": ', end=b'ff\r\n"1"')), id="cut within a chunk"),
        pytest.param(_sends(_chunked(end=b"no number\r\n")), id="chunks without measure"),
        pytest.param(_sends(HEAD + b'\r\n{"id": '), id="cut where no length is told"),
        pytest.param(_sends(b"SSH-2.0-OpenSSH_9.2\r\n"), id="not HTTP"),
        pytest.param(_sends(b"\x15\x03\x01\x00\x02\x02\x28"), id="TLS"),
        pytest.param(_sends(b"HTTP/1.1 nine OK\r\n\r\n"), id="a status that is no number"),
        pytest.param(_sends(HEAD + b"X: y\r\n" * 200 + b"\r\n{}"), id="headers by the hundred"),
        pytest.param(_sends(HEAD + b"X: " + b"y" * 100_000 + b"\r\n\r\n{}"), id="a header without end"),
        pytest.param(
            _sends(
                HEAD + b"Connection: close\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!"
            ),
            id="packed wrongly",
        ),
        pytest.param(
            _sends(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b'{"id": "1"}')[:-12]),
            id="packed and cut",
        ),
        pytest.param(
            _sends(
                HEAD + b"Connection: close\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\n\x0b\x02\x80{"
            ),
            id="packed in a way not asked for",
        ),
    ],
)
def test_an_answer_that_did_not_come_whole_is_asked_for_again(platform, client, fault):
    platform.does(fault).says(GOOD)
    assert client.who().account_id == "1"
    assert client.requests == 2


# Slow, or without end


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(_sends(*[b"H"] * 60, pause=0.05), id="a first line that drips"),
        pytest.param(_sends(HEAD, *[b"X: y\r\n"] * 60, pause=0.05), id="headers that drip"),
        pytest.param(
            _sends(HEAD + b"Content-Length: 99\r\n\r\n", *[b" "] * 60, pause=0.05), id="a body that drips"
        ),
        pytest.param(_sends(_chunked(end=b""), *[b"1\r\n \r\n"] * 60, pause=0.05), id="chunks that drip"),
        pytest.param(_sends(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 60, pause=0.05), id="only ever: go on"),
        pytest.param(lambda _: time.sleep(1.5), id="silence"),
    ],
)
def test_an_answer_that_takes_too_long_is_given_up(platform, fault):
    platform.does(fault)
    began = time.monotonic()
    with (
        _once(platform) as client,
        pytest.raises(SourceUnreachableError, match="no whole answer came in time"),
    ):
        client.who()
    assert time.monotonic() - began < 1.4


GIVES_UP_AND_ASKS_AGAIN = """
import sys
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.connection import Bounds
from connectors.surveymonkey.transport.rate_limits import Budget
bounds = Bounds(total_seconds=0.3)
with SurveyMonkey("invented", sys.argv[1], budget=Budget(), bounds=bounds, sleep=lambda _: None) as client:
    print(client.who().account_id, client.requests)
"""


def test_a_call_that_was_given_up_holds_up_neither_the_next_one_nor_the_end_of_the_process(platform):
    platform.does(_sends(HEAD, *[b"X: y\r\n"] * 400, pause=0.05)).says(GOOD)
    process = subprocess.run(
        [sys.executable, "-c", GIVES_UP_AND_ASKS_AGAIN, platform.url],
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    assert (process.stdout, process.stderr) == ("1 2\n", "")


def test_a_body_that_comes_too_slowly_is_read_no_further(platform):
    platform.does(_sends(HEAD + b"\r\n", *[b" " * 100_000] * 60, pause=0.05))
    before = threading.active_count()
    with _once(platform, total_seconds=0.2) as client, pytest.raises(SourceUnreachableError):
        client.who()
    until = time.monotonic() + 2
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.active_count() <= before


def test_a_query_never_carries_a_raw_plus_or_blank(platform):
    platform.says({})
    Connection("invented", platform.url, bounds=Bounds()).fetch("/surveys", {"title": "a + b"})
    assert "+" not in platform.received[0].target
    assert platform.received[0].query == {"title": "a + b"}


def test_a_path_cannot_change_the_host_and_the_bug_is_raised_as_it_is(platform):
    connection = Connection("invented", platform.url, bounds=Bounds())
    with pytest.raises(ValueError, match="slash"):
        connection.fetch("@example.org/", {})
    assert platform.received == []


def test_a_body_without_end_is_given_up_at_its_bound(platform):
    platform.does(_sends(HEAD + b"\r\n", *[b" " * 100_000] * 200))
    with (
        _once(platform, body_bytes=1_000_000, total_seconds=20) as client,
        pytest.raises(SourceUnreachableError, match="larger than any should be"),
    ):
        client.who()


def _packed(n_bytes, times):
    body = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    piece = b" " * 1_000_000
    packed = b"".join([body.compress(piece) for _ in range(n_bytes // len(piece))]) + body.flush()
    for _ in range(times - 1):
        packed = gzip.compress(packed)
    return packed


@pytest.mark.parametrize(("n_bytes", "times"), [(200_000_000, 1), (200_000_000, 2)])
def test_a_small_body_that_unpacks_to_a_huge_one_is_stopped_while_it_unpacks(platform, n_bytes, times):
    packed = _packed(n_bytes, times)
    assert len(packed) < 250_000
    platform.says(packed, headers={"Content-Encoding": ", ".join(["gzip"] * times)})
    with _once(platform, body_bytes=2_000_000, total_seconds=20, read_seconds=20) as client:
        tracemalloc.start()
        try:
            with pytest.raises(SourceUnreachableError, match="larger than any should be"):
                client.who()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 12_000_000


def test_a_body_packed_over_and_over_is_not_unpacked(platform):
    platform.says(b"", headers={"Content-Encoding": ", ".join(["gzip"] * 50)})
    with _once(platform) as client, pytest.raises(SourceUnreachableError):
        client.who()


# In other letters, and from older servers


@pytest.mark.parametrize("letters", ["latin-1", "utf-16", "utf-32-le", "cp037"])
def test_a_body_in_other_letters_is_refused_rather_than_misread(platform, letters):
    body = '{"data": [{"id": "1", "text": "Sìne Invented, café"}], "total": 1}'.encode(letters)
    platform.says(body, headers={"Content-Type": f"application/json; charset={letters}"})
    with _once(platform) as client, pytest.raises(SourceUnreachableError, match="not the JSON") as caught:
        list(client.responses("7", Cursor()))
    assert "Invented" not in str(caught.value)


def test_json_is_read_as_utf_8_whatever_letters_are_claimed(platform, client):
    body = '{"data": [{"id": "1", "text": "Sìne"}], "total": 1}'.encode()
    platform.says(body, headers={"Content-Type": "text/plain; charset=latin-1"})
    (page,) = client.responses("7", Cursor())
    assert page.bodies == ['{"id": "1", "text": "Sìne"}']


@pytest.mark.parametrize(
    "answer",
    [
        b'HTTP/1.0 200 OK\r\n\r\n{"id": "1"}',
        b'HTTP/1.0 200 OK\r\nContent-Length: 11\r\n\r\n{"id": "1"}',
        b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"id": "1"}',
        b'HTTP/1.1 200\r\n\r\n{"id": "1"}',
    ],
)
def test_servers_that_hang_up_after_each_answer_are_understood(platform, client, answer):
    platform.does(_sends(answer)).does(_sends(answer))
    assert [client.who().account_id for _ in range(2)] == ["1", "1"]
    assert client.requests == 2


# Redirects


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["elsewhere", "here", "relative", "broken", "none"])
def test_no_redirect_is_followed_wherever_it_leads(*, platform, elsewhere, client, status, where):
    target = {
        "elsewhere": elsewhere.url + "/users/me?token=secret",
        "here": platform.url + "/users/me",
        "relative": "/v3/users/you",
        "broken": "http://[secret",
        "none": None,
    }[where]
    platform.says({}, status, {} if target is None else {"Location": target})
    with pytest.raises(SourceRefusedError, match="which is not followed") as caught:
        client.who()
    assert "secret" not in str(caught.value)
    assert elsewhere.received == []
    assert len(platform.received) == 1


# The token


def _outcomes(platform):
    """All sorts of answers, each for one call."""
    platform.says(GOOD)
    for status in (301, 400, 401, 403, 404, 407, 429, 500, 503):
        platform.says({"error": {"id": "0"}}, status, {"Location": "http://127.0.0.1:9/"})
    platform.does(_reset).does(_sends()).does(_sends(b"nonsense\r\n"))
    platform.does(_sends(HEAD + b"X: y\r\n" * 200)).does(_sends(HEAD + b"Content-Length: 5\r\n\r\n1"))
    platform.says(b"\xff").says(GOOD, headers={"Content-Encoding": "gzip"})
    return 17


def test_the_token_is_in_no_log_output_or_error_and_in_no_address(platform, capfd, caplog):
    token = "a-token-to-look-for"
    caplog.set_level(logging.DEBUG)
    n_calls = _outcomes(platform)
    told = []
    with _once(platform, token, total_seconds=5) as client:
        for _ in range(n_calls):
            try:
                client.who()
            except SourceError as error:
                told += [str(error), repr(error), *traceback.format_exception(error)]
                while error is not None:
                    told += [str(error), repr(error), json.dumps(error.args, default=repr)]
                    error = error.__context__
        told += [repr(client), repr(client._connection), repr(client._requester), repr(client.budget)]

    assert len(platform.received) == n_calls
    assert all(request.headers["Authorization"] == f"bearer {token}" for request in platform.received)
    assert not any(token in request.target for request in platform.received)
    assert "GET /v3/users/me" in caplog.text
    assert token not in caplog.text
    assert token not in "".join(capfd.readouterr())
    assert not [text for text in told if token in text]
