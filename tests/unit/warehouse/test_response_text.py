"""Addresses in responses as received: found in every spelling, and taken out without harm to the rest."""

from __future__ import annotations

import json

import pytest

from tests.builders import EMAIL, NAME, a_response
from warehouse.ingest.response_text import body_without, form_of, is_of, without

ADA = form_of("ada@bücher.example")
PLACES = frozenset({(EMAIL, None)})


def is_ada(text):
    return form_of(text) == ADA


@pytest.mark.parametrize(
    "spelling",
    [
        "ADA@Bücher.example", " ada@xn--bcher-kva.example ", "ada\uff20bücher.example",
        "\uff41\uff44\uff41@bücher.example", "ada@bu\u0308cher.example", "ada@bücher.example.",
        "ada@bücher.example,",
    ],
)  # fmt: skip
def test_spellings_of_one_address_have_one_form(spelling):
    assert form_of(spelling) == ADA


@pytest.mark.parametrize("other", ["ada@bucher.example", "adah@bücher.example", "ada", "", "@", "a" * 400])
def test_another_address_has_another_form(other):
    assert form_of(other) != ADA


@pytest.mark.parametrize(
    ("changes", "is_hers"),
    [
        ({"email": "Ada@bücher.example"}, True),
        ({"email": "ben@b.example", "name": "ada@bücher.example"}, False),
        ({"email": None, "name": "ada@bücher.example"}, True),
        ({"email": None, "name": "Ada"}, False),
        ({"email": "ada@@bücher.example", "name": "ada@bücher.example"}, False),
        ({"email": None, "email_address": "ada@bücher.example"}, True),
        ({"email": None, "name": "tell ada@bücher.example"}, False),
        ({"email": None, "pages": "none at all"}, False),
    ],
)
def test_whose_a_response_is(changes, is_hers):
    assert is_of(json.loads(a_response(1, **changes)), is_ada, PLACES) is is_hers


def test_the_row_of_a_question_is_meant_where_it_has_rows():
    answers = {
        "77": [{"row_id": "5", "text": "ada@bücher.example"}, {"row_id": "6", "text": "ben@b.example"}]
    }
    body = json.loads(a_response(1, email=None, answers=answers))
    assert is_of(body, is_ada, frozenset({("77", "5")}))
    assert not is_of(body, is_ada, frozenset({("77", "6")}))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ada@bücher.example", "(erased)"),
        ("Ask ADA@bücher.example, or ben@b.example.", "Ask (erased), or ben@b.example."),
        ("(mailto:ada@xn--bcher-kva.example)", "(mailto:(erased))"),
        ("nothing here @ all", "nothing here @ all"),
        ("", ""),
    ],
)
def test_an_address_is_taken_out_of_a_text(text, left):
    assert without(text, is_ada) == left


def test_a_body_without_an_address_is_otherwise_the_same():
    before = a_response(1, email="ben@b.example", name="friend of ada@bücher.example")
    after = json.loads(body_without(before, is_ada, PLACES))
    expected = json.loads(before)
    expected["pages"][0]["questions"][0]["answers"][0]["text"] = "friend of (erased)"
    assert after == expected
    assert after["pages"][0]["questions"][0]["id"] == NAME
