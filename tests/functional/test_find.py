"""`pledge find`: all that is held about a person, and nobody else's; its use is recorded."""

from __future__ import annotations

import json

import pytest

from tests.driving import Pledge, a_sandbox

SYNC = ("sync", "--direct", "--json")
ADDRESS = "Morag.Invented@example.org"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """After two nights in which a person signed, changed the name, and was spoken of by another."""
    with a_sandbox(60) as server:
        first, other = [
            one for one in server.platform.signatories() if (one.status, one.mode) == ("completed", "default")
        ][:2]
        server.platform.edit(
            first.response_id, email=ADDRESS, name="Morag <b>Ros</b>", choice_id=None, other_text="Granny"
        )
        server.platform.edit(other.response_id, choice_id=None, other_text=f"friend of {ADDRESS}")
        pledge = Pledge(tmp_path_factory.mktemp("find")).at(server)
        assert pledge(*SYNC).code == 0
        server.platform.edit(first.response_id, name="Morag Roskilly")
        assert pledge(*SYNC).code == 0
        yield pledge, first, other


def test_all_that_is_held_is_shown(place):
    pledge, first, other = place
    ran = pledge("find", f"  {ADDRESS.upper()} ", "--json")
    (response,) = ran.json["responses"]
    assert response["response_id"] == first.response_id
    said = [
        {one["question"]: one["answer"] for one in version["answers"]} for version in response["versions"]
    ]
    assert [answers["Name"] for answers in said] == ["Morag <b>Ros</b>", "Morag Roskilly"]
    assert said[1]["You are a …"] == "Other (please specify): Granny"
    assert response["versions"][1]["as_received"]["id"] == first.response_id
    assert [one["place"] for one in response["place"]] == ["signatory"]
    assert ADDRESS.lower() in [row["value"] for row in ran.json["worked_out"]]
    assert ran.json["n_mentions"] == 1
    assert other.response_id not in ran.stdout
    assert "in 1 texts of others" in ran.stderr


def test_the_pack_is_two_files_for_their_owner_alone(place, tmp_path):
    pledge, *_ = place
    ran = pledge("find", ADDRESS, "--out", str(tmp_path / "pack"))
    files = sorted((tmp_path / "pack").iterdir(), key=lambda path: path.suffix, reverse=True)
    assert ran.stdout.split() == [str(path) for path in files]
    assert [oct(path.stat().st_mode & 0o777) for path in files] == ["0o600", "0o600"]
    assert json.loads(files[0].read_text())["address"] == ADDRESS
    page = files[1].read_text()
    assert "Morag &lt;b&gt;Ros&lt;/b&gt;" in page
    assert "It counts as one signature." in page
    assert "default-src 'none'" in page


def test_nobody_is_found_where_nothing_is_held_and_that_is_recorded_too(place):
    pledge, *_ = place
    ran = pledge("find", "nobody@example.org", "--reason", "asked by letter", "--json")
    assert (ran.code, ran.json["responses"], ran.json["worked_out"]) == (0, [], [])
    last = pledge("access-log", "--format", "json").rows[-1]
    assert (last["command"], last["reason"], last["n_rows"]) == ("find", "asked by letter", 0)


def test_of_a_response_that_is_anothers_now_the_persons_own_version_is_shown_and_no_more(place, tmp_path):
    pledge, first, other = place
    pledge = pledge.copy_to(tmp_path)
    with a_sandbox(60) as server:
        pledge.at(server)
        server.platform.edit(first.response_id, email=ADDRESS, name="Morag Roskilly")
        server.platform.edit(first.response_id, email="ben@example.org", name="Ben Invented", choice_id=None)
        server.platform.edit(other.response_id, choice_id=None, other_text=f"friend of {ADDRESS}")
        assert pledge(*SYNC).code == 0
    ran = pledge("find", ADDRESS, "--json")
    (response,) = ran.json["responses"]
    assert [one["answers"][0]["answer"] for one in response["versions"]][-1] == "Morag Roskilly"
    assert (response["place"], response["figures"], response["changes"]) == ([], [], [])
    assert "Ben Invented" not in ran.stdout
    (response,) = pledge("find", "ben@example.org", "--json").json["responses"]
    assert [one["answers"][0]["answer"] for one in response["versions"]] == ["Ben Invented"]
    assert response["figures"] != []


def test_the_address_is_printed_nowhere_but_in_the_pack(place):
    pledge, *_ = place
    pledge.printed.clear()
    assert pledge("find", ADDRESS).code == 0
    assert ADDRESS.lower() not in "".join(pledge.printed).lower()
    assert ADDRESS.lower() not in pledge("access-log").stdout.lower()


def test_of_an_erased_person_there_are_ids_and_the_day_and_nothing_else(place, tmp_path):
    pledge = place[0].copy_to(tmp_path)
    assert pledge("forget", ADDRESS).code == 0
    told = pledge("find", ADDRESS, "--json").json
    (response,) = told["responses"]
    assert (response["versions"][0]["answers"], told["worked_out"], told["n_mentions"]) == ([], [], 0)
    assert [one["place"] for one in response["place"]] == ["erased"]
    assert told["erased_at"] is not None


@pytest.mark.parametrize("given", ["Morag", ""])
def test_what_is_no_address_is_refused(place, given):
    assert place[0]("find", given).code == 2
