"""Which addresses may be connected to: public ones, seen through every way of wrapping them.

``ipaddress.is_global`` calls NAT64 and 6to4 addresses global whatever IPv4 address is inside.
Sources: https://www.rfc-editor.org/rfc/rfc6052, https://www.rfc-editor.org/rfc/rfc3056
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NAT64 = IPv6Network("64:ff9b::/96")
LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")
COMPATIBLE = IPv6Network("::/96")
LAST_32 = 0xFFFFFFFF


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks as settings name them."""
    return tuple(ip_network(each) for each in texts)


def may_connect(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is public with all that is wrapped in it, or in an ``allowed`` network."""
    address = ip_address(text)
    if any(address.version == each.version and address in each for each in allowed):
        return True
    return all(_is_public(each) for each in _unwrapped(address))


def _unwrapped(address: Address) -> Iterator[Address]:
    """The address and every IPv4 address that a translator or tunnel would make of it."""
    yield address
    if isinstance(address, IPv4Address):
        return
    if address in NAT64 or address in COMPATIBLE:
        yield IPv4Address(int(address) & LAST_32)
    for inside in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
        if inside is not None:
            yield inside


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if address in LOCAL_NAT64 or address.is_site_local:
            return False
        if address in NAT64 or address.ipv4_mapped or address.sixtofour:
            return True  # what is inside decides
    return address.is_global and not address.is_multicast
