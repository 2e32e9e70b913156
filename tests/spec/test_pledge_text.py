"""What people signed, as forms have it and as a house says it itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.sandbox.world.pledge import survey_design
from connectors.survey.design import parse_design
from reports.errors import PackSettingError
from reports.pledge_text import Paragraph, paragraphs_of, wording_of
from tests.builders import NOW
from tests.forms import a_question

PROMISES = "<p>By signing I pledge to:</p><ul><li>listen</li><li>act</li></ul>"
LINES = ["By signing I pledge to:", "- listen", "- act"]
NAME = a_question("11", "open_ended", "Name")


def a_text(html, **more):
    return a_question("10", "presentation", html, **more)


def signed(*pages, title="The Pledge"):
    """The lines of the pledge's text on a form with these pages, each its questions and what else it has."""
    made = [{"id": str(n), "questions": questions, **more} for n, (questions, more) in enumerate(pages, 1)]
    return parse_design(json.dumps({"id": "77", "title": title, "pages": made})).pledge_text.splitlines()


@pytest.mark.parametrize(
    ("pages", "lines"),
    [
        # What stands before the first question, wherever that is.
        ([([a_text(PROMISES), NAME], {})], LINES),
        ([([NAME], {"description": PROMISES})], LINES),
        ([([a_text(PROMISES)], {}), ([NAME], {})], LINES),
        ([([], {"description": "I promise."}), ([a_text(PROMISES), NAME], {})], ["I promise.", *LINES]),
        ([([NAME | {"visible": False}, a_text(PROMISES), NAME], {})], LINES),
        # What comes after it, is hidden, or is a picture, isn't signed.
        ([([a_text(PROMISES), NAME, a_text("Thank you. One short question more.")], {})], LINES),
        ([([a_text(PROMISES), NAME], {}), ([a_text("We share it with nobody.")], {})], LINES),
        ([([NAME, a_text(PROMISES)], {})], []),
        ([([NAME], {}), ([NAME], {"description": PROMISES})], []),
        ([([a_text("I promise no more.", visible=False), a_text(PROMISES), NAME], {})], LINES),
        ([([a_text("Our logo") | {"subtype": "image"}, a_text(PROMISES), NAME], {})], LINES),
        ([([NAME], {})], []),
        ([], []),
        # Headings and titles aren't.
        ([([a_text(f"<h2>Our promise</h2>{PROMISES}"), NAME], {"title": "Sign here"})], LINES),
        ([([a_text(f"<b>The PLEDGE</b><br>Sign here{PROMISES}"), NAME], {"title": "Sign&nbsp;here"})],
         LINES),
    ],
)  # fmt: skip
def test_what_stands_before_the_first_question_is_signed(pages, lines):
    assert signed(*pages) == lines


@pytest.mark.parametrize(
    "furniture",
    [
        "Thank you for your interest.",
        "Thanks!",
        "Please answer all questions.",
        "* required",
        "* = required",
        "* Indicates required field",
        "(*) Mandatory",
        "Questions marked with an asterisk must be answered.",
        "All fields marked * must be filled in.",
        "Next",
        "Next >>",
        "Continue",
        "Click Done when you have finished.",
        "We keep it in a safe place.",
        "It is kept safe, and shared with nobody.",
        "We use your email address only to count each person once.",
        "See our privacy notice.",
        "Our Data Protection Policy applies.",
    ],
)
def test_what_a_form_says_of_itself_is_not_signed(furniture):
    assert signed(([a_text(f"<p>{furniture}</p>{PROMISES}"), NAME], {})) == LINES
    assert signed(([a_text(f"{PROMISES}<p>{furniture}</p>"), NAME], {})) == LINES


@pytest.mark.parametrize(
    "promise",
    [
        "I will keep your family's data private.",
        "Please note: I pledge this for a year.",
        "Next to each family I stand.",
        "We pledge to keep every child safe.",
        "Children do better when home and school pull together.",
        "Families required more of us in 2020.",
        "Ich verspreche, zuzuhören.",
    ],
)
def test_what_people_promise_stays(promise):
    assert signed(([a_text(f"<p>{promise}</p>"), NAME], {})) == [promise]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<ol><li>listen<br>to families</li><li><p>act</p><p>on it</p></li></ol>",
         ["listen to families", "act on it"]),
        ("<ul><li>listen<li>act</ul>", ["listen", "act"]),
        ("<ul><li>listen<ul><li>first</li></ul></li><li>act</li></ul>", ["listen", "first", "act"]),
        ("<ul><li>say thank you, and mean it</li><li>Thank you is what I say</li><li>please</li></ul>",
         ["say thank you, and mean it", "Thank you is what I say", "please"]),
        ("<p>• listen</p><p>•&nbsp;act</p>", ["listen", "act"]),
        ("1. listen<br>2) act<br>- ask<br>* share", ["listen", "act", "ask", "share"]),
    ],
)  # fmt: skip
def test_promises_are_items_however_they_are_set(html, lines):
    found = signed(([a_text(html), NAME], {}))
    assert found == [f"- {line}" for line in lines]
    assert [(one.text, one.is_item) for one in paragraphs_of("\n".join(found))] == [
        (line, True) for line in lines
    ]


def test_what_follows_a_list_is_a_paragraph():
    assert signed(([a_text(f"{PROMISES}I mean it."), NAME], {})) == [*LINES, "I mean it."]


def test_the_sandbox_s_form_is_signed_by_its_promises():
    design = parse_design(json.dumps(survey_design(NOW)))
    assert design.pledge_text.splitlines() == [
        "Children do better when home and school pull together.",
        "By signing I pledge to:",
        "- listen to families and to the children themselves",
        "- share what I know in words that everybody understands",
        "- make room for every family, whatever its language or hours",
        "- say thank you, and mean it",
    ]


def test_real_forms_give_what_stands_before_their_first_question(real_data):
    texts = {
        name: parse_design((real_data / "payloads" / name).read_text(encoding="utf-8")).pledge_text
        for name in ("dotnet_client/survey_details_small.json", "r_surveymonkey/survey_details.json")
    }
    assert list(texts.values()) == ["Page 1", ""]


@pytest.mark.parametrize(
    ("markdown", "wording"),
    [
        ("I listen.", "I listen."),
        ("I listen\nto families.\n\nI act.", "I listen to families.\nI act."),
        ("I pledge to:\n- listen\n* act\n1. ask\n  and wait\n\nAll of it.",
         "I pledge to:\n- listen\n- act\n- ask and wait\nAll of it."),
        ("**I** _listen_, __really__ *and* ***always***.", "I listen, really and always."),
        ("snake_case_word, 2 * 3 * 4, a*b*c", "snake_case_word, 2 * 3 * 4, a*b*c"),
        ("# The pledge\nI listen.\n\n## And\n\nI act.", "The pledge\nI listen.\nAnd\nI act."),
        ("<b>I listen</b> & act", "<b>I listen</b> & act"),
        ("[I listen](https://example.org)", "[I listen](https://example.org)"),
        ("I listen\r\n\r\n- \r\n- act", "I listen\n- act"),
        ("2026. A year to listen in.", "2026. A year to listen in."),
        ("See pledge.md\nfor more", "See pledge.md for more"),
    ],
)  # fmt: skip
def test_a_text_of_the_house_s_own(markdown, wording, tmp_path):
    assert wording_of(markdown) == wording
    path = tmp_path / "our pledge.MD"
    path.write_bytes(b"\xef\xbb\xbf" + markdown.encode())
    assert wording_of(str(path)) == wording


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "can't be read (FileNotFoundError)"),
        (b"x" * 20_001, "is larger than 20 kB"),
        ("Ich verspreche, zuzuhören.".encode("latin-1"), "is not in UTF-8"),
        (b" \n\n-  \n", "holds no words"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(content, why, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path("pledge.txt").write_bytes(content)
    with pytest.raises(PackSettingError) as refused:
        wording_of("pledge.txt")
    assert why in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_a_wording_of_another_s_making_is_read_line_by_line():
    assert paragraphs_of("I pledge:\n\n- listen\n -act \n-") == (
        Paragraph("I pledge:", is_item=False),
        Paragraph("listen", is_item=True),
        Paragraph("-act", is_item=False),
        Paragraph("-", is_item=False),
    )
    assert paragraphs_of("") == ()
