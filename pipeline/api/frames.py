"""Straightening and cropping over the REST API: where the print lies, and a version cut to it."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.permissions import HasRole
from config.web.roles import PUBLIC
from config.web.schema.openapi import PROBLEM, TOKEN
from config.web.strict_fields import Json, Number
from photos.decoding.scanner.frames import LEAST, STEEPEST, WHOLE, Frame
from pipeline.api.serializers import RestorationSerializer
from pipeline.models import Restoration
from pipeline.services.adjusting import frames
from pipeline.services.uploads.throttles import UploadThrottle


class FrameSerializer(serializers.Serializer[Any]):
    """A rectangle in parts of the whole scan, turned about its middle."""

    angle = Number(min_value=-STEEPEST, max_value=STEEPEST, help_text="Degrees clockwise.")
    x = Number(min_value=-1, max_value=1, help_text="Left, before it is turned.")
    y = Number(min_value=-1, max_value=1, help_text="Top.")
    width = Number(min_value=LEAST, max_value=1)
    height = Number(min_value=LEAST, max_value=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            Frame.of(attrs)
        except ValueError as reason:
            raise serializers.ValidationError(str(reason)) from reason
        return attrs


class FramingSerializer(serializers.Serializer[Any]):
    """A frame, or null for the whole scan."""

    frame = FrameSerializer(allow_null=True)


class FramesSerializer(serializers.Serializer[Any]):
    """What this restoration was cut to, and where the print lies."""

    frame = FrameSerializer(allow_null=True, help_text="Null: the scan as it is.")
    proposed = FrameSerializer(
        allow_null=True, help_text="By the print's edges; null where none stands out."
    )


class RestorationFrame(APIView):
    """Straighten and crop: `{"frame": {"angle": 1.5, "x": 0.1, "y": 0.1, "width": 0.8,
    "height": 0.8}}` makes a restoration of the same scan, cut to that frame; null, of the whole.

    Asked for the same frame twice, the first answer comes again. It goes with its scan.
    """

    permission_classes = [HasRole]
    roles = (PUBLIC,)
    parser_classes = [Json]

    def get_throttles(self) -> list[Any]:
        throttles: list[Any] = super().get_throttles()
        return [*throttles, UploadThrottle()] if self.request.method == "POST" else throttles

    @extend_schema(
        operation_id="restorations_frame_read",
        parameters=[TOKEN],
        responses={200: FramesSerializer},
    )
    def get(self, request: Request, token: str) -> Response:
        said = frames.shown(self._row(token))
        return Response({"frame": said["frame"], "proposed": said["proposed"]})

    @extend_schema(
        operation_id="restorations_frame",
        parameters=[TOKEN],
        request=FramingSerializer,
        responses={201: RestorationSerializer, 409: PROBLEM},
    )
    def post(self, request: Request, token: str) -> Response:
        row = self._row(token)
        given: serializers.Serializer[Any] = FramingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data["frame"]
        made = frames.frame_later(row, Frame.of(asked) if asked else WHOLE)
        body = RestorationSerializer(made, context={"request": request}).data
        return Response(body, status=201, headers={"Location": body["url"]})

    def _row(self, token: str) -> Restoration:
        return get_object_or_404(Restoration.objects.with_all(), token=token)
