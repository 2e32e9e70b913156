"""What the one-page brief says, the same as page, paper and mail: the number, one chart, three findings."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from reports.branding import Brand
from reports.dates import instant_in_words
from reports.disclosure.suppression import BASE
from reports.safe_pack import SafePack
from reports.texts import findings, wording
from reports.texts.timeline import steps_of

MOST_BARS, MOST_FINDINGS = 6, 3
LONGEST_SIGNED, LONGEST_ANSWER = 240, 300  # characters
LEAST_POINTS = 2  # of growth, that tell more than the total does
OF_RELEASE = ("Published", "Next release", "Whom to ask")
BETWEEN_SENTENCES = re.compile(r"(?<=[.!?؟।])\s+|(?<=。)(?=.)")
AFTER_AN_END = re.compile("(?<=[.,:;!?…؟।。]); ")
# ruff: noqa: RUF001 - apostrophes of good typography
SIGNATURE = "A signature is a completed form; each email address counts once, from its first signature on."
ROLE = "The role is each person’s own choice from the list on the form."
SAMPLE = "Signatories chose to sign: they are not a sample, and their shares are not the public’s."


class Brief(NamedTuple):
    """lines: under the number. signed: the beginning of what people signed; None where it isn't known.

    rows: (role, count) of the largest groups, which *rows_title* names. release: (what, answer).
    """

    title: str
    organisation: str
    total: str
    headline: str
    lines: list[str]
    findings: list[str]
    rows: list[tuple[str, int]]
    rows_title: str
    signed: str | None
    counting: list[str]
    release: list[tuple[str, str]]


def brief_of(pack: SafePack, brand: Brand) -> Brief:
    """What the brief of a pack says. All of it is in the pack too, which has whole what is cut here."""
    largest = largest_roles(pack).roles
    named = replace(
        pack, title=findings.shortened(pack.title), organisation=findings.shortened(pack.organisation)
    )
    title = "The largest groups by the role they chose"
    when = wording.as_at(pack.roles, pack)
    return Brief(
        title=wording.title(named),
        organisation=named.organisation,
        total=f"{pack.total:,}",
        headline=wording.headline(named),
        lines=[*filter(None, [wording.earlier_state(pack), wording.between(pack)]), _as_at(pack)],
        findings=_findings(pack),
        rows=[(row.label, row.n) for row in largest.rows if row.n is not None],
        rows_title=f"{title}, {when}" if when else title,
        signed=_signed(pack),
        counting=_counting(pack),
        release=[*_release(pack, brand), ("The whole pack", f"{pack.stem}.html, .pdf and .xlsx")],
    )


def _as_at(pack: SafePack) -> str:
    return f"Figures as at {instant_in_words(pack.as_at)}."


def largest_roles(pack: SafePack) -> SafePack:
    """*pack* with the few largest of the roles that are shown, and no others."""
    rows = findings.leading(findings.largest_first(pack.roles), MOST_BARS)
    return replace(pack, roles=replace(pack.roles, rows=tuple(rows)))


def _findings(pack: SafePack) -> list[str]:
    """The groups, the growth, and one thing more, as far as there are such."""
    said = []
    if pack.roles.is_shown:
        said.append(findings.role_finding(pack))
    grows = pack.growth and len(pack.growth.points) >= LEAST_POINTS
    if pack.growth and grows:
        said.append(findings.growth_finding(pack.growth, pack.threshold))
    said += [findings.choice_finding(pack, one) for one in pack.breakdowns if one.table.is_shown]
    if pack.growth and grows:
        said.append(findings.week_finding(steps_of(pack.growth), pack.total))
    return [f"{one}." for one in said[:MOST_FINDINGS]]


def _counting(pack: SafePack) -> list[str]:
    exact = "The number of signatories is exact; other counts are"
    return [
        SIGNATURE,
        wording.missing(pack).get("roles", ROLE),
        SAMPLE,
        f"{exact} rounded to the nearest {BASE}, and those under {pack.threshold} are hidden.",
    ]


def _release(pack: SafePack, brand: Brand) -> Iterator[tuple[str, str]]:
    for what, answer in wording.release(pack, brand):
        if what in OF_RELEASE:
            yield what, findings.shortened(answer, LONGEST_ANSWER)


def _signed(pack: SafePack) -> str | None:
    """Whole sentences and promises, as many as there is room for; None where there is room for none."""
    sentences = [sentence for one in pack.wording for sentence in BETWEEN_SENTENCES.split(one.text)]
    taken: list[str] = []
    for sentence in sentences:
        if len(_joined([*taken, sentence])) > LONGEST_SIGNED:
            break
        taken.append(sentence)
    if len(taken) == len(sentences):
        return _joined(taken) or None
    while taken and taken[-1].endswith(":"):  # what it leads to has no room
        taken.pop()
    return f"{_joined(taken)} …" if taken else None


def _joined(sentences: list[str]) -> str:
    return AFTER_AN_END.sub(" ", "; ".join(sentences))
