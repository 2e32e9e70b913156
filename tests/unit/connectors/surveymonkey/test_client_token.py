"""The token goes to the platform's host alone, and is shown nowhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from connectors.errors import SourceRefusedError
from connectors.survey.contract import Cursor
from connectors.surveymonkey.client import SurveyMonkey
from connectors.surveymonkey.transport.rate_limits import Budget


def _response(number, second=0):
    return {"id": number, "date_modified": f"2026-03-05T18:05:{second:02}+00:00", "pages": []}


def _listed(*items, total=None):
    return {"data": items, "page": 1, "per_page": 100, "total": len(items) if total is None else total}


# The token


def test_a_redirect_is_not_followed_and_names_the_other_host_only(platform, elsewhere, client):
    target = elsewhere.url.replace("127.0.0.1", "localhost") + "/users/me?secret=1"
    platform.says({}, 302, {"Location": target})
    with pytest.raises(SourceRefusedError, match=r"points to localhost \(HTTP 302\)") as caught:
        client.who()
    assert "secret" not in str(caught.value)
    assert elsewhere.received == []


def test_links_to_another_host_are_not_followed(platform, elsewhere, client):
    first = [_response(number, second) for number, second in ((1, 1), (2, 5), (3, 9))]
    links = {"next": elsewhere.url + "/surveys/7/responses/bulk?page=2"}
    platform.says({**_listed(*first, total=4), "per_page": 3, "links": links})
    platform.says({**_listed(_response(3, 9), _response(4, 10)), "links": links})
    assert [page.ids for page in client.responses("7", Cursor())] == [["1", "2", "3"], ["4"]]
    assert elsewhere.received == []


def test_a_netrc_file_does_not_replace_the_token(platform, tmp_path, monkeypatch, clock, token):
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {urlsplit(platform.url).hostname} login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    platform.says({"id": "1"})
    with SurveyMonkey(token, platform.url, budget=Budget(), sleep=clock.sleep) as client:
        client.who()
    assert platform.received[0].headers["Authorization"] == f"bearer {token}"


def test_a_proxy_of_the_environment_is_used(platform, monkeypatch, clock, token):
    monkeypatch.setenv("http_proxy", platform.url.removesuffix("/v3"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    platform.says({"id": "1"})
    with SurveyMonkey(token, "http://api.example.org/v3", budget=Budget(), sleep=clock.sleep) as client:
        client.who()
    assert platform.received[0].target == "http://api.example.org/v3/users/me"


def test_cookies_are_not_kept(platform, client):
    platform.says({"id": "1"}, headers={"Set-Cookie": "a=b"}).says({"id": "1"})
    client.who()
    client.who()
    assert "Cookie" not in platform.received[1].headers


def test_a_client_shown_hides_the_token(client, token):
    assert token not in repr(client)
    assert token not in repr(client._connection)


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "caf\u00e9"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_quoted(platform, token):
    with pytest.raises(SourceRefusedError, match="SURVEYMONKEY_ACCESS_TOKEN") as caught:
        SurveyMonkey(token, platform.url, budget=Budget())
    assert not token.strip() or token not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "api.surveymonkey.com/v3", "ftp://x/v3", "https://u:p@x/v3", "http://[x", "http://x/v3?a=b"]
)
def test_an_address_that_is_none_is_refused(url, token):
    with pytest.raises(SourceRefusedError, match="SURVEYMONKEY_API_URL"):
        SurveyMonkey(token, url, budget=Budget())
