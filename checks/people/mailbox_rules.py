"""Which spellings of an address are one mailbox to its provider: the rules as data, each with its source.

A rule stands here only where the provider's own help page states it. Everywhere else, and so at schools
and councils (.sch.uk, .gov.uk, gov.scot, Glow), each email key is a mailbox of its own. Left out, since no
page of theirs was found that says so: plus tags at iCloud and Yahoo (whose disposable addresses bear a
nickname, not the mailbox's name), at BT, Sky, Virgin, GMX, AOL and Tuta, and at Microsoft's domains by
country (hotmail.co.uk, live.co.uk); and that Proton's or Fastmail's domains with one name are one account.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where a provider states a rule.

    page: what the page is called, or what it is about.
    relied_on: the day (ISO) on which a stored copy of the page was read, or, where *by_way_of* says whose
        notes on it were relied on instead, on which they were made.
    """

    rule: str
    page: str
    address: str
    relied_on: str
    by_way_of: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """How one provider reads its addresses.

    domains: those that the rules are stated for; the first one stands for all if *is_one_domain*.
    is_one_domain: the same name at each of the domains is the same mailbox.
    tag: what begins a part that is ignored, up to the @; None if nothing does.
    ignored: characters before the @ that make no difference.
    """

    name: str
    domains: tuple[str, ...]
    sources: tuple[Source, ...]
    is_one_domain: bool = False
    tag: str | None = None
    ignored: str = ""


NOTES = "the source notes of the open-source package email-utils"
PLUS_TAG = "what follows a + is ignored"

PROVIDERS = (
    Provider(
        "Gmail",
        ("gmail.com", "googlemail.com"),
        (
            Source(
                "dots make no difference",
                "Dots don't matter in Gmail addresses",
                "https://support.google.com/mail/answer/7436150",
                "2026-11-24",
            ),
            Source(
                "gmail.com and googlemail.com are the same",
                "Gmail Help on googlemail.com addresses",
                "https://support.google.com/mail/answer/10313",
                "2026-09-29",
                NOTES,
            ),
            Source(
                PLUS_TAG,
                "Gmail Help on address variations",
                "https://support.google.com/mail/answer/12096",
                "2026-09-29",
                NOTES,
            ),
        ),
        is_one_domain=True,
        tag="+",
        ignored=".",
    ),
    Provider(
        "Outlook.com",
        ("outlook.com", "hotmail.com", "live.com", "msn.com"),
        (
            Source(
                PLUS_TAG,
                "Add or remove an email alias in Outlook.com",
                "https://support.microsoft.com/office/459b1989-356d-40fa-a689-8f285b13f1f2",
                "2026-09-29",
                NOTES,
            ),
        ),
        tag="+",
    ),
    Provider(
        "iCloud",
        ("icloud.com", "me.com", "mac.com"),
        (
            Source(
                "an account with @me.com or @mac.com has the same name @icloud.com",
                "About your @icloud.com, @me.com, and @mac.com email addresses",
                "https://support.apple.com/118230",
                "2026-11-24",
            ),
        ),
        is_one_domain=True,
    ),
    Provider(
        "Proton Mail",
        ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        (
            Source(
                PLUS_TAG,
                "Types of email addresses and aliases",
                "https://proton.me/support/addresses-and-aliases",
                "2026-11-24",
            ),
            Source(
                "dots, hyphens and underscores make no difference",
                "How to change your username",
                "https://proton.me/support/change-username",
                "2026-11-24",
            ),
        ),
        tag="+",
        ignored=".-_",
    ),
    Provider(
        "Fastmail",
        ("fastmail.com", "fastmail.fm"),
        (
            Source(
                PLUS_TAG,
                "Plus addressing and subdomain addressing",
                "https://www.fastmail.help/hc/en-us/articles/360060591053",
                "2026-11-24",
            ),
        ),
        tag="+",
    ),
)
