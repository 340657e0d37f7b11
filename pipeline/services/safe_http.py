"""Requests to addresses that strangers name: never to this network, never elsewhere than looked up.

The name is resolved once and every address it has must be a public one; the connection goes to
the address that was checked, so a name that changes its mind in between changes nothing.
Redirects are not followed, answers are read up to a kilobyte and up to a deadline.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

CONNECT_SECONDS, DEADLINE_SECONDS = 5.0, 10.0
MAX_ANSWER_BYTES = 1024
MAX_URL_CHARACTERS = 500
# Never asked though Python calls them global: old private IPv6, relays between 6 and 4, examples.
NEVER = [ipaddress.ip_network(text) for text in ("fec0::/10", "192.88.99.0/24", "3fff::/20")]
USUAL_PORTS = (80, 443)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Blocked(Exception):
    """This address is never asked; the message is the reason."""


def check_url(url: str, *, private: bool = False) -> SplitResult:
    """The parts of an address that may be asked, as far as that can be told without looking up."""
    if len(url) > MAX_URL_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise Blocked(f"An address has up to {MAX_URL_CHARACTERS} printable ASCII characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as reason:
        raise Blocked("This is not an address.") from reason
    if parts.scheme not in (("https", "http") if private else ("https",)):
        raise Blocked("The address must begin with https://.")
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise Blocked("The address needs a host, and no name, password or fragment.")
    if port is not None and port not in (*USUAL_PORTS, *settings.WEBHOOK_PORTS):
        raise Blocked("The port must be 80 or 443, or one that WEBHOOK_PORTS names.")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    _check_address(literal, private)
    return parts


def post(
    url: str, body: bytes, headers: dict[str, str], *, private: bool = False
) -> tuple[int, str]:
    """(status, beginning of the answer). Blocked: never try again; OSError: perhaps later."""
    parts = check_url(url, private=private)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    line = _Line(parts, port, resolve(parts.hostname or "", port, private=private))
    deadline = threading.Timer(DEADLINE_SECONDS, line.cut)
    deadline.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read(MAX_ANSWER_BYTES).decode(errors="replace")
    except (http.client.HTTPException, ValueError) as reason:
        raise OSError(f"no HTTP answer: {type(reason).__name__}") from reason
    finally:
        deadline.cancel()
        line.close()


def resolve(host: str, port: int, *, private: bool = False) -> str:
    """The one address that is used. All of the name's addresses must be allowed."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        _check_address(ipaddress.ip_address(address.partition("%")[0]), private)
    return addresses[0]


def _check_address(address: Address, private: bool) -> None:
    if not private and not is_public(address):
        raise Blocked(f"{address} is not an address of the public internet.")


def is_public(address: Address) -> bool:
    """Looks through the ways in which IPv6 wraps an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    if any(address in network for network in NEVER if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Line(http.client.HTTPConnection):
    """Goes to the checked address; the name serves the certificate and the Host header."""

    def __init__(self, parts: SplitResult, port: int, address: str) -> None:
        super().__init__(parts.hostname or "", port, timeout=CONNECT_SECONDS)
        self.default_port = 443 if parts.scheme == "https" else 80
        self.address = address
        self.secure = parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), CONNECT_SECONDS)
        if self.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """From the deadline's thread: whoever waits for a byte gets an error."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
