"""What a pack says in words, the same in every format; what charts show is in `findings`."""

from datetime import date
from typing import NamedTuple

from reports.dates import in_words, instant_in_words
from reports.disclosure.safe_pack import SafePack
from reports.disclosure.timeline import Gap, Step


class Sentence(NamedTuple):
    """The words in bold, and those that go on after them."""

    lead: str
    rest: str


NO_TEXT = "(no text)"
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
    "citing": "As at, and how to cite",
}
RECONCILIATION = (
    "Each form ever received is in exactly one place, and the places add up. This is checked every night; "
    "figures that do not add up are not published."
)


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
    """When people signed, where that may be told, and when it was so."""
    as_at = f"As at {instant_in_words(pack.as_at)}"
    if pack.first_signed_on is None or pack.last_signed_on is None:
        return [as_at]
    return [f"Signed between {in_words(pack.first_signed_on)} and {in_words(pack.last_signed_on)}", as_at]


def between(pack: SafePack) -> str | None:
    """The range in which the total lies; None when it isn't known."""
    if pack.between is None:
        return None
    low, high = pack.between
    if low == high:
        return "No doubt is open that could change this number."
    return (
        f"Between {low:,} and {high:,} if every open doubt were settled one way or the other: one person may "
        "have signed from two addresses, two people may share one, and a signature may not be genuine."
    )


def wording_since(pack: SafePack) -> str | None:
    return f"In these words since {in_words(pack.wording_since)}." if pack.wording_since else None


def has_shares(pack: SafePack) -> bool:
    return any(row.percent is not None for row in pack.roles.rows)


def earlier_state(pack: SafePack) -> str | None:
    """None for a pack of the current state."""
    if pack.as_of is None or pack.made_at is None:
        return None
    return (
        f"This pack shows an earlier state: the figures as they stood at the end of {in_words(pack.as_of)}. "
        f"It was made on {instant_in_words(pack.made_at)}. People whose answers have been erased since are "
        "still counted in it."
    )


def roles_as_at(pack: SafePack) -> str | None:
    """None where every figure by role is of the pack's own time."""
    on = pack.roles.as_on
    if on is None or not pack.roles.rows:
        return None
    is_current = on == pack.as_at.date()
    if is_current and not any(row.since for row in pack.roles.rows):
        return None
    when = "" if is_current else f"The figures by role are as at {in_words(on)}. "
    return (
        f"{when}Roles are counted anew only once the total has moved enough, and a figure is renewed only "
        "once it has moved enough itself, so that what one person chose cannot be worked out from two packs. "
        "Until then the earlier figure stays, with its date."
    )


def dates_of_roles(pack: SafePack) -> list[str]:
    """For formats without room in the table: of which day the figures by role are."""
    earlier = [f"{row.label}: as at {in_words(row.since)}." for row in pack.roles.rows if row.since]
    return [*filter(None, [roles_as_at(pack)]), *earlier]


def changes(pack: SafePack) -> list[str]:
    """What has changed since the state that the pack is compared with; empty where it isn't compared."""
    since = pack.since
    if since is None:
        return []
    moved = pack.total - since.total
    how_far = f"{_apart(moved)} than the {since.total:,}" if moved else "as many as"
    of_total = f"{pack.total:,} people have signed, {how_far} on {instant_in_words(since.as_at)}."
    if since.roles_as_at is None:
        why = "How the roles have changed since cannot be told without telling too much of single people."
        return [of_total, why]
    renewed = [
        f"{role}: about {_apart(now - then)}"
        for role, then, now in since.rows
        if then is not None and now is not None and now != then
    ]
    first, last = map(in_words, since.roles_as_at)
    of_roles = "; ".join(renewed) or "no change that may be told"
    return [of_total, f"By role, from {first} to {last}: {of_roles}."]


def _apart(n: int) -> str:
    return f"{abs(n):,} {'more' if n > 0 else 'fewer'}"


def missing(pack: SafePack) -> dict[str, str]:
    """Table to why it isn't in the pack, of those that a reader may look for."""
    least, reasons = pack.threshold, {}
    if not pack.asks_role:
        reasons["roles"] = "The form does not ask signatories for their role."
    elif not pack.roles.rows and pack.total >= least:
        reasons["roles"] = (
            "Roles are not shown, since a pack of a day close by shows them: the two could be subtracted."
        )
    elif not pack.roles.rows:
        reasons["roles"] = f"Roles are shown once at least {least} people have signed."
    elif not pack.role_periods:
        reasons["role-periods"] = (
            "Roles by month are not shown: too little of them can be told without telling of single people."
        )
    if not pack.growth:
        reasons["growth"] = f"Growth is shown once at least {least} people have signed."
    elif len(pack.growth.points) == 1:
        reasons["growth"] = (
            "Growth is shown once there are two weeks, or two runs of weeks, in each of which at least "
            f"{least} people signed."
        )
    if not pack.not_counted.rows:
        reasons["not-counted"] = f"Fewer than {least} of the forms received are not counted as signatories."
    return reasons


def roles_note(pack: SafePack) -> str:
    shares = " Shares are worked out from the rounded counts, so they may not add up to 100%."
    return " ".join(filter(None, [pack.roles.note + (shares if has_shares(pack) else ""), roles_as_at(pack)]))


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


def citation(pack: SafePack) -> str:
    as_at = instant_in_words(pack.as_at)
    earlier = ", an earlier state" if pack.as_of else ""
    return f"{pack.organisation}, {title(pack)}, figures as at {as_at}{earlier}, run {pack.run_id}."


def source(pack: SafePack) -> str:
    """Under a picture that goes round alone."""
    return f"{pack.organisation}, figures as at {instant_in_words(pack.as_at)}"
