"""A correction over the REST API: a mask file decides what the next version repairs."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.permissions import HasRole
from config.web.roles import PUBLIC
from config.web.schema.openapi import PROBLEM, TOKEN
from pipeline.api.errors import Problem
from pipeline.api.inputs import MaskFileSerializer
from pipeline.api.serializers import RestorationSerializer
from pipeline.models import Restoration
from pipeline.services import corrections, mask_files
from pipeline.services.uploads.throttles import MaskFileThrottle, UploadThrottle

CODES = {413: "too_large", 415: "no_mask"}
SAID = "Mask-Said"
SAID_HEADER = OpenApiParameter(
    SAID, str, OpenApiParameter.HEADER, response=[201], description="How the file was read."
)


class RestorationMask(APIView):
    """A mask in place of the one that was found: 201 and the next version, repaired by it.

    White is damage. The file has the photograph's size or an exact fraction or multiple of it;
    a mask that was downloaded here keeps its classes.
    """

    permission_classes = [HasRole]
    roles = (PUBLIC,)
    parser_classes = [MultiPartParser]

    def get_throttles(self) -> list[Any]:
        return [*super().get_throttles(), MaskFileThrottle(), UploadThrottle()]

    @extend_schema(
        operation_id="restorations_mask",
        parameters=[TOKEN, SAID_HEADER],
        request={"multipart/form-data": MaskFileSerializer},
        responses={
            201: OpenApiResponse(RestorationSerializer),
            409: PROBLEM,
            413: PROBLEM,
            415: PROBLEM,
        },
    )
    def post(self, request: Request, token: str) -> Response:
        row = get_object_or_404(Restoration.objects.with_all(), token=token)
        given = MaskFileSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        choices = given.validated_data
        try:
            tiles, said = mask_files.read(row, choices["mask"], choices["defect"])
        except mask_files.BadFile as reason:
            raise _problem(reason) from reason
        made = corrections.restore_corrected_later(row, tiles)
        body = RestorationSerializer(made, context={"request": request}).data
        return Response(body, status=201, headers={"Location": body["url"], SAID: said})


def _problem(reason: mask_files.BadFile) -> exceptions.APIException:
    if reason.status == 400:
        return exceptions.ValidationError({"mask": [str(reason)]})
    return Problem(str(reason), reason.status, CODES[reason.status])
