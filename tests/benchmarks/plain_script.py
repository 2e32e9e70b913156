"""The script that most people write for this job: requests, json, pandas, drop_duplicates, DuckDB.

No checks, no vault, no cursor, no withdrawals, no audit: it is the measure of what those cost.
Run as: plain_script.py BASE_URL TOKEN SURVEY_ID DATABASE_FILE
"""

import sys

import duckdb
import pandas as pd
import requests


def fetch_responses(session, base_url, survey_id):
    responses, page = [], 1
    while True:
        answer = session.get(
            f"{base_url}/surveys/{survey_id}/responses/bulk",
            params={"page": page, "per_page": 100},
            timeout=60,
        )
        answer.raise_for_status()
        body = answer.json()
        responses += body["data"]
        if "next" not in body["links"]:
            return responses
        page += 1


def fetch_questions(session, base_url, survey_id):
    """The heading of each question by its id, and the texts of all choices."""
    answer = session.get(f"{base_url}/surveys/{survey_id}/details", timeout=60)
    answer.raise_for_status()
    questions, choices = {}, {}
    for page in answer.json()["pages"]:
        for question in page["questions"]:
            questions[question["id"]] = question["headings"][0]["heading"].lower()
            for choice in question.get("answers", {}).get("choices", []):
                choices[choice["id"]] = choice["text"]
    return questions, choices


def flatten(responses, questions, choices):
    """One row a response: email, name, role."""
    answers = pd.json_normalize(
        responses,
        record_path=["pages", "questions", "answers"],
        meta=["id", "response_status", "date_created", "date_modified", ["pages", "questions", "id"]],
    )
    answers["heading"] = answers["pages.questions.id"].map(questions)
    rows = answers[["id", "response_status", "date_created", "date_modified"]].drop_duplicates("id")
    for column, words in (("email", "email"), ("name", "name"), ("role", "you are a")):
        found = answers[answers["heading"].str.contains(words, na=False)].drop_duplicates("id")
        value = found["choice_id"].map(choices).fillna(found["text"]) if column == "role" else found["text"]
        rows = rows.merge(pd.DataFrame({"id": found["id"], column: value}), on="id", how="left")
    return rows


def signatories_of(rows):
    """The latest completed response of each address."""
    rows = rows[(rows["response_status"] == "completed") & rows["email"].notna()].copy()
    for column in ("date_created", "date_modified"):
        rows[column] = pd.to_datetime(rows[column], utc=True)
    rows["email"] = rows["email"].str.strip().str.lower()
    return rows.sort_values("date_modified").drop_duplicates("email", keep="last")


def main(base_url, token, survey_id, database_file):
    session = requests.Session()
    session.headers["Authorization"] = f"bearer {token}"
    questions, choices = fetch_questions(session, base_url, survey_id)
    rows = flatten(fetch_responses(session, base_url, survey_id), questions, choices)
    signatories = signatories_of(rows)
    by_role = signatories.groupby("role", dropna=False).size().reset_index(name="n")
    with duckdb.connect(database_file) as connection:
        connection.register("signatories_frame", signatories)
        connection.register("by_role_frame", by_role)
        connection.execute("create or replace table signatories as select * from signatories_frame")
        connection.execute("create or replace table signatories_by_role as select * from by_role_frame")
    print(len(signatories))


if __name__ == "__main__":
    main(*sys.argv[1:])
