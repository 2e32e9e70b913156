"""IP addresses are never kept: each is cut out of what arrives, and a keyed hash of its address block stays.

An IP address is the value of "ip_address" in a response's text. It becomes an empty text, and the rest stays
byte for byte: so the same response, received again, is known as the same.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from duckdb import DuckDBPyConnection

from warehouse.database.marks import mark
from warehouse.database.sql_files import statement

SALT = "salt of address blocks"  # a mark of the ledger: the caller makes it, once

# A quote within a JSON text stands behind a backslash, so no answer can look like the key or end its value.
PATTERN = r'([{,]\s*"ip_address"\s*:\s*")(?:[^"\\]|\\.)+"'

BYTES_OF_A_BLOCK = {4: 3, 6: 6}  # of an address by IP version, /24 and /48: a street or a house
# Beginnings of addresses by IP version that nobody signs from: unspecified, loopback, link-local, multicast.
NOBODY_S = {
    4: (b"\x00", b"\x7f", b"\xa9\xfe", *(bytes([first]) for first in range(0xE0, 0x100))),
    6: (b"\x00", b"\xff", *(bytes([0xFE, second]) for second in range(0x80, 0xC0))),
}


def without_ip_addresses(connection: DuckDBPyConnection, part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What comes in, each body without its IP address, and beside it ``block``: see `block_of`.

    part: Arrow columns response_id and body, registered as ``incoming`` with *arrival_no*. A vault that has
    no secret for the hashes yet gets none.
    """
    cut = connection.execute(statement("raw/without_ip_address"), {"pattern": PATTERN}).to_arrow_table()
    blocks = _blocks_of(cut.column("origin"), mark(connection, SALT))
    return {**part, "body": cut.column("body").combine_chunks(), "block": blocks}


def _blocks_of(origins: Any, salt: str | None) -> Any:
    """The block of each origin, as an Arrow column: a batch has fewer origins than responses."""
    pa = import_module("pyarrow")
    if salt is None:
        return pa.nulls(len(origins), pa.string())
    encoded = origins.combine_chunks().dictionary_encode()
    blocks = pa.array([block_of(text, salt) for text in encoded.dictionary.to_pylist()], pa.string())
    return blocks.take(encoded.indices)


def block_of(text: str, salt: str) -> str | None:
    """The address block that an IP address lies in, as a keyed hash; None for what is no address of anybody.

    salt: random, and kept in the vault: without it every block could be tried in seconds.
    """
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    block = address.packed[: BYTES_OF_A_BLOCK[address.version]]
    nobody_s = block.startswith(NOBODY_S[address.version])
    return None if nobody_s else hmac.digest(salt.encode(), block, "sha256").hex()
