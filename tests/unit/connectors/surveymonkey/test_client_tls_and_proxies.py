"""The client over real TLS and through real proxies: whom it trusts, and who hears of the token."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from connectors.errors import SourceRefusedError, SourceUnreachableError
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.connection import Bounds
from connectors.surveymonkey.transport.rate_limits import Budget
from tests.certificates import ANOTHER, make_certificate
from tests.proxies import Proxy
from tests.unit.conftest import ScriptedPlatform

ENVIRONMENT = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    """Nothing of the surroundings in which the tests run."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def secure(tmp_path):
    """A platform that speaks TLS, and the file that makes a client trust it."""
    context, trusted = make_certificate(tmp_path)
    scripted = ScriptedPlatform(context)
    yield scripted, trusted
    scripted.close()


@pytest.fixture
def closed_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def _client(url, clock, token, **settings):
    return SurveyMonkey(token, url, budget=Budget(monotonic=clock.monotonic), sleep=clock.sleep, **settings)


def _error(kind, url, clock, token):
    with _client(url, clock, token) as client, pytest.raises(kind) as caught:
        client.who()
    sentence = str(caught.value)
    assert token not in sentence
    assert sentence.endswith(".")
    return sentence, client.requests


# Certificates


def test_a_certificate_that_the_environment_trusts_is_trusted(secure, clock, token, monkeypatch):
    platform, trusted = secure
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    platform.says({"id": "1"})
    with _client(platform.url, clock, token) as client:
        assert client.who().account_id == "1"
    assert platform.received[0].headers["Authorization"] == f"bearer {token}"


@pytest.mark.parametrize("made", [{}, {"name": ANOTHER}, {"valid_days": -1}], ids=["unknown", "name", "old"])
def test_a_certificate_that_cannot_be_trusted_ends_it_before_anything_is_sent(
    *, tmp_path, clock, token, monkeypatch, made
):
    context, trusted = make_certificate(tmp_path, **made)
    if made:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    platform = ScriptedPlatform(context)
    try:
        sentence, n_requests = _error(SourceUnreachableError, platform.url, clock, token)
    finally:
        platform.close()
    assert "certificate of 127.0.0.1 could not be trusted, so nothing was sent" in sentence
    assert "REQUESTS_CA_BUNDLE" in sentence
    assert platform.received == []
    assert (n_requests, clock.slept) == (1, [])


def test_a_file_of_certificates_that_cannot_be_read_is_refused_at_once(tmp_path, clock, token, monkeypatch):
    (tmp_path / "none.pem").write_text("no certificate")
    for path in (tmp_path / "missing.pem", tmp_path / "none.pem"):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
        with pytest.raises(SourceRefusedError, match="REQUESTS_CA_BUNDLE"):
            _client("https://api.example.org/v3", clock, token)
        _client("http://127.0.0.1:9/v3", clock, token).close()


# Names


def test_a_host_without_an_address_is_told_after_all_attempts(clock, token):
    sentence, n_requests = _error(SourceUnreachableError, "https://api.surveymonkey.invalid/v3", clock, token)
    assert "the name api.surveymonkey.invalid could not be looked up; 5 attempts" in sentence
    assert "check SURVEYMONKEY_API_URL" in sentence
    assert n_requests == 5


def test_a_port_on_which_nobody_listens_is_told_after_all_attempts(closed_port, clock, token):
    sentence, _ = _error(SourceUnreachableError, f"http://127.0.0.1:{closed_port}/v3", clock, token)
    assert "nothing answers at 127.0.0.1" in sentence
    assert "firewall" in sentence


# Proxies


def _proxy_of(platform, **settings):
    return Proxy(urlsplit(platform.url).port, **settings)


def test_a_proxy_sees_of_a_secure_call_the_hosts_name_only(secure, clock, token, monkeypatch):
    platform, trusted = secure
    proxy = _proxy_of(platform)
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    platform.says({"id": "1"}).says({"id": "1"})
    with _client(platform.url, clock, token) as client:
        client.who()
        client.who()
    proxy.close()

    (head,) = proxy.heads
    assert head.startswith(f"CONNECT 127.0.0.1:{urlsplit(platform.url).port} HTTP/1.")
    assert "authorization" not in head.lower()
    assert len(proxy.tunnelled) > 200
    assert token.encode() not in proxy.tunnelled
    assert platform.received[1].headers["Authorization"] == f"bearer {token}"


def test_a_proxy_of_plain_calls_sees_the_token_in_its_own_header_only(platform, clock, token, monkeypatch):
    proxy = _proxy_of(platform)
    monkeypatch.setenv("HTTP_PROXY", f"http://somebody:password@{proxy.address}")
    monkeypatch.setenv("http_proxy", f"http://somebody:password@{proxy.address}")
    platform.says({"id": "1"})
    with _client("http://api.example.org/v3", clock, token) as client:
        client.who()
    proxy.close()

    (head,) = proxy.heads
    assert head.startswith("GET http://api.example.org/v3/users/me HTTP/1.1\r\n")
    assert [line for line in head.splitlines() if token in line] == [f"Authorization: bearer {token}"]
    assert "Proxy-Authorization: Basic " in head
    assert platform.received[0].headers["Authorization"] == f"bearer {token}"


def test_a_host_that_needs_no_proxy_is_asked_directly(platform, clock, token, monkeypatch, closed_port):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    platform.says({"id": "1"})
    with _client(platform.url, clock, token) as client:
        assert client.who().account_id == "1"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_away_is_told_without_its_password(scheme, closed_port, clock, token, monkeypatch):
    monkeypatch.setenv(f"{scheme}_proxy", f"http://somebody:password@127.0.0.1:{closed_port}")
    sentence, n_requests = _error(SourceUnreachableError, f"{scheme}://api.example.org/v3", clock, token)
    assert "the proxy did not let it through; 5 attempts" in sentence
    assert "check HTTPS_PROXY" in sentence
    assert "password" not in sentence
    assert n_requests == 5


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_name_ends_it_at_once(scheme, platform, clock, token, monkeypatch):
    proxy = _proxy_of(platform, refuses_with=407)
    monkeypatch.setenv(f"{scheme}_proxy", f"http://somebody:word-of-pass@{proxy.address}")
    sentence, n_requests = _error(SourceRefusedError, f"{scheme}://api.example.org/v3", clock, token)
    proxy.close()
    assert "wants a name and a password (HTTP 407)" in sentence
    assert "word-of-pass" not in sentence
    assert (n_requests, len(proxy.heads)) == (1, 1)
    assert platform.received == []


@pytest.mark.parametrize(
    "address", ["socks5://127.0.0.1:1080", "ftp://127.0.0.1", "http://", "http://127.0.0.1:port"]
)
def test_an_address_that_is_no_proxys_ends_it_at_once(address, clock, token, monkeypatch):
    monkeypatch.setenv("https_proxy", address)
    sentence, n_requests = _error(SourceRefusedError, "https://api.example.org/v3", clock, token)
    assert "HTTPS_PROXY" in sentence
    assert n_requests == 1


def test_a_proxy_that_hangs_is_given_up_in_time(clock, token, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{silent.getsockname()[1]}")
        bounds = Bounds(connect_seconds=0.3, read_seconds=0.3, total_seconds=1)
        with (
            _client("https://api.example.org/v3", clock, token, bounds=bounds, waits=()) as client,
            pytest.raises(SourceUnreachableError),
        ):
            client.who()
