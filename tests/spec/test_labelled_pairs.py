"""What is merged, and what is shown to people, measured on invented pairs labelled by hand.

labelled_pairs.txt: label is ``same`` (one person), ``different``, or ``shared``: two people on one address,
who by the policy are one signatory. kind says what the pair is an example of. Some are there because no
rule can tell them: other accounts of one person, aliases that no provider's page states, two slips at once,
and strangers or families whose addresses look alike.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import pytest

from checks.people.address_matching import SHORTEST_NAME_FOR_A_SLIP
from tests.builders import a_response
from tests.looking import look, signals
from tests.vaults import a_vault, drawn, held_by_a_plain_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

Pair = dict[str, Any]


@cache
def labelled() -> list[Pair]:
    """The labelled pairs, in the order drawn."""
    return drawn((Path(__file__).parents[1] / "labelled_pairs.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[int, str]:
    """The number of each pair to what the pipeline makes of it alone: merged, a signal, or nothing.

    All pairs lie in one vault, so each also has hundreds of strangers to be mistaken for.
    """
    n_pairs = len(labelled())
    with a_vault(tmp_path_factory.mktemp("pairs"), check=held_by_a_plain_rule) as vault:
        vault.receive([body for number, pair in enumerate(labelled()) for body in _responses(number, pair)])
        vault.decide()
        look(vault)
        placed = vault.rows("select response_id, email_key from core.dispositions")
        key_of = {row["response_id"]: row["email_key"] for row in placed}
        signal_of = {frozenset(ids): signal for signal, *ids in signals(vault) if len(ids) > 1}
        people_of = vault.rows(
            "select places.response_id, people.response_id as person from core.dispositions as places"
            " join core.signatories as people on people.email_key = places.email_key"
        )
    person_of = {row["response_id"]: row["person"] for row in people_of}
    return {number: _made_of(_ids(number), key_of, person_of, signal_of) for number in range(n_pairs)}


def _ids(number: int) -> tuple[str, str]:
    return str(10_000 + 2 * number), str(10_001 + 2 * number)


def _responses(number: int, pair: Pair) -> list[str]:
    one, other = _ids(number)
    return [
        a_response(one, name=pair["name"], email=_marked(pair["email"], number, pair["kind"])),
        a_response(other, name=pair["other_name"], email=_marked(pair["other_email"], number, pair["kind"])),
    ]


def _marked(address: str, number: int, kind: str) -> str:
    """The address with a mark of its own pair: names and addresses come again in other pairs.

    Not before a name so short that slips in it are judged otherwise.
    """
    name = address.strip().removeprefix("mailto:")
    if kind == "slip" and len(name.partition("@")[0]) < SHORTEST_NAME_FOR_A_SLIP:
        return address
    return address.replace(name, "".join(ascii_lowercase[int(digit)] for digit in f"{number:03}") + name)


def _made_of(ids, key_of, person_of, signal_of) -> str:
    one, other = ids
    is_merged = key_of[one] == key_of[other]
    signal = signal_of.get(frozenset((person_of[one], person_of[other])) if not is_merged else frozenset(ids))
    return " ".join(filter(None, ("merged" if is_merged else None, signal))) or "nothing"


def counted(found: dict[int, str], outcomes: Iterable[str], **wanted: str) -> Counter[str]:
    """How many pairs with one of these outcomes, by label; wanted narrows them down by column."""
    pairs = labelled()
    return Counter(
        pairs[number]["label"]
        for number, outcome in found.items()
        if outcome in outcomes and all(pairs[number][key] == value for key, value in wanted.items())
    )


def test_there_are_at_least_three_hundred_pairs_of_every_kind():
    assert len(labelled()) >= 300
    assert len(
        {(pair["name"], pair["email"], pair["other_name"], pair["other_email"]) for pair in labelled()}
    ) == len(labelled())
    assert set(Counter(pair["kind"] for pair in labelled())) == {
        "spelling", "alias", "slip", "other account", "family", "one name", "near", "strangers", "hard",
    }  # fmt: skip


def test_what_is_merged_without_asking_is_one_address(found):
    merged = counted(found, {"merged", "merged two-people-one-address"})
    n_rightly = merged["same"] + merged["shared"]

    assert n_rightly >= 75
    assert n_rightly / merged.total() >= 0.999
    print(f"merged: {dict(merged)}")


def test_two_people_on_one_address_are_shown_and_one_person_is_not(found):
    shown = counted(found, {"merged two-people-one-address"})
    print(f"two-people-one-address: {dict(shown)} of {dict(counted(found, set(found.values())))}")

    assert set(shown) == {"shared"}
    assert shown["shared"] / 30 >= 0.85


@pytest.mark.parametrize(
    ("signal", "kind", "precision", "recall"),
    [("same-mailbox", "alias", 0.94, 0.85), ("address-typo", "slip", 0.94, 0.78)],
)
def test_a_signal_about_a_pair_is_mostly_right_and_finds_most(found, signal, kind, precision, recall):
    shown = counted(found, {signal})
    of_its_kind = counted(found, {signal}, kind=kind)["same"]
    all_of_its_kind = counted(found, set(found.values()), kind=kind)["same"]
    print(f"{signal}: {dict(shown)}; {of_its_kind} of {all_of_its_kind} pairs labelled {kind}")

    assert shown["same"] / shown.total() >= precision
    assert of_its_kind / all_of_its_kind >= recall


def test_what_no_signal_finds_is_left_alone(found):
    untouched = counted(found, {"nothing"})
    missed = Counter(
        labelled()[number]["kind"]
        for number, outcome in found.items()
        if outcome == "nothing" and labelled()[number]["label"] == "same"
    )

    assert untouched["different"] >= 88
    assert missed == {"alias": 8, "slip": 18, "other account": 14}
