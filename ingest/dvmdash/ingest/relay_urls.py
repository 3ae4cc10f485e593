"""Which relays may be connected to: public ones over TLS, and those of this machine."""

from __future__ import annotations

import asyncio
import re
import socket
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from dvmdash.ingest.errors import RelayUrlRefused

_LONGEST = 512
_HOST = re.compile(r"[a-z0-9.:_-]+").fullmatch
_DEFAULT_PORTS = {"ws": 80, "wss": 443}
_LOOKUP_SECONDS = 10.0

Address = IPv4Address | IPv6Address


def normalise(url: str) -> str:
    """Return the one way this project writes a relay's address: lower case host, no default port, no final slash.

    Raises RelayUrlRefused for anything but `wss://`, or `ws://` to a name or address of this machine.
    """
    text = url.strip()
    if len(text) > _LONGEST or not text.isascii() or any(sign <= " " for sign in text):
        raise RelayUrlRefused(url, "is no relay address: too long, or with spaces or letters outside ASCII")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise RelayUrlRefused(url, f"is no relay address: {error}") from None
    host = (parts.hostname or "").lower()
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host or not _HOST(host):
        raise RelayUrlRefused(url, "is no relay address; write it like wss://relay.example.com")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise RelayUrlRefused(url, "must not hold a user, a password or a fragment")
    if scheme == "ws" and not is_loopback(host):
        raise RelayUrlRefused(url, "is not encrypted; only relays on this machine may be, use wss://")
    where = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        where = f"{where}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://{where}{parts.path.rstrip('/')}{query}"


def is_loopback(host: str) -> bool:
    """Say whether a host name or literal address means this machine, without looking it up."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def refusal_of(address: Address, *, allow_private: bool) -> str | None:
    """Return why an address that a relay's name stands for is not connected to, or None."""
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    if plain.is_multicast or plain.is_unspecified or plain.is_link_local:
        return f"stands for {address}, which is no public address"
    if not plain.is_global and not allow_private:
        return (
            f"stands for {address}, which is private; allow private relays in the settings if that is meant"
        )
    return None


async def check_addresses(url: str, *, allow_private: bool) -> None:
    """Look up a normalised relay address; raise RelayUrlRefused if any of its addresses is not allowed.

    Loopback is allowed where the address itself names it, so that a public name cannot point there.
    Raises OSError when the name cannot be looked up.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host):
        return
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(_LOOKUP_SECONDS):
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        reason = refusal_of(ip_address(str(address[0]).partition("%")[0]), allow_private=allow_private)
        if reason is not None:
            raise RelayUrlRefused(url, reason)


def relay_key(url: str) -> str:
    """Return a key for this relay that NATS key-value buckets accept and people recognise."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", url.split("://", 1)[-1])[:80].strip("._")
    return f"{readable}-{sha256(url.encode()).hexdigest()[:8]}"
