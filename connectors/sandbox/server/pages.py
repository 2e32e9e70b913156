"""Page numbers, links and bodies of the platform's lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from connectors.sandbox.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_DEFAULT_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Paging:
    """A page number from 1, and how many items a page holds."""

    page: int
    per_page: int

    @property
    def first(self) -> int:
        """Position of the page's first item, from 0."""
        return (self.page - 1) * self.per_page


def read_paging(params: Mapping[str, str], *, most: int) -> Paging:
    """Read ``page`` and ``per_page``; more than *most* is cut to it without a word.

    Raises:
        RefusalError: 1003, not a whole number from 1.
    """
    page = _number(params, "page", 1)
    return Paging(page, min(_number(params, "per_page", _DEFAULT_PER_PAGE), most))


def links(address: str, params: Iterable[tuple[str, str]], paging: Paging, total: int) -> dict[str, str]:
    """The links that apply, each repeating the parameters of the call."""
    others = [(name, value) for name, value in params if name not in {"page", "per_page"}]
    last = max(1, -(-total // paging.per_page))

    def to(page: int) -> str:
        return f"{address}?{urlencode([('page', page), ('per_page', paging.per_page), *others])}"

    found = {"self": to(paging.page)}
    if paging.page > 1:
        found |= {"prev": to(min(paging.page - 1, last)), "first": to(1)}
    if paging.page < last:
        found |= {"next": to(paging.page + 1), "last": to(last)}
    return found


def list_body(items: list[bytes], paging: Paging, total: int, found_links: Mapping[str, str]) -> bytes:
    """The body of a list, its items already JSON."""
    return b'{"data":[%b],"per_page":%d,"page":%d,"total":%d,"links":%b}' % (
        b",".join(items),
        paging.per_page,
        paging.page,
        total,
        msgspec.json.encode(found_links),
    )


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise RefusalError("1003")
    return int(text)
