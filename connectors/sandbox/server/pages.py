"""What a call asks of a list, read from its query as the platform reads it, and the body that answers it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec

from connectors.sandbox.server.refusals import RefusedError, not_imitated, refusal

_DEFAULT_PER_PAGE = 50
ORDER = ("sort_by", "sort_order")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which part of a list, and in which order.

    page: from 1. modified_from: seconds since 1970, or None.
    is_ascending: by time of change; else the newest first, as it is unless asked for otherwise.
    """

    page: int
    per_page: int
    modified_from: float | None = None
    is_ascending: bool = False

    @property
    def first(self) -> int:
        """Position of the page's first item, from 0."""
        return (self.page - 1) * self.per_page


def read_query(given: list[tuple[str, str]], *known: str, most: int = 1000) -> ListQuery:
    """Read the parameters of a list; more than *most* a page is cut to it without a word.

    known: those that this list has beside ``page`` and ``per_page``.

    Raises:
        RefusedError: a value that the platform would not take (1003), or a parameter that only it has.
    """
    params = dict(given)
    for name in params:
        if name not in {"page", "per_page", *known}:
            raise not_imitated(f"The sandbox does not imitate the parameter {name!r}; call without it.")
    order = params.get("sort_order", "DESC")
    if params.get("sort_by", "date_modified") != "date_modified" or order not in {"ASC", "DESC"}:
        raise RefusedError(refusal("1003"))
    return ListQuery(
        page=_number(params.get("page", "1")),
        per_page=min(most, _number(params.get("per_page", str(_DEFAULT_PER_PAGE)))),
        modified_from=_instant(params.get("start_modified_at")),
        is_ascending=order == "ASC",
    )


def list_body(
    items: list[bytes], total: int, query: ListQuery, address: str, given: list[tuple[str, str]]
) -> bytes:
    """The body of a list, its items already JSON; its links repeat the parameters of the call.

    There is a next page where more of them match.
    """
    others = [(name, value) for name, value in given if name not in {"page", "per_page"}]
    pages = {"self": query.page}
    if query.page * query.per_page < total:
        pages["next"] = query.page + 1
    links = {
        name: f"{address}?{urlencode([('page', page), ('per_page', query.per_page), *others])}"
        for name, page in pages.items()
    }
    return b'{"data":[%b],"per_page":%d,"page":%d,"total":%d,"links":%b}' % (
        b",".join(items),
        query.per_page,
        query.page,
        total,
        msgspec.json.encode(links),
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise RefusedError(refusal("1003"))
    return int(text)


def _instant(text: str | None) -> float | None:
    """Seconds since 1970; a value without offset means UTC. A ``+`` that was not encoded is refused."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusedError(refusal("1003")) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
