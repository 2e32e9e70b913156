"""What the one-page brief says, the same as page, paper and mail: the number, one chart, three findings."""

from dataclasses import replace
from typing import NamedTuple

from reports.branding import Brand
from reports.dates import instant_in_words
from reports.disclosure.suppression import BASE
from reports.safe_pack import SafePack
from reports.texts import findings, wording
from reports.texts.timeline import steps_of

MOST_BARS, MOST_FINDINGS = 6, 3
LONGEST_SIGNED = 200  # characters of the wording
OF_RELEASE = ("Published", "Next release", "Whom to ask")
# ruff: noqa: RUF001 - apostrophes of good typography
COUNTING = (
    "A signature is a completed form; each email address counts once, from its first signature on.",
    "The role is each person’s own choice from the list on the form.",
    "Signatories chose to sign: they are not a sample, and their shares are not the public’s.",
)


class Brief(NamedTuple):
    """lines: under the number. signed: the beginning of what people signed; None where it isn't known.

    rows: (role, count) of the chart's bars. release: (what, answer). whole: the whole pack's name.
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
    counting: tuple[str, ...]
    hidden: str
    release: list[tuple[str, str]]
    whole: str


def brief_of(pack: SafePack, brand: Brand) -> Brief:
    """What the brief of a pack says. All of it is in the pack too."""
    largest = largest_roles(pack).roles
    title = "The largest groups by the role they chose"
    when = wording.as_at(pack.roles, pack)
    return Brief(
        title=wording.title(pack),
        organisation=pack.organisation,
        total=f"{pack.total:,}",
        headline=wording.headline(pack),
        lines=[*filter(None, [wording.earlier_state(pack), wording.between(pack)]), _as_at(pack)],
        findings=_findings(pack),
        rows=[(row.label, row.n) for row in largest.rows if row.n is not None],
        rows_title=f"{title}, {when}" if when else title,
        signed=_signed(pack),
        counting=COUNTING,
        hidden=f"Counts are rounded to the nearest {BASE}; groups under {pack.threshold} are not shown.",
        release=[(what, answer) for what, answer in wording.release(pack, brand) if what in OF_RELEASE],
        whole=pack.stem,
    )


def _as_at(pack: SafePack) -> str:
    return f"Figures as at {instant_in_words(pack.as_at)}."


def largest_roles(pack: SafePack) -> SafePack:
    """*pack* with the few largest of the roles that are shown, and no others."""
    rows = [row for row in findings.largest_first(pack.roles) if row.n is not None]
    return replace(pack, roles=replace(pack.roles, rows=tuple(rows[:MOST_BARS])))


def _findings(pack: SafePack) -> list[str]:
    """The groups, the growth, and one thing more, as far as there are such."""
    said = []
    if pack.roles.is_shown:
        said.append(findings.role_finding(pack))
    if pack.growth:
        said.append(findings.growth_finding(pack.growth, pack.threshold))
    said += [findings.choice_finding(pack, one) for one in pack.breakdowns if one.table.is_shown]
    if pack.growth and len(pack.growth.points) > 1:
        said.append(findings.week_finding(steps_of(pack.growth), pack.total))
    return [f"{one}." for one in said[:MOST_FINDINGS]]


def _signed(pack: SafePack) -> str | None:
    """Whole sentences and promises, as many as there is room for; with “…” where more follow."""
    texts = [one.text for one in pack.wording]
    taken: list[str] = []
    for text in texts:
        if sum(map(len, taken)) + len(text) > LONGEST_SIGNED:
            break
        taken.append(text)
    if not taken:
        return None
    signed = "; ".join(taken).replace(":; ", ": ").replace(".; ", ". ")
    return signed if len(taken) == len(texts) else f"{signed} …"
