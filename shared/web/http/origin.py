"""Which address a caller has, for limits per address: where an edge stands before us, the one that the edge names."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

from shared.program.limits import networks

FORWARDED = b"x-forwarded-for"
REMEMBERED = 4096
MOST_PROXIES = 20
_IPV6_PREFIX = 64
"""One subscriber holds at least so much of IPv6: limits count its addresses as one."""


class _Read(NamedTuple):
    name: str | None
    shared: bool
    trusted: bool


class Origins:
    """Names callers. None: many callers share this address (loopback, an edge that names nobody), so none is limited by it."""

    def __init__(self, trusted_proxies: str) -> None:
        self._trusted = networks(trusted_proxies)
        self._read = lru_cache(REMEMBERED)(self._read_address)

    def of_peer(self, host: str | None) -> str | None:
        """The address of a connection, None for loopback and for the edge."""
        peer = self._read(host or "")
        return None if peer.shared else peer.name

    def of_request(self, host: str | None, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """The address behind a request. Of X-Forwarded-For only what trusted proxies wrote is believed: its right end."""
        peer = self._read(host or "")
        if not peer.trusted:
            return None if peer.shared else peer.name
        named = b",".join(value for key, value in headers if key == FORWARDED).decode("latin-1").split(",")
        for text in reversed(named[-MOST_PROXIES:]):
            before = self._read(text.strip())
            if not before.trusted:
                return None if before.shared else before.name
        return None

    def _read_address(self, text: str) -> _Read:
        try:
            address = _plain(ip_address(text))
        except ValueError:  # a Unix socket, or an edge that writes something else than addresses
            return _Read(None, shared=False, trusted=False)
        trusted = any(address in network for network in self._trusted)
        name = str(IPv6Network((address, _IPV6_PREFIX), strict=False)) if address.version == 6 else str(address)
        return _Read(name, shared=trusted or address.is_loopback, trusted=trusted)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
