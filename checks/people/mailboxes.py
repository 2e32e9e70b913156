"""Which email keys are spellings of one mailbox, by the rules of its provider and of nobody else."""

import tomllib
from importlib.resources import files

PROVIDERS = tomllib.loads((files(__package__) / "providers.toml").read_text(encoding="utf-8"))["providers"]
_PROVIDER_OF = {domain: provider for provider in PROVIDERS for domain in provider["domains"]}


def mailbox(email_key: str) -> str:
    """Find the mailbox of an email key, as one of its spellings; that of a mailbox is itself.

    At a domain without rules (providers.toml) a key is its own mailbox, and so is a key that would have
    nothing left before its @.
    """
    typed, _, domain = email_key.rpartition("@")
    provider = _PROVIDER_OF.get(domain)
    if provider is None:
        return email_key
    name = typed.partition(provider["tag"])[0] if "tag" in provider else typed
    for character in provider.get("ignored", ""):
        name = name.replace(character, "")
    if not name:
        return email_key
    return f"{name}@{provider['domains'][0] if provider.get('is_one_domain') else domain}"
