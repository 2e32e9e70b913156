"""What packs have shown, remembered in a file, and what a pack says beside what was shown before."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from reports.branding import Brand
from reports.disclosure.history_file import read_memory, write_memory
from reports.disclosure.release_sequence import NOTHING_SHOWN
from reports.disclosure.safe_pack import made_safe
from reports.errors import MemoryFileError
from reports.pack import USUAL_FORMATS, write_pack
from reports.texts import wording
from reports.texts.tables import tables_of
from tests.packs import figures, numbers_in, text_of

AT = datetime(2026, 10, 9, 1, 15, tzinfo=UTC)
MONTHS = [
    (date(2026, 7, 3), "Parent", 300), (date(2026, 7, 3), "Teacher", 200),
    (date(2026, 8, 4), "Parent", 300), (date(2026, 8, 4), "Teacher", 200),
    (date(2026, 9, 5), "Parent", 300), (date(2026, 9, 5), "Teacher", 200),
]  # fmt: skip


def packs(*several, threshold=10, memory=NOTHING_SHOWN, **changes):
    made = []
    for number, one in enumerate(several):
        raw = figures(one, as_at=AT + timedelta(days=number), **changes)
        pack, memory = made_safe(raw, memory, threshold=threshold, tz="Europe/London")
        made.append(pack)
    return made, memory


def test_what_was_shown_comes_back_from_the_file_as_it_was(tmp_path):
    _, memory = packs([("Parent", 640), ("Teacher", 12)], [("Parent", 740), ("Teacher", 92)])
    write_memory(tmp_path / "shown.json", memory)
    assert read_memory(tmp_path / "shown.json") == memory
    assert read_memory(tmp_path / "missing.json") == NOTHING_SHOWN
    assert [path.name for path in tmp_path.iterdir()] == ["shown.json"]


@pytest.mark.parametrize("text", ["", "{}", '{"version": 2}', "[]", '{"version": 1, "totals": 7}', "\xff"])
def test_a_file_that_cannot_be_read_stops_the_pack(tmp_path, text):
    path = tmp_path / "shown.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(MemoryFileError, match=r"shown\.json"):
        read_memory(path)


def test_the_file_holds_no_count_that_no_pack_may_show(tmp_path):
    exact = [("Parent", 643), ("Teacher", 58), ("Politician", 4), ("Other", 7)]
    _, memory = packs(exact, [(label, n * 2) for label, n in exact])
    write_memory(tmp_path / "shown.json", memory)
    told = json.loads((tmp_path / "shown.json").read_text(encoding="utf-8"))
    assert {row[1] for one in told["roles"] for row in one["rows"]} == {None, 645, 60, 1285, 115}
    assert {row[1] % 5 for one in told["others"] for row in one["rows"] if row[1] is not None} == {0}
    assert {n % 5 for _, n in told["points"]} == {0}


def test_the_same_figures_shown_again_add_nothing():
    _, memory = packs([("Parent", 640), ("Teacher", 120)])
    (again,), after = packs([("Parent", 640), ("Teacher", 120)], memory=memory)
    assert after == memory
    assert wording.roles_as_at(again) is None


def test_a_pack_says_of_which_day_its_roles_are():
    (_, second), _ = packs([("Parent", 640), ("Teacher", 120)], [("Parent", 641), ("Teacher", 120)])
    assert (second.total, second.roles.total) == (761, 760)
    assert "The figures by role are as at 9 October 2026." in wording.roles_note(second)
    assert tables_of(second)[0].foot.cells[0] == 760


def test_a_figure_that_stayed_has_its_day():
    (_, second), _ = packs([("Parent", 640), ("Teacher", 120)], [("Parent", 740), ("Teacher", 121)])
    assert [(row.cell.n, row.since) for row in second.roles.rows] == [
        (640, date(2026, 10, 9)), (120, date(2026, 10, 9))
    ]  # fmt: skip
    assert " (as at 9 October 2026)" in {row.remark for row in tables_of(second)[0].rows}


def test_a_point_of_growth_stays_as_it_was_when_somebody_leaves():
    first = [(date(2026, 9, 1), 23), (date(2026, 9, 8), 40), (date(2026, 9, 22), 40)]
    second = [(date(2026, 9, 1), 22), *first[1:]]
    (before,), memory = packs([("Parent", 103)], by_day=first)
    (after,), _ = packs([("Parent", 102)], by_day=second, memory=memory)
    assert [point.n for point in before.growth.points] == [25, 65, 103]
    assert [point.n for point in after.growth.points] == [25, 65, 102]


def test_who_signed_first_and_left_is_not_seen_by_the_first_day():
    days = [(date(2026, 9, 1), 1), (date(2026, 9, 8), 100)]
    _, memory = packs([("Parent", 101)], by_day=days, first_signed_on=date(2026, 9, 1))
    (after,), _ = packs([("Parent", 100)], by_day=days[1:], first_signed_on=date(2026, 9, 8), memory=memory)
    assert after.first_signed_on == date(2026, 9, 1)


def test_roles_by_month_are_those_of_the_ends_of_months():
    (pack,), memory = packs([("Parent", 900), ("Teacher", 600)], by_day_and_role=MONTHS)
    assert pack.role_periods.ends == (date(2026, 7, 31), date(2026, 8, 31))
    assert dict(pack.role_periods.rows)["Parent"] == (300, 600)
    assert pack.role_periods.totals == (500, 1000)
    assert [one.total for one in memory.roles] == [500, 1000, 1500]
    assert "role-periods" in [table.name for table in tables_of(pack)]


def test_where_no_month_can_be_told_the_pack_says_so():
    (pack,), _ = packs([("Parent", 640), ("Teacher", 120)])
    assert pack.role_periods is None
    assert wording.missing(pack)["role-periods"].startswith("Roles by month are not shown")


def test_gaps_are_told_in_words_and_in_a_table():
    (pack,), _ = packs([("Parent", 640)], read_on=[date(2026, 9, 20), date(2026, 10, 8)])
    assert any("from 21 September 2026 to 7 October 2026" in said for said in wording.limits(pack))
    gaps = next(table for table in tables_of(pack) if table.name == "gaps")
    assert [(row.what, row.cells) for row in gaps.rows] == [("21 September 2026 to 7 October 2026", (17,))]


def test_a_lower_threshold_is_told_with_its_reason():
    raw = figures([("Parent", 640), ("Teacher", 60)])
    pack, _ = made_safe(
        raw, NOTHING_SHOWN, threshold=5, tz="Europe/London", threshold_reason="Agreed with our board."
    )
    assert "Agreed with our board." in " ".join(wording.limits(pack))
    usual, _ = made_safe(raw, NOTHING_SHOWN, threshold=10, tz="Europe/London", threshold_reason="No matter.")
    assert "No matter." not in " ".join(wording.limits(usual))


@pytest.mark.long
def test_every_format_says_of_which_day_a_figure_is_and_none_has_the_exact_one(tmp_path):
    (_, second), _ = packs([("Parent", 643), ("Teacher", 118)], [("Parent", 743), ("Teacher", 119)])
    paths = write_pack(second, tmp_path, USUAL_FORMATS, Brand())
    texts = {path.name: " ".join(text_of(path).split()) for path in paths}
    for kind in (".html", ".pdf", ".xlsx", "-notes.csv"):
        (told,) = (text for name, text in texts.items() if name.endswith(kind))
        assert "as at 9 October 2026" in told, kind
    assert '"as_on": "2026-10-09"' in texts["counts.json"]
    assert not {643, 743, 118, 119} & set().union(*map(numbers_in, texts.values()))
    assert 862 in numbers_in(texts["counts.json"])
