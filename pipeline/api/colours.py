"""Strokes of colour over the REST API: read them, send others, and the next version is made."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.permissions import HasRole
from config.web.roles import PUBLIC
from config.web.schema.openapi import PROBLEM, TOKEN
from config.web.strict_fields import Json
from pipeline.api.inputs import StrokesSerializer
from pipeline.api.serializers import RestorationSerializer
from pipeline.models import Restoration
from pipeline.services.adjusting import colour_strokes
from pipeline.services.uploads.throttles import UploadThrottle


class RestorationColours(APIView):
    """The colours that the owner painted: `{"strokes": [{"points": [[120, 80], [160, 84]],
    "width": 12, "colour": [84, 96, 60]}]}` in the photograph's pixels.

    A stroke's colour spreads along edges of brightness; brightness itself never changes. `null`
    keeps what is there. What is sent takes the place of all strokes: 201 and the next version;
    an empty list goes back to the network's colours.
    """

    permission_classes = [HasRole]
    roles = (PUBLIC,)
    parser_classes = [Json]

    def get_throttles(self) -> list[Any]:
        throttles: list[Any] = super().get_throttles()
        return [*throttles, UploadThrottle()] if self.request.method == "POST" else throttles

    @extend_schema(
        operation_id="restorations_colours_read",
        parameters=[TOKEN],
        responses={200: StrokesSerializer},
    )
    def get(self, request: Request, token: str) -> Response:
        row = get_object_or_404(Restoration, token=token)
        return Response({"strokes": row.colours or []})

    @extend_schema(
        operation_id="restorations_colours",
        parameters=[TOKEN],
        request=StrokesSerializer,
        responses={201: RestorationSerializer, 409: PROBLEM},
    )
    def post(self, request: Request, token: str) -> Response:
        row = get_object_or_404(Restoration.objects.with_all(), token=token)
        given: serializers.Serializer[Any] = StrokesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            strokes = colour_strokes.checked(given.validated_data["strokes"], row.photo)
        except colour_strokes.BadStrokes as reason:
            raise exceptions.ValidationError({reason.field: [str(reason)]}) from reason
        made = colour_strokes.recolour_later(row, strokes)
        body = RestorationSerializer(made, context={"request": request}).data
        return Response(body, status=201, headers={"Location": body["url"]})
