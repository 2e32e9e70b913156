"""What the vault holds of some responses, to be shown to the person who gave them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.sql_files import rows
from warehouse.ingest.erased_people import email_questions
from warehouse.ingest.response_text import is_anothers, parsed
from warehouse.privacy.person import Person

Row = dict[str, Any]


ANSWERED_BY = ("row_id", "col_id", "choice_id", "other_id")


def versions_of(connection: DuckDBPyConnection, person: Person) -> tuple[list[Row], int]:
    """One row a version of a person's responses, oldest first; and how many have another address.

    Columns: response_id, survey_id, survey (its title), received_from, received_at (UTC), erased_at (UTC,
    or None), answers (question and answer, in words), as_received (the JSON). Versions of the person in
    responses that are somebody else's now are among them, and those under another address are not.
    """
    parameters = {"ids": sorted(person.response_ids), "numbers": list(person.earlier)}
    versions = rows(connection, "find/versions", **parameters)
    survey_ids = sorted({version["survey_id"] for version in versions})
    labels = {row["id"]: row["text"] for row in rows(connection, "find/labels", survey_ids=survey_ids)}
    questions, is_meant, n_others = email_questions(connection), person.matcher(), 0
    shown = []
    for row in versions:
        body = parsed(row.pop("body"))
        if person.forms and is_anothers(body, is_meant, questions):
            n_others += 1
            continue
        row["survey"] = labels.get(row["survey_id"], row["survey_id"])
        row["answers"] = [{"question": asked, "answer": said} for asked, said in _in_words(body, labels)]
        row["as_received"] = body
        shown.append(row)
    return shown, n_others


def worked_out_of(connection: DuckDBPyConnection, ids: Sequence[str]) -> list[Row]:
    """One row a thing that was worked out from these responses and is kept: what, value."""
    return rows(connection, "find/worked_out", ids=list(ids))


def _in_words(body: Row, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for page in body.get("pages") or ():
        for question in page.get("questions") or ():
            heading = labels.get(str(question.get("id")), f"question {question.get('id')}")
            for answer in question.get("answers") or ():
                yield heading, _answer_in_words(answer, labels)


def _answer_in_words(answer: Row, labels: Mapping[str, str]) -> str:
    chosen = [str(answer[name]) for name in ANSWERED_BY if answer.get(name)]
    words = [labels.get(one, f"choice {one}") for one in chosen]
    return ": ".join([*words, *([str(answer["text"])] if answer.get("text") else [])])
