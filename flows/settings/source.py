"""Settings of where responses come from: the survey, its questions and roles, the platform and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.settings.declared import declared, declared_section
from flows.settings.values import (
    HOSTS,
    a_number,
    a_secret,
    a_share,
    a_survey,
    a_table_of_texts,
    a_text,
    an_address,
    some_texts,
)
from flows.settings.vault import VaultSettings

A_QUESTION = "`id:QUESTION`, `id:QUESTION/LINE`, or how the heading begins"
AS_FOR_EMAIL = "as for email"


@dataclass(frozen=True)
class SourceSettings(VaultSettings):
    """The survey, by the first of id, link and title that is given; its questions; the platform."""

    survey_id: str | None = declared(
        "survey.id",
        None,
        a_survey,
        variable="PLEDGE_SURVEY_ID",
        in_environment=(
            "`[survey]`, or else the only survey that the token can see",
            "the survey's number",
        ),
        unset="",
        may_be="a number",
        means="as `PLEDGE_SURVEY_ID`",
    )
    survey_link: str | None = declared(
        "survey.link",
        None,
        a_text,
        unset="",
        may_be="a public link, or its code",
        means="the survey behind the link, if no id is set; costs a call a survey until it is found",
    )
    survey_title: str | None = declared(
        "survey.title",
        None,
        a_text,
        unset="",
        may_be="a text",
        means="the survey that is called so, or has it in its title, if neither id nor link is set",
    )
    questions: Mapping[str, str] = declared_section(
        "questions",
        a_table_of_texts,
        (
            (
                "[questions] email",
                "found by its type, then by its heading",
                A_QUESTION,
                "the question for the email address",
            ),
            ("[questions] name", AS_FOR_EMAIL, AS_FOR_EMAIL, "the question for the name"),
            ("[questions] role", "found by its heading", AS_FOR_EMAIL, "the question for the role"),
        ),
    )
    contact_question: str | None = declared(
        "contacts.question",
        None,
        a_text,
        unset="nobody may be written to",
        may_be=AS_FOR_EMAIL,
        means="the question whether people may be written to, for `pledge contacts`",
    )
    contact_answers: tuple[str, ...] = declared(
        "contacts.answers",
        (),
        some_texts,
        unset="",
        may_be="a list of choices, by text or id",
        means="which answers to it mean yes",
    )
    api_url: str = declared(
        "platform.url",
        HOSTS["us"],
        an_address,
        variable="SURVEYMONKEY_API_URL",
        in_environment=(
            "by the region",
            "full address of the API, ending in `/v3`; it holds before any region",
        ),
        unset="",
        may_be="an address that ends in `/v3`",
        means="as `SURVEYMONKEY_API_URL`; it holds before `[platform] region`",
    )
    calls_reserved: int = declared(
        "platform.calls_reserved",
        0,
        a_number(0, 499),
        may_be="0 to 499",
        means="calls a day left to other users of the same app",
    )
    sweep_every_days: int = declared(
        "sweep.every_days",
        7,
        a_number(1, 365),
        may_be="1 to 365",
        means="how often all ids are compared although the totals agree",
    )
    full_every_days: int = declared(
        "sweep.full_every_days",
        28,
        a_number(0, 365),
        may_be="0 to 365",
        means="how often every response is fetched again, if that night has the calls; 0 is never",
    )
    largest_withdrawal: float = declared(
        "sweep.largest_share",
        0.05,
        a_share,
        unset="5",
        may_be="0 to 100",
        means="per cent of the responses that may vanish in one night without a person's word",
    )
    token: str | None = declared(
        "",
        None,
        a_secret,
        variable="SURVEYMONKEY_ACCESS_TOKEN",
        unset="the next one is looked at",
        means="the access token",
        is_secret=True,
    )
