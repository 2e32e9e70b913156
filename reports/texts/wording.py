"""What a pack says in words, the same in every format; what charts show is in `findings`."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from reports.branding import Brand
from reports.dates import in_words, instant_in_words
from reports.disclosure.suppression import BASE, possible, rounded
from reports.figures import Gap
from reports.safe_pack import SafePack, SafeTable
from reports.texts.timeline import Step


class Sentence(NamedTuple):
    """The words in bold, and those that go on after them."""

    lead: str
    rest: str


NO_TEXT = "(no text)"
LONG_TABLE = 15  # rows from which it is said how many are hidden
# ruff: noqa: RUF001 - apostrophes of good typography
COUNTING = (
    Sentence(
        "A signature is a completed form.",
        "Forms left unfinished and staff’s own previews do not count. Paper sheets typed in by staff do.",
    ),
    Sentence(
        "One signatory for each email address.",
        "Whoever signs again with the same address counts once, from the first signature on, with the latest "
        "answers.",
    ),
    Sentence(
        "The address must be a possible one.",
        "A form without a valid email address is held back. No message is sent to test whether somebody "
        "reads it.",
    ),
    Sentence(
        "The role is each person’s own choice", "from the list on the form. Nobody is asked to prove it."
    ),
    Sentence(
        "People can change their minds.",
        "A signature that is withdrawn or erased leaves the figures with the next night’s count.",
    ),
)
HEADINGS = {
    "short": "In short",
    "wording": "What they signed",
    "roles": "Who signed",
    "changes": "What has changed",
    "growth": "How support has grown",
    "counting": "How this was counted",
    "reconciliation": "How the figures add up",
    "limits": "What these figures cannot say",
    "release": "About this release",
}
RECONCILIATION = (
    "Each form ever received is in exactly one place, and the places add up. This is checked every night; "
    "figures that do not add up are not published."
)
REVISIONS = (
    "A figure of an earlier day stays as it was first published until at least {threshold} of the people in "
    "it have changed. A mistake is put right in a new pack, which says so."
)
DOUBTS = {
    "same person": "one person may have signed from two addresses",
    "two people": "two people may share one address",
    "not genuine": "a signature may not be genuine",
}
NO_CONTACT = "Not given yet."
DOWNLOADS = {
    "-brief.pdf": "One page to read and print (PDF)",
    "-brief.html": "One page for a screen (HTML)",
    "-brief.md": "One page for a mail (Markdown)",
    "-brief.txt": "One page for a mail (text)",
    "-csv-metadata.json": "What the columns of the CSV files hold (CSVW)",
    ".pdf": "The whole pack to read and print (PDF)",
    ".xlsx": "All tables as a spreadsheet (XLSX)",
    "counts.json": "The counts for a website (JSON)",
}
"""How a file's name ends, and what it is to somebody who reads the page beside it."""


def label(what: str | date) -> str:
    """As people read it; a day as "4 October 2026"."""
    return (what or NO_TEXT) if isinstance(what, str) else in_words(what)


def span_in_words(days: Step | Gap) -> str:
    return f"{in_words(days.starts_on)} to {in_words(days.ends_on)}"


def title(pack: SafePack) -> str:
    return f"{pack.title}: who has signed"


def headline(pack: SafePack) -> str:
    """The words after the total, as "people have signed the Connect Pledge"."""
    return f"{'person has' if pack.total == 1 else 'people have'} signed the {pack.title}"


def dates(pack: SafePack) -> list[str]:
    """When it was published, and of when the figures are."""
    since = [f"Signed since {in_words(pack.signed_since)}"] if pack.signed_since else []
    return [
        *since,
        f"Figures as at {instant_in_words(pack.as_at)}",
        f"Published on {in_words(published_on(pack))}",
    ]


def published_on(pack: SafePack) -> date:
    return (pack.made_at or pack.as_at).date()


def between(pack: SafePack) -> str | None:
    """The range in which the total lies; None when it isn't known."""
    if pack.between is None:
        return None
    low, high = pack.between
    kinds = [DOUBTS[kind] for kind in pack.doubts]
    why = f": {', '.join(kinds)}" if kinds else ""
    return f"Between {low:,} and {high:,} if every open doubt were settled one way or the other{why}."


def wording_since(pack: SafePack) -> str | None:
    """When the form was made or last changed at the platform; None where that isn't known."""
    return f"In these words since {in_words(pack.wording_since)}." if pack.wording_since else None


def earlier_state(pack: SafePack) -> str | None:
    """None for a pack of the current state."""
    if pack.as_of is None or pack.made_at is None:
        return None
    return (
        f"This pack shows an earlier state: the figures as they stood at the end of {in_words(pack.as_of)}. "
        f"It was made on {instant_in_words(pack.made_at)}. People whose answers have been erased since are "
        "still counted in it."
    )


def as_at(table: SafeTable, pack: SafePack) -> str | None:
    """Of when a table is that stands in place of one of the pack's own time; None where it is of that."""
    if table.as_at is None:
        return None
    same_day = table.as_at.date() == pack.as_at.date()
    return f"as at {instant_in_words(table.as_at) if same_day else in_words(table.as_at)}"


def stands(table: SafeTable, pack: SafePack) -> str | None:
    """Why it stands; None where it is of the pack's own time."""
    when = as_at(table, pack)
    if when is None:
        return None
    return (
        f"{_capital(when)}: the table is renewed, as a whole, when at least {pack.threshold} more people "
        "have signed, left or changed their answer, so that two packs never tell what one person answered."
    )


def undecided(pack: SafePack) -> str | None:
    """Which decisions of staff aren't in the table of roles yet; None where there are none."""
    if not pack.decided:
        return None
    return f"Not in this table yet: {'; '.join(pack.decided)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def hidden_rows(table: SafeTable, pack: SafePack) -> str | None:
    """How many rows of a long table are hidden, and what they hold together, as far as subtraction tells."""
    hidden = sum(row.n is None for row in table.rows)
    if len(table.rows) < LONG_TABLE or not hidden:
        return None
    shown = [possible(row.n, pack.threshold) for row in table.rows if row.n is not None]
    least, most = (
        table.total - sum(ends) for ends in reversed(list(zip(*shown, strict=True)) or [(0,), (0,)])
    )
    least, most = max(0, least // BASE * BASE), -(-most // BASE) * BASE
    how_many = f"between {least:,} and {most:,}" if least else f"at most {most:,}"
    return f"{hidden} of {len(table.rows)} answers are hidden; together {how_many} people gave them."


def note_of(table: SafeTable, pack: SafePack) -> str:
    """How to read a table of people."""
    shares = " Shares are worked out from the rounded counts, so they may not add up to 100%."
    has_shares = any(row.percent is not None for row in table.rows)
    notes = [
        stands(table, pack),
        hidden_rows(table, pack),
        hidden_note(pack) + (shares if has_shares else ""),
    ]
    return " ".join(filter(None, notes))


def hidden_note(pack: SafePack) -> str:
    return (
        f"Counts are rounded to the nearest {BASE}. “Hidden” means fewer than {pack.threshold}, none "
        "included, or a larger count kept back so that a small one cannot be worked out from the total."
    )


def changes(pack: SafePack) -> list[str]:
    """What has changed since the pack that this one is compared with; empty where there is none."""
    since = pack.since
    if since is None:
        return []
    of_total = f"{pack.total:,} people have signed: {_moved(pack)} {instant_in_words(since.as_at)}."
    if not pack.asks_role:
        return [of_total]
    if since.roles_as_at is None:
        return [of_total, "The table of roles has not been renewed since then."]
    renewed = [
        f"{role}: about {_apart(now - then)}"
        for role, then, now in since.rows
        if then is not None and now is not None and now != then
    ]
    first, last = map(in_words, since.roles_as_at)
    of_roles = "; ".join(renewed) or "no change that may be told"
    return [of_total, f"By role, from {first} to {last}: {of_roles}."]


def _moved(pack: SafePack) -> str:
    """How far the total has, since the earlier pack: whole cohorts only."""
    moved = pack.total - pack.since.total if pack.since else 0
    if moved == 0:
        return "as many as on"
    if abs(moved) < pack.threshold:
        return f"{'up' if moved > 0 else 'down'} by fewer than {pack.threshold} from"
    return f"about {_apart(rounded(abs(moved), pack.threshold) * (1 if moved > 0 else -1))} than on"


def _apart(n: int) -> str:
    return f"{abs(n):,} {'more' if n > 0 else 'fewer'}"


def missing(pack: SafePack) -> dict[str, str]:
    """Table to why it isn't in the pack, of those that a reader may look for."""
    least = pack.threshold
    tables = {"roles": ("Roles", pack.roles)} if pack.asks_role else {}
    tables |= {one.slug: (f"“{one.name}”", one.table) for one in pack.breakdowns}
    once = f"shown once at least {least} people have signed"
    near = f"hidden: another pack shows a table that differs by fewer than {least} people"
    reasons = {
        name: f"{what} {'are' if name == 'roles' else 'is'} {once if pack.total < least else near}."
        for name, (what, table) in tables.items()
        if not table.rows
    }
    if not pack.asks_role:
        reasons["roles"] = "The form does not ask signatories for their role."
    elif pack.roles.rows and not pack.role_periods:
        reasons["role-periods"] = (
            "Roles by month are shown once there are two months, or runs of months, in each of which at "
            f"least {least} people signed, and they can be told without telling of single people."
        )
    if not pack.growth:
        reasons["growth"] = f"Growth is {once}."
    elif len(pack.growth.points) == 1:
        reasons["growth"] = (
            "Growth is shown once there are two weeks, or two runs of weeks, in each of which at least "
            f"{least} people signed."
        )
    if not pack.not_counted.rows:
        others = f"Fewer than {least} of the forms received are not counted as signatures."
        is_near = pack.not_counted.total >= least
        reasons["not-counted"] = (
            f"Forms that are not counted as signatures are {near}." if is_near else others
        )
    return reasons


def platform_finding(pack: SafePack) -> str | None:
    """How the platform's own count of responses compares with ours; None when they weren't compared."""
    apart = pack.platform
    if apart is None:
        return None
    if apart.n is None:
        how_far = f"differs from ours by fewer than {pack.threshold}"
    else:
        how_far = f"differs from ours by about {apart.n:,}" if apart.n else "is the same as ours"
    return (
        f"The survey platform keeps a count of its own: on {in_words(apart.counted_on)}, its number of the "
        f"forms that it holds {how_far}."
    )


def limits(pack: SafePack) -> list[str]:
    sentences = [
        "Signatories chose to sign. They are not a sample, and their shares are not the public’s.",
        "A person with two email addresses can be counted twice; a household that shares one, once.",
        (
            f"No person can be found in this pack. Counts under {pack.threshold} are hidden and the others "
            "rounded, in the charts as in the tables; only the total of signatories is exact. Because of "
            "that, the parts do not add up exactly to the total."
        ),
    ]
    if pack.threshold_reason is not None:
        sentences.append(
            f"Counts from {pack.threshold} on are shown, where 10 is usual. "
            f"The reason given: {pack.threshold_reason}"
        )
    sentences += [
        f"No data came in from {span_in_words(gap)}. That is a gap in the data, not a quiet time; signatures "
        "of those days were read later."
        for gap in pack.gaps
    ]
    return sentences


def revisions(pack: SafePack) -> str:
    return REVISIONS.format(threshold=pack.threshold)


def release(pack: SafePack, brand: Brand) -> list[tuple[str, str]]:
    """What an official asks of a statistical release: (what, answer)."""
    following = brand.next_release
    is_to_come = following is not None and following > published_on(pack)
    facts = [
        ("Published", in_words(published_on(pack))),
        ("Figures as at", instant_in_words(pack.as_at)),
        ("Next release", in_words(following) if following and is_to_come else ""),
        ("Whom to ask", " ".join(brand.paragraphs(pack.title)["contact"]) or NO_CONTACT),
        ("Revisions", revisions(pack)),
        ("Run", pack.run_id),
        ("Cite as", citation(pack)),
    ]
    return [(what, answer) for what, answer in facts if answer]


def downloads(names: Sequence[str], pack: SafePack) -> list[tuple[str, str]]:
    """(file, what it is) of those beside the page that are more than a drawing."""
    found = []
    for ending, what in DOWNLOADS.items():
        found += [(name, what) for name in names if name in (ending, f"{pack.stem}{ending}")]
    tables = [name for name in names if name.endswith(".csv")]
    return found + [(name, f"{name.removeprefix(pack.stem)[1:-4]} (CSV)") for name in dict.fromkeys(tables)]


def citation(pack: SafePack) -> str:
    earlier = ", an earlier state" if pack.as_of else ""
    return (
        f"{pack.organisation}, {title(pack)}, figures as at {instant_in_words(pack.as_at)}{earlier}, "
        f"published on {in_words(published_on(pack))}, run {pack.run_id}."
    )


def source(pack: SafePack, table: SafeTable | None = None) -> str:
    """Under a picture that goes round alone."""
    earlier = as_at(table, pack) if table else None
    return f"{pack.organisation}, figures {earlier or f'as at {instant_in_words(pack.as_at)}'}"
