"""Who is calling: the one answer for throttles, lock-out, audit and caps of connections.

Proxies append the address that called them to `X-Forwarded-For`; all further left is what the
caller chose to write there. So with PROXY_COUNT proxies of ours the caller is the entry at that
place from the right, and without any the header says nothing.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

NOBODY = "unknown"


def client_address(request: HttpRequest) -> str:
    """The caller's address as PROXY_COUNT says, always one that can be written into a row."""
    return behind_proxies(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.PROXY_COUNT,
    )


def behind_proxies(peer: str, forwarded: str, proxies: int) -> str:
    """The caller's address: the peer's, or what the outermost of our proxies saw.

    Args:
        peer: address of the other end of the connection.
        forwarded: `X-Forwarded-For`, entries separated by commas.
        proxies: how many proxies of ours each append one entry.
    """
    entries = [entry for entry in forwarded.split(",") if entry.strip()]
    if proxies <= 0 or not entries:
        return plain(peer)
    return plain(entries[-min(proxies, len(entries))])


def plain(text: str) -> str:
    """An address in its shortest form, without port or zone; IPv4 written as IPv6 is IPv4."""
    text = text.strip().strip('"').partition("%")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return NOBODY
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)


def neighbourhood(address: str) -> str:
    """What one household can choose from: the address, or the first half of an IPv6 one."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
