"""Which email keys are spellings of one mailbox, by the rules of its provider and of nobody else."""

from __future__ import annotations

from checks.people.mailbox_rules import PROVIDERS

_PROVIDER_OF = {domain: provider for provider in PROVIDERS for domain in provider.domains}
_IGNORED_AT = {provider.name: str.maketrans("", "", provider.ignored) for provider in PROVIDERS}


def mailbox(email_key: str) -> str:
    """Find the mailbox of an email key, as one of its spellings; that of a mailbox is itself.

    At a domain without rules (checks.people.mailbox_rules) a key is its own mailbox, and so is a key that
    would have nothing left before its @.
    """
    typed, _, domain = email_key.rpartition("@")
    provider = _PROVIDER_OF.get(domain)
    if provider is None:
        return email_key
    name = typed.partition(provider.tag)[0] if provider.tag else typed
    name = name.translate(_IGNORED_AT[provider.name])
    if not name:
        return email_key
    return f"{name}@{provider.domains[0] if provider.is_one_domain else domain}"
