"""Only addresses of the public internet, unless a destination may be at others (server-side request forgery).

The name is looked up once and the connection goes to the addresses that were checked, so a name cannot lead
elsewhere between the check and the connection.
"""

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class AddressRefused(OSError):
    """A name or an address that leads into a network of one's own."""


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet, also by the IPv4 address inside an IPv6 one."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(each) for each in _meant(address))


def _is_public(address: Address) -> bool:
    inside = address.is_multicast or address.is_reserved or getattr(address, "is_site_local", False)
    return address.is_global and not inside


def _meant(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _COMPATIBLE:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    # a mapped address is never global itself: what counts is what is in it
    found: list[Address] = [each for each in inner if each is not None]
    return found or [address]


class PublicResolver(AbstractResolver):
    """Looks names up and leaves out what is not public; raises `AddressRefused` where nothing is left."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a name."""
        found = await self._inner.resolve(host, port, family)
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise AddressRefused("not an address of the public internet")
        return public

    async def close(self) -> None:
        """Nothing is held."""
        await self._inner.close()
