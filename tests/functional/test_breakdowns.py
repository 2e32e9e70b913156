"""Nights with [[breakdowns]]: what is published, when it is published anew, which settings end one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from connectors.sandbox.world.pledge import AREA_ID, AREAS, question_in, survey_design
from flows.reporting.figures import figures_on
from flows.settings.reading import read_settings
from reports.figures import Breakdown
from tests.driving import UNTIL
from tests.plain_count import plain_count

if TYPE_CHECKING:
    from connectors.sandbox.server.serve import SandboxServer
    from tests.driving import Pledge

QUESTION = "Which council area do you live in?"
NO_ANSWER = "(no answer)"
TEXTS = {one["id"]: one["text"] for one in question_in(survey_design(UNTIL), AREA_ID)["answers"]["choices"]}


def configure(pledge: Pledge, *blocks: tuple[str, str]) -> None:
    """Write the breakdowns, each a name and a question, into pledge.toml."""
    text = "".join(f'[[breakdowns]]\nname = "{name}"\nquestion = "{question}"\n' for name, question in blocks)
    (pledge.folder / "pledge.toml").write_text(text, encoding="utf-8")


def rows(pledge: Pledge) -> list[tuple[Any, ...]]:
    """The published table, in its order."""
    found = pledge(
        "query",
        "select breakdown, choice, n_signatories from signatories_by_choice order by breakdown_no, choice_no",
        "--format",
        "json",
    ).rows
    return [tuple(row.values()) for row in found]


def counted(server: SandboxServer) -> dict[str, int]:
    """Signatories by area in plain Python."""
    there = server.platform.signatories()
    areas = {one.response_id: one.area_id for one in there}
    chosen = Counter(areas[person.response_id] for person in plain_count(there).people)
    return {text: chosen[area_id] for area_id, text in TEXTS.items()} | {NO_ANSWER: chosen[None]}


def sync(pledge: Pledge) -> dict[str, Any]:
    ran = pledge("sync", "--direct", "--json")
    assert ran.code == 0, ran.stderr
    return ran.json


def test_a_night_publishes_the_breakdown_and_a_changed_setting_publishes_anew(
    run_pledge: Pledge, small: SandboxServer
) -> None:
    configure(run_pledge, ("Council area", QUESTION))
    assert sync(run_pledge)["state"] == "complete"
    expected = list(counted(small).items())
    assert rows(run_pledge) == [("Council area", *row) for row in expected]
    assert len(expected) == len(AREAS) + 1
    settings = read_settings({"PLEDGE_HOME": str(run_pledge.home)}, run_pledge.folder)
    figures = figures_on(settings, None)
    assert figures.breakdowns == [Breakdown("Council area", QUESTION, expected)]
    assert [kind for kind, _ in figures.doubts] == ["same person", "two people", "not genuine"]
    assert sync(run_pledge)["state"] == "unchanged"

    configure(run_pledge, ("Area", f"id:{AREA_ID}"))
    assert sync(run_pledge)["state"] == "complete"
    assert rows(run_pledge) == [("Area", *row) for row in expected]
    configure(run_pledge)
    assert run_pledge("recount", "--json").json["state"] == "complete"
    assert rows(run_pledge) == []
    assert figures_on(settings, None).breakdowns == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Shoe size", "is on no form that was seen"),
        ("Name", f"name one of these: id:{AREA_ID} “{QUESTION}”."),
        ("You are a", "is about the question for the role; name one of these"),
    ],
)
def test_a_question_that_cannot_be_one_ends_a_night_before_a_response_is_fetched(
    run_pledge: Pledge, question: str, words: str
) -> None:
    configure(run_pledge, ("Mine", question))
    ran = run_pledge("sync", "--direct")
    assert ran.code == 10
    assert "the breakdown “Mine” under [[breakdowns]]" in ran.stderr
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    with run_pledge.vault() as vault:
        assert vault.execute("select count(*) from raw.responses").fetchone() == (0,)
    assert not run_pledge.published.exists()
