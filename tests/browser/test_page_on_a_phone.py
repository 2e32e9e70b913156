"""The page where there is little room: words in tables, and the charts of roles over time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.browser.looks import DESK, PHONE
from tests.packs import figures, write_pack
from tests.variants import variants

pytestmark = pytest.mark.browser

ORDINARY = [
    ("Community or voluntary organisation", 600),
    ("Early years practitioner", 400),
    ("Clackmannanshire", 300),
    ("Democratically elected representative", 8),
    ("(no answer)", 100),
]
MONTHS = [date(2026, month, 15) for month in (7, 8, 9, 10)]
# Of the cells that are seen; a hyphen is where a word may part.
BROKEN_WORDS = """[...document.querySelectorAll('th, td')].flatMap(cell => {
    const part = getComputedStyle(cell.closest('tr').parentNode);
    const is_seen = cell.checkVisibility() && part.clipPath === 'none';
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
    for (let text = texts.nextNode(); is_seen && text; text = texts.nextNode())
        for (const word of text.data.matchAll(/[^\\s-]+/g)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) broken.push(word[0]);
        }
    return broken;
})"""


def over_time(roles):
    """As many of each role in each of four months."""
    return [(day, role, count // len(MONTHS)) for day in MONTHS for role, count in roles]


@pytest.fixture
def visit(look_at, tmp_path):
    """Open the page of some roles over time; see `look_at`."""

    def _visit(roles=ORDINARY, **context):
        in_detail = over_time(roles)
        by_day = [(day, sum(n for on, _, n in in_detail if on == day)) for day in MONTHS]
        (path,) = write_pack(
            figures(
                roles,
                as_at=datetime(2026, 11, 24, 2, 15, tzinfo=UTC),
                by_day=by_day,
                by_day_and_role=in_detail,
            ),
            tmp_path,
            ("html",),
        )
        page = look_at(path, **context)
        page.wait_for_function("[...document.querySelectorAll('figure')].every(one => one.matches('.alive'))")
        return page

    return _visit


@pytest.mark.parametrize("width", variants([320, 360, 390, 1200], now=[320]))
def test_no_word_in_a_table_is_broken_and_no_number(visit, width):
    page = visit(viewport={"width": width, "height": 640})
    assert page.locator("table.many").count() == 1
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_word_longer_than_its_line_is_broken_and_that_alone(visit):
    word = "unbroken" * 12
    page = visit([(word, 400), ("Teacher", 200)], viewport=PHONE)
    assert set(page.evaluate(BROKEN_WORDS)) == {word}
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(
    "size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone", marks=pytest.mark.long)]
)
def test_roles_over_time_are_read_panel_by_panel(visit, size):
    page = visit(viewport=size)
    page.locator("[data-chart=role-periods] .live").focus()
    heard, told = page.locator("[data-chart=role-periods] [role=status]"), []
    n_strips = page.locator("[data-chart=role-periods] .strips_marks path").count()
    for _ in range(n_strips):
        page.keyboard.press("ArrowRight")
        told.append(heard.text_content())
    assert len(set(told)) == n_strips == 3 * 3
    assert [one.split(",")[0] for one in told[::3]] == [role for role, _ in ORDINARY[:3]]
    page.locator("[data-chart=role-periods] .strips_marks path").nth(5).hover()
    assert page.locator("[data-chart=role-periods] .tip").inner_text() == told[5]


@pytest.mark.parametrize(
    "size", [pytest.param(DESK, id="desk", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)
def test_text_in_charts_keeps_inside_its_card(visit, size):
    page = visit(viewport=size)
    outside = """() => [...document.querySelectorAll('figure .live text')].filter(text => {
        const words = text.getBoundingClientRect(), card = text.closest('figure').getBoundingClientRect();
        return words.left < card.left || words.right > card.right;
    }).length"""
    assert page.evaluate(outside) == 0
