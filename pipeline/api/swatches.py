"""Named colours over the REST API: everybody reads them, admins keep the lab's own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.errors import Refused
from config.web.permissions import HasRole
from config.web.roles import PUBLIC
from config.web.strict_fields import Flag, Json, Text, Whole
from pipeline.models import LabSwatch
from pipeline.services.adjusting import colour_swatches


class Levels(serializers.ListField):
    """[red, green, blue] of sRGB, as strokes take it."""

    child = Whole(min_value=0, max_value=255)

    def __init__(self, **more: Any) -> None:
        super().__init__(min_length=3, max_length=3, **more)


class SwatchSerializer(serializers.Serializer[Any]):
    name = Text(max_length=60)
    rgb = Levels(help_text="[red, green, blue] of sRGB, 0 to 255: a stroke's `colour`.")
    source = Text(  # type: ignore[assignment]  # the field's name, not what a field reads
        max_length=200, help_text="Where it is from: an object, a standard."
    )
    exact = Flag(
        default=False, help_text="The source itself gives these numbers; else they are approximate."
    )


class SwatchGroupSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    swatches = SwatchSerializer(many=True)


class PaletteSerializer(serializers.Serializer[Any]):
    groups = SwatchGroupSerializer(many=True)


class LabSwatchSerializer(SwatchSerializer):
    id = serializers.UUIDField(read_only=True)
    group = Text(max_length=40, help_text="Such as Uniforms; a new name begins one.")


def _said(row: LabSwatch) -> dict[str, Any]:
    rgb = list(bytes.fromhex(row.rgb[1:]))
    said = {name: getattr(row, name) for name in ("id", "group", "name", "source", "exact")}
    return said | {"rgb": rgb}


def _kept(row: LabSwatch, given: Mapping[str, Any]) -> LabSwatch:
    for name in ("group", "name", "source", "exact"):
        setattr(row, name, given[name])
    row.rgb = f"#{bytes(given['rgb']).hex()}"
    try:
        colour_swatches.keep(row)
    except Refused as reason:
        raise ValidationError({"name": [str(reason)]}) from reason
    return row


def _given(request: Request) -> Mapping[str, Any]:
    given = LabSwatchSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    values: Mapping[str, Any] = given.validated_data
    return values


class Palette(APIView):
    """Every named colour by group: what ships, then the lab's own."""

    permission_classes = [HasRole]
    roles = (PUBLIC,)

    @extend_schema(operation_id="swatches_read", responses={200: PaletteSerializer})
    def get(self, request: Request) -> Response:
        return Response({"groups": [group.as_json() for group in colour_swatches.library()]})


class LabSwatches(APIView):
    """The lab's own named colours."""

    permission_classes = [HasRole]
    roles = ("admin",)
    parser_classes = [Json]

    @extend_schema(
        operation_id="swatches_lab_list", responses={200: LabSwatchSerializer(many=True)}
    )
    def get(self, request: Request) -> Response:
        return Response([_said(row) for row in LabSwatch.objects.all()])

    @extend_schema(
        operation_id="swatches_lab_add",
        request=LabSwatchSerializer,
        responses={201: LabSwatchSerializer},
    )
    def post(self, request: Request) -> Response:
        return Response(_said(_kept(LabSwatch(), _given(request))), status=201)


class OneLabSwatch(APIView):
    """One of them, changed whole or removed: what was painted with it keeps its colour."""

    permission_classes = [HasRole]
    roles = ("admin",)
    parser_classes = [Json]

    @extend_schema(
        operation_id="swatches_lab_change",
        request=LabSwatchSerializer,
        responses={200: LabSwatchSerializer},
    )
    def put(self, request: Request, pk: UUID) -> Response:
        row = get_object_or_404(LabSwatch, pk=pk)
        return Response(_said(_kept(row, _given(request))))

    @extend_schema(operation_id="swatches_lab_remove", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        get_object_or_404(LabSwatch, pk=pk).delete()
        return Response(status=204)
