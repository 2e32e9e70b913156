"""The CSV files are what their CSVW metadata say, and the metadata refuse what a pack may not show."""

from __future__ import annotations

import json
import warnings
from datetime import date

import pytest
from csvw import CSVW

from reports import pack
from reports.branding import Brand
from tests.packs import USUAL_ROLES, csv_rows, figures, safe, write_pack
from tests.payloads import payloads
from tests.whole_pack import IN_JUNE, whole_pack

STEM = "connect-pledge-2026-07-02"


def metadata_of(paths):
    (path,) = (path for path in paths if path.name.endswith("-csv-metadata.json"))
    return path


def findings(path):
    """What a validator says against the files; it looks at every value."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # it collects its own findings as warnings
        read = CSVW(str(path), validate=True)
        try:
            assert read.is_valid == (not read.warnings)
        except ValueError as error:  # a key that two rows have
            return [str(error)]
    return [str(warning.message) for warning in read.warnings]


def columns_of(path, table):
    (told,) = (one for one in json.loads(path.read_text())["tables"] if one["url"] == f"{STEM}-{table}.csv")
    return {column["name"]: column for column in told["tableSchema"]["columns"]}


@pytest.fixture
def whole(tmp_path):
    return metadata_of(pack.write_pack(whole_pack(), tmp_path, ("csv",), Brand()))


def test_the_files_of_a_pack_with_every_table_are_what_their_metadata_say(whole):
    assert findings(whole) == []
    urls = [table["url"] for table in json.loads(whole.read_text())["tables"]]
    assert sorted(urls) == sorted(path.name for path in whole.parent.iterdir() if path != whole)


@pytest.mark.parametrize(
    "roles", [USUAL_ROLES, [("Parent", 0)], [("Parent", 9)], [("Parent", 11), ("MSP", 10)],
              [(payload, 20) for payload in payloads()]]
)  # fmt: skip
@pytest.mark.parametrize("threshold", [5, 10, 12, 20])
def test_so_are_those_of_packs_of_any_size(tmp_path, roles, threshold):
    paths = write_pack(figures(roles), tmp_path, ("csv",), threshold=threshold)
    assert findings(metadata_of(paths)) == []


def test_whoever_made_it_when_and_how_to_read_it_is_told(tmp_path):
    made = whole_pack(as_of=date(2026, 7, 2), made_at=IN_JUNE.replace(month=9))
    told = json.loads(metadata_of(pack.write_pack(made, tmp_path, ("csv",), Brand())).read_text())
    assert told["@context"] == "http://www.w3.org/ns/csvw"
    assert told["dc:publisher"] == "Connect"
    assert told["dc:issued"] == {"@value": "2026-09-09", "@type": "xsd:date"}
    roles = told["tables"][1]
    assert roles["dc:title"] == "Signatories by the role they chose on the form, as at 9 June 2026"
    assert "fewer than 10" in roles["dc:description"]
    assert "Shares" not in roles["dc:description"]
    assert roles["tableSchema"]["primaryKey"] == ["date", "role"]


@pytest.mark.parametrize(("threshold", "least"), [(5, 5), (10, 10), (12, 15), (20, 20)])
def test_a_count_has_the_least_that_can_be_shown_and_the_shorthand_is_none(tmp_path, threshold, least):
    path = metadata_of(write_pack(figures(), tmp_path, ("csv",), threshold=threshold))
    count = columns_of(path, "roles")["signatories"]
    assert count["datatype"] == {"base": "integer", "minimum": least}
    assert count["null"] == "[c]"
    assert columns_of(path, "summary")["value"]["datatype"] == {"base": "integer"}  # the total may be small


@pytest.mark.parametrize(
    ("table", "shown", "other"),
    [
        ("roles", ",1100,", ",7,"),
        ("roles", ",[c],", ",,"),
        ("roles", ",[c],", ",hidden,"),
        ("roles", ",hidden", ",unknown"),
        ("roles", "Other,[c]", "Parent,[c]"),
        ("by-area", ",730,", ",9,"),
        ("not-counted", ",140,", ",4,"),
        ("role-periods", ",15,", ",3,"),
        ("changes", ",earlier,", ",later,"),
        ("growth", "2026-05-03", "3 May 2026"),
        ("growth", ",1090,", ",[c],"),
    ],
)
def test_the_same_metadata_refuse_what_may_not_be(whole, table, shown, other):
    path = whole.parent / f"{STEM}-{table}.csv"
    content = path.read_bytes()
    assert shown.encode() in content
    path.write_bytes(content.replace(shown.encode(), other.encode(), 1))
    assert findings(whole) != []


def test_a_plain_reader_gets_the_values_that_a_reader_of_csvw_gets(whole):
    for table in CSVW(str(whole)).tables:
        heads, *rows = csv_rows(whole.parent / table.url.string)
        read = list(table.iterdicts())
        assert [[as_text(value) for value in row.values()] for row in read] == rows
        assert {tuple(row) for row in read} == {tuple(heads)}


def as_text(value):
    return "[c]" if value is None else str(value).removesuffix(" 00:00:00")


def test_a_chart_has_the_data_file_of_its_table_beside_it(tmp_path):
    made = safe(figures())
    paths = pack.write_pack(made, tmp_path / "charts", ("charts",), Brand())
    data = [path for path in paths if path.suffix == ".csv"]
    assert [path.stem for path in data] == [path.stem for path in paths if path.suffix == ".svg"]
    pack.write_pack(made, tmp_path / "csv", ("csv",), Brand())
    assert [path.read_bytes() for path in data] == [
        (tmp_path / "csv" / path.name).read_bytes() for path in data
    ]
