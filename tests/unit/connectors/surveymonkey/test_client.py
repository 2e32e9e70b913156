"""The client over real HTTP: what it asks, and what it makes of the answers."""

from __future__ import annotations

import json

import pytest

from connectors.errors import SourceRefusedError
from connectors.survey.contract import Cursor
from connectors.surveymonkey.payloads import Account


def _response(number, second=0):
    return {"id": number, "date_modified": f"2026-03-05T18:05:{second:02}+00:00", "pages": []}


def _listed(*items, total=None):
    return {"data": items, "page": 1, "per_page": 100, "total": len(items) if total is None else total}


# What it asks


def test_a_call_carries_the_token_and_asks_for_json(platform, client, token):
    platform.says({"id": "1", "scopes": {"granted": ["responses_read_detail", "users_read"]}})
    account = client.who()
    assert account == Account("1", ("responses_read_detail", "users_read"), clock=account.clock)
    (request,) = platform.received
    assert request.path == "/v3/users/me"
    assert request.headers["Authorization"] == f"bearer {token}"
    assert request.headers["Content-Type"] == "application/json"
    assert client.requests == 1


def test_scopes_may_stand_in_a_header_or_nowhere(platform, client):
    platform.says({"id": 1}, headers={"X-OAuth-Scopes-Granted": "users_read,responses_read_detail"})
    platform.says({"id": 1})
    assert client.who().scopes == ("users_read", "responses_read_detail")
    assert client.who().scopes is None


def test_a_token_that_cannot_read_answers_is_refused_by_name_of_the_scope(platform, client):
    platform.says({"id": "1", "scopes": {"granted": ["users_read", "responses_read"]}})
    with pytest.raises(SourceRefusedError, match="responses_read_detail, which needs a paid plan"):
        client.who()


def test_surveys_are_found_by_a_part_of_their_title(platform, client):
    platform.says(_listed({"id": 7, "title": "The Connect  Pledge"}, {"id": "8", "title": None}))
    assert client.find_surveys("connect pledge") == [("7", "The Connect  Pledge")]


def test_a_survey_called_just_so_outranks_those_that_hold_the_title(platform, client):
    platform.says(_listed({"id": "7", "title": "Pledge (old)"}, {"id": "8", "title": "pledge"}))
    assert client.find_surveys("Pledge") == [("8", "pledge")]


def test_a_long_list_is_read_page_by_page(platform, client):
    platform.says(_listed({"id": "7", "title": "A"}, total=2)).says(
        _listed({"id": "8", "title": "B"}, total=2)
    )
    assert client.find_surveys() == [("7", "A"), ("8", "B")]
    assert [request.query["page"] for request in platform.received] == ["1", "2"]


@pytest.mark.parametrize(
    "link", ["https://www.surveymonkey.co.uk/r/PNT25QM?lang=en", "PNT25QM", "/r/pnt25qm/"]
)
def test_a_public_link_leads_to_its_survey(platform, client, link):
    platform.says(_listed({"id": "7", "title": "A"}, {"id": "8", "title": "B"}))
    platform.says(
        _listed({"id": "1", "url": None}, {"id": "2", "url": "https://www.surveymonkey.com/r/XXXX"})
    )
    platform.says(_listed({"id": "3", "url": "https://www.surveymonkey.com/r/PNT25QM", "type": "weblink"}))
    assert client.survey_of_link(link) == "8"
    assert [(one.path, one.query.get("include")) for one in platform.received] == [
        ("/v3/surveys", None),
        ("/v3/surveys/7/collectors", "url"),
        ("/v3/surveys/8/collectors", "url"),
    ]


def test_a_link_of_no_survey_is_refused(platform, client):
    platform.says(_listed({"id": "7", "title": "A"})).says(_listed({"id": "1", "url": ""}))
    with pytest.raises(SourceRefusedError, match="PLEDGE_SURVEY_ID"):
        client.survey_of_link("https://www.surveymonkey.co.uk/r/")


def test_the_first_ids_are_all_ids_where_there_are_no_more(platform, client):
    platform.says(_listed({"id": "1"}, {"id": 2})).says(_listed({"id": "1"}, total=3000))
    assert client.ids_page("7") == (["1", "2"], 2)
    assert client.count("7") == 3000
    assert platform.received[0].query == {
        "sort_by": "date_modified",
        "sort_order": "ASC",
        "page": "1",
        "per_page": "1000",
    }


def test_one_response_is_given_as_text_and_none_where_it_is_gone(platform, client):
    platform.says(b'{"id": "9",  "pages": []}').says({"error": {"id": "1020"}}, status=404)
    assert client.response("7", "9") == '{"id": "9",  "pages": []}'
    assert client.response("7", "9") is None
    assert platform.received[0].path == "/v3/surveys/7/responses/9/details"


def test_a_404_that_is_not_the_platforms_own_is_not_taken_for_a_deletion(platform, client):
    platform.says(b"<html>no such page</html>", status=404)
    with pytest.raises(SourceRefusedError, match="SURVEYMONKEY_API_URL"):
        client.response("7", "9")


# The walk over HTTP


def test_responses_come_as_their_own_text_and_the_walk_goes_on_by_time(platform, client):
    first = [_response(number, second) for number, second in ((1, 1), (2, 5), (3, 9))]
    platform.says({**_listed(*first, total=4), "per_page": 3})
    platform.says({**_listed(_response(3, 9), _response("Ω", 11)), "per_page": 3})
    pages = list(client.responses("7", Cursor("2026-03-01T00:00:00")))

    assert [page.ids for page in pages] == [["1", "2", "3"], ["Ω"]]
    assert json.loads(pages[0].bodies[0]) == _response(1, 1)
    assert [(page.after, page.is_last) for page in pages] == [
        (Cursor("2026-03-05T18:05:08"), False),
        (Cursor("2026-03-05T18:05:10"), True),
    ]
    assert [request.query["start_modified_at"] for request in platform.received] == [
        "2026-03-01T00:00:00",
        "2026-03-05T18:05:08",
    ]
    assert platform.received[0].query["per_page"] == "100"
    assert platform.received[0].path == "/v3/surveys/7/responses/bulk"


def test_a_body_keeps_every_byte_of_its_text(platform, client):
    body = b'{"id":9, "date_modified" :null,"pages":[ {"t":"\\u00e9 \xc3\xa9\\n"} ] }'
    platform.says(b'{"data":[' + body + b'],"total":1}')
    (page,) = client.responses("7", Cursor())
    assert page.bodies == [body.decode()]
    assert page.ids == ["9"]
    assert page.after == Cursor()


def test_a_survey_without_responses_gives_one_empty_last_page(platform, client):
    platform.says(_listed())
    (page,) = client.responses("7", Cursor())
    assert (page.ids, page.is_last, page.after) == ([], True, Cursor())


def test_a_nonsense_date_far_ahead_does_not_move_the_cursor(platform, client):
    ahead = {"id": "3", "date_modified": "2099-01-01T00:00:00+00:00"}
    platform.says(_listed(_response(1, 1), _response(2, 5), ahead))
    (page,) = client.responses("7", Cursor())
    assert page.ids == ["1", "2", "3"]
    assert page.after == Cursor("2026-03-05T18:05:04")


def test_a_page_with_a_gap_before_it_is_asked_for_again(platform, client, clock):
    first = [_response(number, second) for number, second in ((1, 1), (2, 5), (3, 9))]
    platform.says({**_listed(*first, total=5), "per_page": 3})
    platform.says({**_listed(_response(5, 15)), "per_page": 3})
    platform.says({**_listed(_response(3, 9), _response(4, 12)), "per_page": 3})
    pages = list(client.responses("7", Cursor()))
    assert [page.ids for page in pages] == [["1", "2", "3"], ["5"], ["4"]]
    assert clock.slept == [2.0]


def test_ids_are_swept_and_a_list_that_moved_is_swept_once_more(platform, client):
    platform.says(_listed({"id": "1"}, {"id": "2"}, total=3)).says(_listed({"id": "1"}, total=3))
    platform.says(_listed())
    platform.says(_listed({"id": "2"}, {"id": "3"}, total=3)).says(_listed({"id": "1"}, total=3))
    sweep = client.ids("7")
    assert (sorted(sweep.ids), sweep.total, sweep.is_whole) == (["1", "2", "3"], 3, True)


def test_a_sweep_that_never_adds_up_is_not_whole(platform, client):
    for _ in range(2):
        platform.says(_listed({"id": "1"}, {"id": "2"}, total=4)).says(_listed(total=4))
    sweep = client.ids("7")
    assert (sweep.ids, sweep.total, sweep.is_whole) == (["1", "2"], 4, False)
