"""The REST API of masks from and for other tools."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate.models import DefectMask
from annotate.services.import_export.archives import FORMATS
from annotate.views.import_export import hand_out, take_in
from config.web.openapi import PROBLEM
from config.web.permissions import HasRole
from photos.masks.classes import CLASSES, DAMAGE_FROM


class MasksIn(serializers.Serializer):
    file = serializers.FileField(help_text="A file of the tool, or a ZIP of such files.")
    kind = serializers.ChoiceField(choices=FORMATS)
    defect = serializers.ChoiceField(choices=list(CLASSES), default="fracture")
    threshold = serializers.IntegerField(min_value=1, max_value=255, default=DAMAGE_FROM)
    accepted = serializers.BooleanField(default=False)
    as_stored = serializers.BooleanField(default=False)


class MasksOut(serializers.Serializer):
    masks = serializers.ListField(child=serializers.UUIDField())
    suggestions = serializers.IntegerField()


class WhichMasks(serializers.Serializer):
    kind = serializers.ChoiceField(choices=FORMATS)
    album = serializers.CharField(required=False, max_length=120, allow_blank=True)
    photo = serializers.UUIDField(required=False)

    def which(self) -> dict[str, Any]:
        said = self.validated_data
        keys = {"album": "photo__album", "photo": "photo"}
        return {field: said[key] for key, field in keys.items() if said.get(key)}


class MaskImport(APIView):
    """Masks made with another tool, for photos that are here by their title."""

    permission_classes = [HasRole]
    roles = ("reviewer",)
    parser_classes = [MultiPartParser]

    @extend_schema(request=MasksIn, responses={201: MasksOut})
    def post(self, request: Request) -> Response:
        said = MasksIn(data=request.data)
        said.is_valid(raise_exception=True)
        how = dict(said.validated_data)
        file: UploadedFile = how.pop("file")
        rows = take_in(file, how)
        masks = [row.pk for row in rows if isinstance(row, DefectMask)]
        answer = MasksOut({"masks": masks, "suggestions": len(rows) - len(masks)})
        return Response(answer.data, status=201)


class MaskExport(APIView):
    """The newest accepted mask of every photo, or of an album or one photo, as a ZIP."""

    permission_classes = [HasRole]
    roles = ("reviewer",)

    @extend_schema(
        parameters=[WhichMasks],
        responses={(200, "application/zip"): OpenApiTypes.BINARY, 409: PROBLEM},
    )
    def get(self, request: Request) -> HttpResponseBase:
        said = WhichMasks(data=request.query_params)
        said.is_valid(raise_exception=True)
        return hand_out(said.validated_data["kind"], said.which())
