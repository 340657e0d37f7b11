"""Following a restoration: conditional answers for those who poll, a stream for the others."""

import json
from typing import Any

from config.web.permissions import HasRole
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.openapi import TOKEN
from config.web.roles import PUBLIC
from pipeline.api import event_stream
from pipeline.api.serializers import RestorationSerializer
from pipeline.models import Restoration

PROGRESS = ("state", "stage", "percent", "position")


def conditional(request: Request, body: Any) -> Response:
    """The body with its ETag, or 304 where the caller has it already."""
    etag = f'W/"{event_stream.tag(body)}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag.removeprefix("W/") in {each.removeprefix("W/") for each in known}:
        return Response(status=304, headers=headers)
    return Response(body, headers=headers)


class EventStream(BaseRenderer):
    """Lets a client accept events; what is rendered by it are errors alone."""

    media_type = "text/event-stream"
    format = "events"
    charset = None

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return json.dumps(data, default=str).encode()


class RestorationEvents(APIView):
    """Progress as server-sent events: "progress" while it is at work, "end" with the results.

    The stream closes after half a minute; clients (EventSource does it by itself) come back with
    Last-Event-ID and are not told twice. After "end" the answer is 204: do not come back.
    """

    permission_classes = [HasRole]
    roles = (PUBLIC,)
    renderer_classes = [JSONRenderer, EventStream]

    @extend_schema(
        operation_id="restorations_events",
        parameters=[TOKEN, OpenApiParameter("Last-Event-ID", str, OpenApiParameter.HEADER)],
        responses={(200, "text/event-stream"): OpenApiTypes.STR, 204: None},
    )
    def get(self, request: Request, token: str) -> HttpResponseBase:
        last = request.headers.get("Last-Event-ID", "")
        seen = _look(request, token)
        if seen is None:
            return Response({"detail": "There is no such restoration."}, status=404)
        if seen[0] == "end" and event_stream.tag(seen[1]) == last:
            return Response(status=204)
        stream = event_stream.events(lambda: _look(request, token), last)
        return StreamingHttpResponse(
            stream,
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


def _look(request: Request, token: str) -> tuple[str, dict[str, Any]] | None:
    row = Restoration.objects.with_all().filter(token=token).first()
    if row is None:
        return None
    body = RestorationSerializer(row, context={"request": request}).data
    if row.job is None or row.job.is_final:
        return "end", dict(body)
    return "progress", {name: body[name] for name in PROGRESS}
