"""What packs have shown, remembered as a text, and what a pack says beside what was shown before."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from reports.branding import Brand
from reports.disclosure.make_safe import made_safe
from reports.errors import MemoryFileError
from reports.pack import USUAL_FORMATS, write_pack
from reports.packs_shown import NOTHING_SHOWN, Memory, ShownTable, as_text, from_text
from reports.safe_pack import SafePoint
from reports.texts import wording
from reports.texts.tables import tables_of
from tests.packs import LONDON, figures, numbers_in, text_of

AT = datetime(2026, 10, 9, 1, 15, tzinfo=UTC)


def packs(*several, threshold=10, memory=NOTHING_SHOWN, **changes):
    made = []
    for number, one in enumerate(several):
        raw = figures(one, as_at=AT + timedelta(days=number), run_id=f"run-{number}", **changes)
        pack, memory = made_safe(raw, memory, threshold=threshold, zone=LONDON)
        made.append(pack)
    return made, memory


def test_what_was_shown_comes_back_from_the_text_as_it_was():
    _, memory = packs([("Parent", 640), ("Teacher", 12)], [("Parent", 740), ("Teacher", 92)])
    assert from_text(as_text(memory).encode(), "shown.json") == memory


@pytest.mark.parametrize(
    "text", ["", "{}", '{"version": 2}', '{"version": 3}', "[]", '{"version": 1, "totals": 7}', "\xff"]
)
def test_a_text_that_cannot_be_read_stops_the_pack(text):
    with pytest.raises(MemoryFileError, match=r"shown\.json"):
        from_text(text.encode("latin-1"), "shown.json")


def test_what_either_remembers_is_remembered_by_both_together():
    _, first = packs([("Parent", 640), ("Teacher", 120)])
    _, second = packs([("Parent", 740), ("Teacher", 180)], [("Parent", 840), ("Teacher", 380)])
    both = first.joined(second)
    assert {*both.tables} == {*first.tables, *second.tables}
    assert both.joined(first) == both == both.joined(NOTHING_SHOWN)
    assert NOTHING_SHOWN.joined(both) == both


def test_a_text_of_version_1_is_read_with_the_figures_of_its_tables_own_days():
    then, now = "2026-09-01T02:15:00+01:00", "2026-10-01T02:15:00+01:00"
    told = {
        "version": 1,
        "totals": [[then, 758]],
        "roles": [{
            "at": now, "total": 758, "threshold": 10,
            "rows": [["Parent", 640, 758, now], ["Teacher", 110, 700, then], ["Other", None, 758, now]],
        }],
        "others": [],
        "points": [["2026-09-06", 25]],
        "first_signed_on": "2026-09-01",
        "last_signed_on": None,
    }  # fmt: skip
    at = datetime.fromisoformat(now)
    rows = (("Parent", 640), ("Teacher", None), ("Other", None))
    assert from_text(json.dumps(told).encode(), "shown.json") == Memory(
        packs=((datetime.fromisoformat(then), 758),),
        tables=(ShownTable("roles", at, "", 10, 755, rows),),
        points=(SafePoint(date(2026, 9, 6), 25),),
        signed_since=date(2026, 9, 1),
    )


def test_the_text_holds_no_count_that_no_pack_may_show():
    exact = [("Parent", 643), ("Teacher", 58), ("Politician", 4), ("Other", 7)]
    _, memory = packs(exact, [(label, n * 2) for label, n in exact])
    told = json.loads(as_text(memory))
    roles = [one for one in told["tables"] if one["what"] == "roles"]
    assert {row[1] for one in roles for row in one["rows"]} == {None, 645, 60, 1285, 115}
    assert {row[1] % 5 for one in told["tables"] for row in one["rows"] if row[1] is not None} == {0}
    assert {one["total"] % 5 for one in told["tables"]} == {0}
    assert {point["n"] % 5 for point in told["points"]} == {0}


def test_the_same_figures_shown_again_add_nothing():
    _, memory = packs([("Parent", 640), ("Teacher", 120)])
    (again,), after = packs([("Parent", 640), ("Teacher", 120)], memory=memory)
    assert after == memory
    assert wording.stands(again.roles, again) is None


def test_a_pack_says_of_which_day_its_roles_are():
    (_, second), _ = packs([("Parent", 640), ("Teacher", 120)], [("Parent", 641), ("Teacher", 120)])
    assert (second.total, second.roles.total) == (761, 760)
    table = tables_of(second)[0]
    assert table.title == "Signatories by the role they chose on the form, as at 9 October 2026"
    assert table.note.startswith("As at 9 October 2026: the table is renewed, as a whole, when at least 10")
    assert (table.foot.what, table.foot.cells[0]) == ("All signatories, as at 9 October 2026 (rounded)", 760)


def test_of_the_same_day_it_says_the_time():
    first, second = [("Parent", 640), ("Teacher", 120)], [("Parent", 641), ("Teacher", 120)]
    _, memory = packs(first)
    raw = figures(second, as_at=AT + timedelta(hours=9), run_id="later")
    pack, _ = made_safe(raw, memory, threshold=10, zone=LONDON)
    assert wording.as_at(pack.roles, pack) == "as at 9 October 2026 at 02:15 BST"


def test_what_staff_decided_since_is_said_to_be_missing_and_what_they_decided_before_is_not():
    decided = [
        (AT - timedelta(days=1), "forms that staff accepted or rejected"),
        (AT + timedelta(hours=1), "roles that staff assigned"),
        (AT + timedelta(hours=2), "roles that staff assigned"),
    ]
    first, second = [("Parent", 640), ("Teacher", 120)], [("Parent", 641), ("Teacher", 120)]
    (before, after), _ = packs(first, second, decided=decided)
    assert wording.undecided(before) is None
    assert wording.undecided(after) == "Not in this table yet: roles that staff assigned."


def test_a_point_of_growth_stays_as_it_was_when_somebody_leaves():
    first = [(date(2026, 9, 1), 23), (date(2026, 9, 8), 40), (date(2026, 9, 22), 40)]
    second = [(date(2026, 9, 1), 22), *first[1:]]
    (before,), memory = packs([("Parent", 103)], by_day=first)
    (after,), _ = packs([("Parent", 102)], by_day=second, memory=memory)
    assert [point.n for point in before.growth.points] == [25, 65, 103]
    assert [point.n for point in after.growth.points] == [25, 65, 102]


def test_a_point_of_growth_is_put_right_once_ten_have_left():
    first = [(date(2026, 9, 1), 43), (date(2026, 9, 8), 40), (date(2026, 9, 22), 40)]
    _, memory = packs([("Parent", 123)], by_day=first)
    (after,), _ = packs([("Parent", 111)], by_day=[(date(2026, 9, 1), 31), *first[1:]], memory=memory)
    assert [point.n for point in after.growth.points] == [30, 70, 111]


def test_who_signed_first_and_left_is_not_seen_by_the_first_day():
    days = [(date(2026, 9, 1), 1), (date(2026, 9, 8), 100)]
    _, memory = packs([("Parent", 101)], by_day=days)
    (after,), _ = packs([("Parent", 100)], by_day=days[1:], memory=memory)
    assert after.signed_since == date(2026, 9, 1)
    assert "Signed since 1 September 2026" in wording.dates(after)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        pytest.param(
            [640, 120], "760 people have signed: as many as on 9 October 2026 at 02:15 BST.", id="none"
        ),
        pytest.param(
            [643, 120], "763 people have signed: up by fewer than 10 from 9 October", id="three more"
        ),
        pytest.param([633, 120], "753 people have signed: down by fewer than 10 from 9 October", id="fewer"),
        pytest.param([740, 122], "862 people have signed: about 100 more than on 9 October", id="102 more"),
        pytest.param([540, 120], "660 people have signed: about 100 fewer than on 9 October", id="100 fewer"),
    ],
)
def test_what_has_changed_since_the_last_pack_is_told_by_whole_cohorts(roles, said):
    names = ("Parent", "Teacher")
    (first, second), _ = packs(
        list(zip(names, [640, 120], strict=True)), list(zip(names, roles, strict=True))
    )
    assert wording.changes(first) == []
    assert wording.changes(second)[0].startswith(said)
    is_renewed = "changes" in [table.name for table in tables_of(second)]
    assert is_renewed == (abs(sum(roles) - 760) >= 10)
    assert ("not been renewed" in wording.changes(second)[1]) != is_renewed


def test_where_no_month_can_be_told_the_pack_says_so():
    (pack,), _ = packs([("Parent", 640), ("Teacher", 120)])
    assert pack.role_periods is None
    assert wording.missing(pack)["role-periods"].startswith("Roles by month are shown once")


def test_gaps_are_told_in_words_and_in_a_table():
    (pack,), _ = packs([("Parent", 640)], read_on=[date(2026, 9, 20), date(2026, 10, 8)])
    assert any("from 21 September 2026 to 7 October 2026" in said for said in wording.limits(pack))
    gaps = next(table for table in tables_of(pack) if table.name == "gaps")
    assert [(row.what, row.cells) for row in gaps.rows] == [("21 September 2026 to 7 October 2026", (17,))]


def test_a_lower_threshold_is_told_with_its_reason():
    raw = figures([("Parent", 640), ("Teacher", 60)])
    reason = {"zone": LONDON, "threshold_reason": "Agreed with our board."}
    pack, _ = made_safe(raw, threshold=5, **reason)
    assert "Agreed with our board." in " ".join(wording.limits(pack))
    usual, _ = made_safe(raw, threshold=10, **reason)
    assert "Agreed with our board." not in " ".join(wording.limits(usual))


@pytest.mark.long
def test_every_format_says_of_which_day_the_table_is_and_none_has_an_exact_count(tmp_path):
    (_, second), _ = packs([("Parent", 643), ("Teacher", 118)], [("Parent", 644), ("Teacher", 119)])
    paths = write_pack(second, tmp_path, USUAL_FORMATS, Brand())
    texts = {path.name: " ".join(text_of(path).split()) for path in paths}
    for kind in (".html", ".pdf", ".xlsx", "-notes.csv"):
        (told,) = (text for name, text in texts.items() if name.endswith(f"2026-10-10{kind}"))
        assert "s at 9 October 2026" in told, kind
    assert '"as_on": "2026-10-09"' in texts["counts.json"]
    assert not {643, 644, 118, 119, 761} & set().union(*map(numbers_in, texts.values()))
    assert 763 in numbers_in(texts["counts.json"])


def test_after_an_erasure_figures_of_the_same_instant_tell_what_has_changed():
    _, memory = packs([("Parent", 640), ("Teacher", 120)])
    raw = figures([("Parent", 639), ("Teacher", 120)], as_at=AT, run_id="erased")
    pack, memory = made_safe(raw, memory, threshold=10, zone=LONDON)
    assert wording.changes(pack)[0].startswith("759 people have signed: down by fewer than 10 from 9 October")
    again, _ = made_safe(raw, memory, threshold=10, zone=LONDON)
    assert wording.changes(again) == wording.changes(pack)
