"""Invented people whose every word is unlike any other, and a search for them in bytes."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import quote

from connectors.sandbox.world.people import invent
from tests.driving import UNTIL
from warehouse.queries.figures import query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from connectors.sandbox.server.serve import SandboxServer
    from connectors.sandbox.world.people import Signatory
    from tests.driving import Pledge

TOKEN = "zq9-canary-token-never-shown"
CANARIES = (
    "Quenborofitz", "zyxwvarnish", "Ünïkwøldsen", "学校猫犬", "кварцовик", "Flumphelwick", "ẞtrümphlings",
    "kaputtbriefly", "2001:db8::dead:c0de", "198.51.100.213", "quiltmuffin", "bücherwurmdorf",
    "xn--bcherwurmdorf-wob", TOKEN,
)  # fmt: skip


def canary_people() -> list[Signatory]:
    """One response for each place that a response can be in, and one for each thing a person types."""
    some = invent(9, 5, UNTIL)
    people = [
        {"name": "Morag Quenborofitz", "email": "zyxwvarnish@example.org"},
        {"name": "Ünïkwøldsen 学校猫犬", "email": "ünïkwøldsen@bücherwurmdorf.example.org"},
        {"name": "кварцовик", "choice_id": None, "other_text": "Flumphelwick ẞtrümphlings"},
        {"name": "Quenborofitz the Elder", "email": " ZYXWVARNISH@example.org "},
        {"name": "=Quenborofitz()", "email": "kaputtbriefly@@example.org"},
        {"name": None, "email": "quiltmuffin@example.org", "ip": "198.51.100.213"},
        {"name": "Flumphelwick", "email": None},
        {"name": "quiltmuffin", "email": "quiltmuffin.too@example.org", "status": "partial"},
        {"name": "кварцовик", "email": "zyxwvarnish.again@example.org", "mode": "preview"},
    ]
    usual = {"status": "completed", "mode": "default", "ip": "2001:db8::dead:c0de"}
    return [
        replace(one, response_id=str(777_000_000_001 + number), **(usual | person))
        for number, (one, person) in enumerate(zip(some, people, strict=True))
    ]


def let_in(server: SandboxServer) -> SandboxServer:
    """The same server, with the canaries among its responses."""
    for person in canary_people():
        server.platform.add(person)
    return server


CLEAN: set[bytes] = set()
"""Fingerprints of what was looked through before, and nobody was in it: many tests begin with one vault."""


@dataclass
class Search:
    """Looks for every canary in whatever it is given, in every form in which a program may write it."""

    n_files: int = 0
    n_bytes: int = 0
    hits: list[str] = field(default_factory=list)

    def folder(self, folder: Path) -> None:
        """Every file below *folder*, its name too."""
        for path in sorted(folder.rglob("*")):
            self.text(str(path.relative_to(folder)), f"the name of {path.name}")
            if path.is_file():
                self.n_files += 1
                self._bytes(path.read_bytes(), str(path.relative_to(folder)))

    def text(self, text: str, where: str) -> None:
        """A text as it was printed."""
        self._bytes(text.encode("utf-8", "surrogateescape"), where)

    def texts(self, texts: Iterable[str], where: str) -> None:
        """Several of them."""
        self.text("\n".join(texts), where)

    def _bytes(self, content: bytes, where: str) -> None:
        self.n_bytes += len(content)
        fingerprint = sha256(content).digest()
        if fingerprint in CLEAN:
            return
        n_hits, lowered = len(self.hits), content.lower()
        for canary in CANARIES:
            if any(form in lowered for form in forms_of(canary)):
                self.hits.append(f"canary {CANARIES.index(canary)} in {where}")
        for name, inner in _unpacked(content):
            self._bytes(inner, f"{where}, {name}")
        if len(self.hits) == n_hits:
            CLEAN.add(fingerprint)

    def __str__(self) -> str:
        return (
            f"searched {self.n_files} files and {self.n_bytes:,} bytes for {len(CANARIES)} canaries: "
            f"{len(self.hits)} hits"
        )


@cache
def forms_of(canary: str) -> tuple[bytes, ...]:
    """The canary's bytes in every encoding and spelling looked for, in small letters."""
    spellings = {
        normalize(form, spelt)
        for form in ("NFC", "NFD")
        for spelt in (canary, canary.lower(), canary.upper(), canary.casefold())
    }
    escaped = {
        form
        for spelt in spellings
        for form in (
            ascii(spelt)[1:-1],
            json.dumps(spelt)[1:-1],
            quote(spelt),
            spelt.encode("ascii", "xmlcharrefreplace").decode(),
            repr(spelt.encode())[2:-1],
        )
    }
    encoded = {form.encode(encoding) for form in spellings for encoding in ("utf-8", "utf-16-le")}
    return tuple({form.lower() for form in encoded | {form.encode() for form in escaped}})


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:2] == b"\x1f\x8b":
        yield "unpacked", gzip.decompress(content)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)


def assert_no_canary(pledge: Pledge, *extra: str) -> None:
    """None in any file, the vault's own included, nor in anything printed or logged."""
    search = Search()
    search.folder(pledge.folder)
    search.texts(pledge.printed, "what was printed or logged")
    search.texts(published_cells(pledge), "the published tables")
    search.texts(extra, "what else was told")
    print(f"\n{search}")
    assert search.hits == []


def published_cells(pledge: Pledge) -> list[str]:
    """Every table of the published file as text, since the file itself may be compressed."""
    if not pledge.published.exists():
        return []
    _, tables = query(pledge.published, "select table_name from duckdb_tables()")
    return [repr(query(pledge.published, f"from {name}")) for (name,) in tables]
