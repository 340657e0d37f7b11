"""No log line of any logger holds an address: addresses hold the tokens of private links.

`RoutesOnly` stands on every handler, ours and gunicorn's, and the supervisor asks `routed` for what
its children print. It writes routes in the place of addresses, in messages, arguments and
tracebacks.
"""

import logging
import re
import sys
import traceback
from urllib.parse import unquote, urlsplit

from django.conf import settings

# With scheme and host or without; up to what cannot stand in an address or ends a quotation.
ADDRESS = re.compile(r"(?:https?://[^\s/\"'<>]*)?/[^\s\"'<>(){},;]*", re.I)
ENCODED = re.compile(r"(?:%(?:25)*2f)[^\s\"'<>(){},;&]*", re.I)  # an address inside an address
# What begins so is private to the end, also where no route matches it.
PRIVATE = re.compile(
    r"^(/restore/|/account/link/|/studies/guest/|/api/v1/(?:restorations|uploads)/).+", re.I | re.S
)
# secrets.token_urlsafe(24), secrets.token_hex(16), tokens of programs: wherever they stand.
SECRET = re.compile(r"heirloom_[\w-]+|(?<![\w-])[\w-]{32}(?![\w-])")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def routed(text: str) -> str:
    """The text with routes in the place of this site's addresses and without tokens."""
    text = ADDRESS.sub(lambda found: _route(found[0]), text)
    text = ENCODED.sub(lambda found: _route(unquote(unquote(found[0]))), text)
    return SECRET.sub("…", text)


def kept_together(text: str) -> str:
    """Lines after the first are moved in, so that nobody's text can pass for a line of its own.

    Names, user agents and file names may hold anything; a terminal obeys control characters.
    """
    text = UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return text.replace("\n", "\n  ")


def _route(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "…"
    path = unquote(parts.path)
    # Where it is said, as by `up` of the site itself; never what may stand before the host.
    site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.scheme else ""
    if (route := _route_of(path)) is not None:
        return f"{site}/{route}"
    # Also where slashes or case were changed on the way: the token is the same.
    plain = re.sub("/+", "/", path)
    if (found := PRIVATE.match(plain)) is not None:
        return f"{site}{found[1]}…"
    return address.partition("?")[0] if "?" in address and path.startswith("/") else address


def _route_of(path: str) -> str | None:
    """Only where the addresses are loaded already: a worker has no need of all views."""
    if settings.ROOT_URLCONF not in sys.modules:
        return None
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).route
    except (Resolver404, ValueError):
        return None
    except Exception:  # in the midst of loading them: `PRIVATE` and `SECRET` still hold
        return None


class RoutesOnly(logging.Filter):
    """For every handler. A refusal is written without a traceback: it is no fault of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "routed", False):
            return True
        try:
            record.msg = kept_together(routed(self._named(record, record.getMessage())))
        except Exception:  # arguments that do not fit the message: neither is worth a secret
            record.msg = f"a line of {record.name} that could not be written"
        record.args, record.routed = None, True
        if record.exc_info and _refused(record):
            record.exc_info = record.exc_text = None
        elif record.exc_info:
            lines = traceback.format_exception(*record.exc_info)
            record.exc_text = kept_together(routed("".join(lines).rstrip("\n")))
        if record.stack_info:
            record.stack_info = routed(record.stack_info)
        return True

    def _named(self, record: logging.LogRecord, message: str) -> str:
        """The address of the request that the line is about may hold anything, blanks too."""
        request = getattr(record, "request", None)
        match = getattr(request, "resolver_match", None)
        route = f"/{match.route}" if match is not None else "(no such address)"
        for text in (_of(request, "get_full_path"), getattr(request, "path", "")):
            if len(text) > 1:
                message = message.replace(text, route).replace(unquote(text), route)
        return message


def _of(request: object, method: str) -> str:
    try:
        return str(getattr(request, method)())
    except Exception:
        return ""


def _refused(record: logging.LogRecord) -> bool:
    status = getattr(record, "status_code", None)
    return isinstance(status, int) and 400 <= status < 500
