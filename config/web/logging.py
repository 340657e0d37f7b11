"""Log lines that can be followed: each carries the request's and the job's id.

`RequestId` gives every request an id (a proxy's own is kept), every job remembers the id of the
request that asked for it, and the worker that runs the job writes both beside each line.
"""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")
job_id: ContextVar[str] = ContextVar("job_id", default="")
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
View = Callable[..., HttpResponse]
log = logging.getLogger("heirloom.request")


class RequestId:
    """Middleware: an id for the request, told in `X-Request-ID`, and one line when it is answered.

    The line names the route, never the address: addresses hold the tokens of private links.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if GIVEN.fullmatch(given) else secrets.token_hex(8))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            if not getattr(response, "nameless", False):
                response["X-Request-ID"] = request_id.get()
            if log.isEnabledFor(logging.INFO):  # else nobody need be asked who was looking
                log.info("answered", extra={"facts": _facts(request, response, began)})
        finally:
            request_id.reset(token)
        return response


def nameless(view: View) -> View:
    """For answers that must be alike to the byte: their ids stay in the log."""

    @wraps(view)
    def without_id(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response.nameless = True  # type: ignore[attr-defined]
        return response

    return without_id


def _facts(request: HttpRequest, response: HttpResponse, began: float) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "method": request.method,
        "route": request.resolver_match.route if request.resolver_match else "",
        "status": response.status_code,
        "ms": round(1000 * (time.perf_counter() - began), 1),
        "user": user.pk if user is not None and user.is_authenticated else None,
    }


@contextmanager
def of_job(job: str, request: str) -> Iterator[None]:
    """Lines written inside the block belong to this job and to the request that asked for it."""
    tokens = job_id.set(job), request_id.set(request)
    try:
        yield
    finally:
        job_id.reset(tokens[0])
        request_id.reset(tokens[1])


class Ids(logging.Filter):
    """Puts the ids of the moment on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        ids = {"request": request_id.get(), "job": job_id.get()}
        known = ", ".join(f"{name} {value}" for name, value in ids.items() if value)
        vars(record).update(ids=f" [{known}]" if known else "", followed=ids)
        return True


class JsonLine(logging.Formatter):
    """One JSON object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **getattr(record, "followed", {}),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["error"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value not in ("", None)})


def child_line(name: str, text: str, level: str = "INFO") -> str:
    """A line of a supervised process as JSON, with the process's name put into it."""
    try:
        line = json.loads(text) if text.startswith("{") else None
    except ValueError:
        line = None
    if not isinstance(line, dict):
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "level": level, "message": text}
    return json.dumps({**line, "child": name})
