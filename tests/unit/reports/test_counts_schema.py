"""`counts.json` is as its published schema says, for packs of any size."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.packs import USUAL_ROLES, figures, write_pack

SCHEMA = json.loads(Path("docs/counts-schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def counts(folder, made):
    (path,) = write_pack(made, folder, ("json",))
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "roles", [USUAL_ROLES, [("Parent", 0)], [("Parent", 9)], [("Parent", 11), ("MSP", 10)], []]
)
def test_counts_are_as_the_schema_says(tmp_path, roles):
    changes = {} if roles else {"by_role": []}
    told = counts(tmp_path, figures(roles, **changes))
    assert list(VALIDATOR.iter_errors(told)) == []
    assert set(told) == set(SCHEMA["properties"])


@pytest.mark.parametrize(
    "wrong", [{"total": 1.5}, {"as_at": "2026-07-02 00:15"}, {"schema": "pledge-counts/2"}, {"total": -1},
              {"roles": [{"role": "MSP", "n": 3}]}]
)  # fmt: skip
def test_the_schema_refuses_what_counts_may_not_be(tmp_path, wrong):
    assert not VALIDATOR.is_valid(counts(tmp_path, figures()) | wrong)
