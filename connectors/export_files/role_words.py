"""Words of which roles are made on forms like the pledge's: a text of nothing else names nobody."""

from __future__ import annotations

import re

# What people are to children, schools, councils and charities, and the small words between. None names a
# place, a person or an organisation.
_ROLES = """
    parent parents carer carers guardian guardians grandparent grandparents family families kinship foster
    mother father relative
    school schools nursery nurseries early years childcare childminder playgroup primary secondary special
    education educational learning additional needs teacher teachers teaching head headteacher deputy
    practitioner practitioners staff assistant pupil pupils student students child children young youth
    university college lecturer academic researcher research
    local national authority authorities council councils councillor councillors government governor governors
    politician politicians elected representative representatives policy maker makers policymaker policymakers
    official officials civil servant servants public
    health social care work worker workers partner partners nurse doctor psychologist
    community communities voluntary volunteer volunteers third sector organisation organisations organization
    organizations charity charities group groups association forum committee board trust
    business businesses employer employers employee company professional professionals media journalist
    member members person people individual citizen resident general supporter friend someone else
    other none prefer not to say
    a an and or of the in for with from who as eg e.g ie i.e etc my your
"""
_WORDS = frozenset(_ROLES.split())
_MOST_WORDS = 12
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*")
_NUMBER = re.compile(r"\d")


def names_a_role_alone(text: str) -> bool:
    """Whether *text* is made of such words only, and of few."""
    words = _WORD.findall(text.casefold())
    return 0 < len(words) <= _MOST_WORDS and not _NUMBER.search(text) and _WORDS.issuperset(words)
