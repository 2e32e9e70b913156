"""How templates are set: all that is put in is escaped, and a name that isn't there is an error."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

TEMPLATES = PackageLoader("reports")


def environment() -> Environment:
    """A new one, to which a page adds its own filters."""
    return Environment(
        loader=TEMPLATES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
