"""Words of which roles are made on forms like the pledge's: a text of nothing else names nobody."""

from __future__ import annotations

import re

# What people are to schools, councils and charities, and the small words between. None names a place,
# a person or a firm, or is a letter alone; none tells of health, need or family beyond caring.
_ROLES = """
parent parents carer carers guardian guardians grandparent grandparents kinship
school schools nursery nurseries early years childcare childminder playgroup primary secondary
education educational teacher teachers teaching head headteacher deputy practitioner practitioners staff
assistant pupil pupils student students
university college lecturer academic researcher research
local national authority authorities council councils councillor councillors government governor governors
politician politicians elected representative representatives policy maker makers policymaker policymakers
official officials civil servant servants public sector
health social care work worker workers partner partners
community communities voluntary volunteer volunteers third organisation organisations organization
organizations charity charities group groups association forum committee board trust
business businesses employer employers employee company professional professionals media journalist
member members citizen resident supporter
other none prefer not to say
and or of the in for with from as e.g etc
"""
_WORDS = frozenset(_ROLES.split())
_MOST_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*")
_NUMBER = re.compile(r"\d")


def names_a_role_alone(text: str) -> bool:
    """Whether *text* is made of such words only, and of few."""
    words = _WORD.findall(text.casefold())
    return 0 < len(words) <= _MOST_WORDS and not _NUMBER.search(text) and _WORDS.issuperset(words)
