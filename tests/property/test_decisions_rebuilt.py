"""Whatever happens and is decided, night by night or all at once: the same people count."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_response
from tests.examples import examples
from tests.vaults import a_vault, held_by_a_plain_rule
from warehouse.errors import DecisionError
from warehouse.transform import decisions
from warehouse.transform.decisions import Decision

IDS = st.integers(1, 6)
EMAILS = st.sampled_from(["a@b.org", "c@d.org", "e@f.org", "nothing", None])
CHANGES = st.tuples(st.just("arrives"), IDS, EMAILS, st.sampled_from(["completed", "completed", "partial"]))
DECIDED = st.one_of(
    st.tuples(st.sampled_from(["accept", "reject", "apart"]), IDS),
    st.tuples(st.just("pair"), st.integers(0, 9), st.integers(0, 9), st.sampled_from(["same", "different"])),
    st.tuples(st.just("undo"), st.integers(1, 8)),
    st.tuples(st.just("withdraw"), IDS),
)
NIGHTS = st.lists(st.lists(st.one_of(CHANGES, CHANGES, DECIDED), max_size=4), min_size=1, max_size=6)


def happen(vault, step, n):
    """One thing that comes in, or that a person decides; what can't be decided is not."""
    what, *more = step
    if what == "arrives":
        response_id, email, status = more
        modified = f"2026-03-01T{n // 60:02}:{n % 60:02}:00+00:00"
        vault.receive([a_response(response_id, email=email, response_status=status, date_modified=modified)])
    elif what == "withdraw":
        vault.withdraw(str(more[0]))
    elif what == "undo":
        try:
            decisions.undo(vault.connection, more[0], who="a", because="b", at=vault.now)
        except DecisionError:
            return
    else:
        decide(vault, what, more)


def decide(vault, what, more):
    if what == "pair":
        ids = [row["signatory_id"] for row in vault.rows("from core.signatories order by signatory_id")]
        if len(ids) < 2:
            return
        one, other = sorted({ids[more[0] % len(ids)], ids[more[1] % len(ids)]} | set(ids[:2]))[-2:]
        decision = Decision("pair", str(one), more[2], "b", "a", other_subject=str(other))
    elif what == "apart":
        decision = Decision("apart", str(more[0]), "apart", "b", "a")
    else:
        decision = Decision("response", str(more[0]), what, "b", "a", detail="missing,invalid")
    decisions.keep(vault.connection, decision, at=vault.now)


def standing(vault):
    """Each response's place, and each person as published."""
    return (
        vault.rows("select response_id, disposition, reason from core.dispositions order by response_id"),
        vault.rows(
            "select signatory_id, response_id, signed_at, n_signatures from core.signatories order by 1"
        ),
    )


@examples(0.15)
@given(NIGHTS)
def test_night_by_night_equals_all_at_once(nights):
    with (
        tempfile.TemporaryDirectory() as folder,
        a_vault(Path(folder), check=held_by_a_plain_rule) as vault,
    ):
        n = 0
        for steps in nights:
            for step in steps:
                n += 1
                happen(vault, step, n)
            vault.night()
            assert vault.failed_measures() == []
        before = standing(vault)
        changes = vault.rows("select count(*) as n from core.disposition_changes")
        vault.rules = "other rules, so that all is staged and decided anew"
        vault.night()
        assert standing(vault) == before
        assert vault.rows("select count(*) as n from core.disposition_changes") == changes
