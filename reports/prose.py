"""What a pack says in words, the same in every format; the findings above the charts are in `findings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reports.findings import in_words, instant_in_words

if TYPE_CHECKING:
    from reports.safe_pack import SafePack


class Said(NamedTuple):
    """The words in bold, and those that go on after them."""

    lead: str
    rest: str


COUNTING = (
    Said(
        "A signature is a completed form.",
        "Forms left unfinished and staff’s own previews do not count. Paper sheets typed in by staff do.",  # noqa: RUF001 - typography
    ),
    Said(
        "One signatory for each email address.",
        "Whoever signs again with the same address counts once, from the first signature on, with the latest "
        "answers.",
    ),
    Said(
        "The address must be a possible one.",
        "A form without a valid email address is held back. No message is sent to test whether somebody "
        "reads it.",
    ),
    Said(
        "The role is each person’s own choice",  # noqa: RUF001 - typography
        "from the list on the form. Nobody is asked to prove it.",
    ),
    Said(
        "People can change their minds.",
        "A signature that is withdrawn or erased leaves the figures with the next night’s count.",  # noqa: RUF001 - typography
    ),
)
HEADINGS = {
    "short": "In short",
    "wording": "What they signed",
    "roles": "Who signed",
    "growth": "How support has grown",
    "counting": "How this was counted",
    "reconciliation": "How the figures add up",
    "limits": "What these figures cannot say",
    "citing": "As at, and how to cite",
}
LONG_TABLE = "The table is at the end."
RECONCILIATION = (
    "Each form ever received is in exactly one place, and the places add up. This is checked every night; "
    "figures that do not add up are not published."
)
SAFE = (
    "No person can be found in this pack. Counts under {threshold} are hidden and the others rounded, in the "
    "charts as in the tables; only the total of signatories is exact. Because of that, the parts do not add "
    "up exactly to the total."
)


def title(pack: SafePack) -> str:
    return f"{pack.title}: who has signed"


def dates(pack: SafePack) -> list[str]:
    """When people signed, where that may be told, and when it was so."""
    said = [f"As at {instant_in_words(pack.as_at)}"]
    if pack.first_signed_on and pack.last_signed_on:
        said.insert(0, f"Signed between {in_words(pack.first_signed_on)} and {in_words(pack.last_signed_on)}")
    return said


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


def why_no_roles(pack: SafePack) -> str | None:
    """None when there is a table of roles."""
    if not pack.asks_role:
        return "The form does not ask signatories for their role."
    if not pack.roles.rows:
        return f"Roles are shown once at least {pack.threshold} people have signed."
    return None


def roles_note(pack: SafePack) -> str:
    shares = " Shares are worked out from the rounded counts, so they may not add up to 100%."
    return pack.roles.note + (shares if has_shares(pack) else "")


def why_no_growth(pack: SafePack) -> str | None:
    """None when there is a table of growth."""
    if not pack.growth:
        return f"Growth is shown once at least {pack.threshold} people have signed."
    if len(pack.growth.points) == 1:
        return (
            "Growth is shown once there are two weeks, or two runs of weeks, in each of which at least "
            f"{pack.threshold} people signed."
        )
    return None


def growth_note(pack: SafePack) -> str:
    return (
        "Each person counts in the week of their first signature. Weeks end on Sunday. A week in which fewer "
        f"than {pack.threshold} signed is joined with its neighbours. All but the last figure are rounded to "
        "the nearest 5."
    )


def why_no_others(pack: SafePack) -> str | None:
    """None when there is a table of the forms that are not signatories."""
    if pack.not_counted.rows:
        return None
    return f"Fewer than {pack.threshold} of the forms received are not counted as signatories."


def limits(pack: SafePack) -> list[str]:
    return [
        "Signatories chose to sign. They are not a sample, and their shares are not the public’s.",  # noqa: RUF001 - typography
        "A person with two email addresses can be counted twice; a household that shares one, once.",
        SAFE.format(threshold=pack.threshold),
    ]


def citation(pack: SafePack) -> str:
    as_at = instant_in_words(pack.as_at)
    return f"{pack.organisation}, {title(pack)}, figures as at {as_at}, run {pack.run_id}."


def source(pack: SafePack) -> str:
    """Under a picture that goes round alone."""
    return f"{pack.organisation}, figures as at {instant_in_words(pack.as_at)}"
