"""Real export files of other surveys: each answered cell is kept, or the file is refused as it should be.

What is expected is counted here from the bytes with the standard library alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.driving import Pledge
from tests.variants import variants

LONDON = ZoneInfo("Europe/London")
MONTH_FIRST_12 = "%m/%d/%Y %I:%M:%S %p"
ISO = "%Y-%m-%d %H:%M:%S"

# File to (encoding, heading rows, format of the dates where it is one of two).
# fmt: off
FILES: dict[str, tuple[str, int, str | None]] = {
    "cncf_ambassadors_2019_h1": ("utf-8", 2, MONTH_FIRST_12),
    "cncf_ambassadors_2020_h1": ("utf-8", 2, MONTH_FIRST_12),
    "cncf_ambassadors_2021": ("utf-8", 2, None),
    "cncf_maintainers_2019_h1": ("utf-8", 2, ISO),
    "cncf_maintainers_2020_h2": ("utf-8", 2, None),
    "cncf_maintainers_2021_h1": ("utf-8", 2, None),
    "cncf_wasm_microsurvey": ("utf-8", 2, None),
    "cncf_finops_microsurvey": ("utf-8", 2, None),
    "kubernetes_contribex_2019": ("utf-8-sig", 2, None),
    "todogroup_ospo_2018": ("utf-8", 2, None),  # the TODO Group is an association
    "fivethirtyeight_star_wars": ("mac_roman", 2, None),
    "fivethirtyeight_steak": ("utf-8", 2, None),
    "fivethirtyeight_midwest": ("utf-8", 2, None),
    "fivethirtyeight_thanksgiving_2015": ("utf-8", 1, None),
    "fivethirtyeight_religion": ("utf-8", 2, None),
}
# fmt: on
AT_ONCE = (
    "cncf_ambassadors_2019_h1",
    "cncf_maintainers_2019_h1",
    "kubernetes_contribex_2019",
    "fivethirtyeight_star_wars",
    "fivethirtyeight_thanksgiving_2015",
)  # fmt: skip
FIXED = {
    "respondentid",
    "collectorid",
    "startdate",
    "enddate",
    "ipaddress",
    "emailaddress",
    "firstname",
    "lastname",
    "customdata",
}  # fmt: skip
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00"))


def rows_of(real_data, name):
    """Headings and records of a file, as the csv module reads them."""
    encoding, n_headings, *_ = FILES[name]
    text = (real_data / "exports" / f"{name}.csv").read_bytes().decode(encoding)
    rows = list(csv.reader(io.StringIO(text.replace("\x00", ""), newline="")))
    records = [row for row in rows[n_headings:] if any(is_filled(cell) for cell in row)]
    return rows[:n_headings], records


def is_filled(cell):
    return bool(cell.translate(UNSEEN).strip())


def folded(text):
    """As texts are compared: tags out, blanks one space, case folded; one file has “4” under “- 4”."""
    return " ".join(re.sub("<[^<>]+>", " ", text.translate(UNSEEN)).split()).casefold().removeprefix("- ")


def fixed_columns(headings):
    """Columns of the platform's own, by the letters of their names."""
    names = ["".join(filter(str.isalpha, cell)).lower() for cell in headings[0]]
    has_ids = bool({"respondentid", "collectorid"} & set(names))
    return {at: name for at, name in enumerate(names) if has_ids and name in FIXED}


@pytest.mark.parametrize("name", variants(FILES, now=AT_ONCE))
def test_every_answered_cell_of_a_real_file_is_kept(real_data, tmp_path, name):
    headings, records = rows_of(real_data, name)
    fixed = fixed_columns(headings)
    filled = [[text for at, text in enumerate(row) if at not in fixed and is_filled(text)] for row in records]
    place = Pledge(tmp_path)
    told = place("import", str(real_data / "exports" / f"{name}.csv"), "--answers-only", "--json").json
    assert (told["state"], told["n_signatories"]) == ("complete", 0)
    assert (told["files"][0]["encoding"], told["files"][0]["responses"]) == (FILES[name][0], len(records))
    assert told["files"][0]["answers"] == sum(map(len, filled))

    with place.vault() as vault:
        per_response = vault.execute(
            "select count(answers.response_id) from core.signatures as signatures"
            " left join core.answers as answers using (response_id)"
            " group by signatures.response_id order by 1"
        ).fetchall()
        kept = vault.execute(
            "select coalesce(answers.text, options.text) from core.answers as answers"
            " left join raw.options as options"
            " on options.question_id = answers.question_id"
            " and options.option_id = coalesce(answers.choice_id, answers.other_id)"
        ).fetchall()
    assert [n for (n,) in per_response] == sorted(map(len, filled))
    assert Counter(folded(text) for (text,) in kept) == Counter(
        folded(text) for row in filled for text in row
    )


@pytest.mark.parametrize("name", [name for name, (*_, form) in FILES.items() if form])
def test_dates_of_a_real_file_are_those_that_stand_there(real_data, tmp_path, name):
    headings, records = rows_of(real_data, name)
    form = FILES[name][2]
    index = next(at for at, column in fixed_columns(headings).items() if column == "enddate")
    expected = sorted(
        datetime.strptime(row[index].strip(), form).replace(tzinfo=LONDON).astimezone(UTC) for row in records
    )
    place = Pledge(tmp_path)
    place("import", str(real_data / "exports" / f"{name}.csv"), "--answers-only")
    with place.vault() as vault:
        found = vault.execute("select modified_at from core.signatures order by 1").fetchall()
    assert [at for (at,) in found] == expected


@pytest.mark.parametrize("name", ["strimzi_2020_summary.csv", "cncf_2021_part1_summary.xlsx"])
def test_a_summary_is_refused_as_one(real_data, tmp_path, name):
    ran = Pledge(tmp_path)("import", str(real_data / "exports" / name), "--answers-only")
    assert ran.code == 15
    assert "summary" in ran.stderr
    assert "Nothing was imported." in ran.stderr
