"""Conditional answers for those who poll: what has not changed is not sent again."""

import hashlib
import json
from typing import Any

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response


def conditional(request: Request, body: Any) -> Response:
    """The body with its ETag, or 304 where the caller has it already."""
    text = json.dumps(body, sort_keys=True, default=str)
    etag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag.removeprefix("W/") in {each.removeprefix("W/") for each in known}:
        return Response(status=304, headers=headers)
    return Response(body, headers=headers)
