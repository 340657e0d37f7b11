"""How the painter's calls are read, and how they are refused: a status and a code each."""

import json
import math
from typing import Any

from django.http import HttpRequest, JsonResponse

from annotate import services
from config.errors import Refused

MOST_TOOLS = 4000  # characters


class BadHeader(Exception):
    """A header or field is missing or no number."""


def no(error: Exception) -> JsonResponse:
    """The painter's few ways to hear no."""
    if isinstance(error, services.Stale):
        said: dict[str, Any] = {"code": "stale", "revision": error.revision, "reason": str(error)}
        return JsonResponse(said, status=409)
    if isinstance(error, services.Lost):
        said = {"code": "lost", "kept": True, "revision": error.revision, "reason": str(error)}
        return JsonResponse(said, status=409)
    if isinstance(error, services.TooBig):
        return JsonResponse({"code": "too_big", "reason": str(error)}, status=413)
    if isinstance(error, Refused):
        code = "mismatch" if isinstance(error, services.Mismatch) else "refused"
        return JsonResponse({"code": code, "reason": str(error)}, status=409)
    return JsonResponse({"code": "bad", "reason": str(error)}, status=400)


def content(request: HttpRequest) -> dict[str, Any]:
    """What the body says; only what every database can keep as JSON."""
    try:
        if rb"\u0000" in request.body:
            raise ValueError("a zero byte")
        said = json.loads(request.body or b"{}", parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as error:
        raise BadHeader("The request is no JSON.") from error
    return dict(of_kind(dict, said, "request"))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def header(request: HttpRequest, name: str, default: str | None = None) -> int:
    return number(request.headers.get(name, default), name)


def number(value: Any, name: str) -> int:
    """A whole number from 0 up, of what came as text or JSON."""
    try:
        number = int(float(value))
    except (TypeError, ValueError, OverflowError) as error:
        raise BadHeader(f"{name} must be a number.") from error
    if not 0 <= number < 2**31:
        raise BadHeader(f"{name} must be between 0 and {2**31 - 1}.")
    return number


def tools_told(request: HttpRequest) -> dict[str, Any] | None:
    """Actions and seconds by tool, as the header has them; None from painters that tell none."""
    text = request.headers.get("X-Tools")
    if text is None:
        return None
    try:
        said = dict(json.loads(text[:MOST_TOOLS], parse_constant=_finite))
        return {str(tool)[:20]: _counts(row) for tool, row in said.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadHeader("X-Tools must give actions and seconds by tool.") from error


def _counts(row: Any) -> dict[str, int]:
    return {name: number(row.get(name, 0), name) for name in ("actions", "seconds")}


def of_kind(kind: type, value: Any, name: str) -> Any:
    if not isinstance(value, kind):
        raise BadHeader(f"{name} must be a {'list' if kind is list else 'mapping'}.")
    return value
