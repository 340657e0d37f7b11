"""The REST API of restorations: send, poll, fetch, delete."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate.blobs import TooLarge
from config.roles import PUBLIC, HasRole
from jobs.errors import Refused
from pipeline import downloads, services, uploads
from pipeline.models import Restoration
from pipeline.problems import PROBLEM, Problem, of_upload
from pipeline.serializers import RestorationSerializer, UploadSerializer
from pipeline.throttles import UploadThrottle


def _found(token: str) -> Restoration:
    return get_object_or_404(Restoration.objects.with_all(), token=token)


class Restorations(ListAPIView):
    """Send a photograph, or list what your account sent."""

    permission_classes = [HasRole]
    roles = (PUBLIC,)
    parser_classes = [MultiPartParser]
    serializer_class = RestorationSerializer
    queryset = Restoration.objects.none()

    def get_throttles(self) -> list[Any]:
        throttles: list[Any] = super().get_throttles()
        return [*throttles, UploadThrottle()] if self.request.method == "POST" else throttles

    def get_queryset(self) -> Any:
        user = self.request.user
        if not isinstance(user, User):
            raise exceptions.NotAuthenticated
        return Restoration.objects.with_all().owned_by(user)

    @extend_schema(
        operation_id="restorations_create",
        request={"multipart/form-data": UploadSerializer},
        responses={
            201: RestorationSerializer,
            400: OpenApiTypes.OBJECT,
            413: PROBLEM,
            415: PROBLEM,
            429: PROBLEM,
        },
    )
    def post(self, request: Request) -> Response:
        if not settings.PUBLIC_UPLOADS and not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        given = UploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        choices = dict(given.validated_data)
        file = choices.pop("photo")
        owner = request.user if isinstance(request.user, User) else None
        try:
            uploads.check(file)
            row = services.restore_later(file=file, name=file.name, owner=owner, **choices)
        except uploads.BadUpload as reason:
            raise of_upload(reason, "photo") from reason
        except TooLarge as reason:
            raise Problem(str(reason), 413, "too_large") from reason
        body = RestorationSerializer(row, context={"request": request}).data
        return Response(body, status=201, headers={"Location": body["url"]})


class OneRestoration(APIView):
    """Whoever holds the token may poll it and delete it."""

    permission_classes = [HasRole]
    roles = (PUBLIC,)

    @extend_schema(
        operation_id="restorations_read", responses={200: RestorationSerializer, 404: PROBLEM}
    )
    def get(self, request: Request, token: str) -> Response:
        return Response(RestorationSerializer(_found(token), context={"request": request}).data)

    @extend_schema(
        operation_id="restorations_delete",
        responses={204: None, 403: PROBLEM, 404: PROBLEM, 409: PROBLEM},
    )
    def delete(self, request: Request, token: str) -> Response:
        row = _found(token)
        if not row.may_be_erased_by(request.user):
            raise exceptions.PermissionDenied("This photograph belongs to the lab.")
        services.erase(row)
        return Response(status=204)


class RestorationFile(APIView):
    """One result as a file. 409 while the restoration is not done."""

    permission_classes = [HasRole]
    roles = (PUBLIC,)

    @extend_schema(
        operation_id="restorations_file",
        responses={
            (200, "image/png"): OpenApiTypes.BINARY,
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            404: PROBLEM,
            409: PROBLEM,
        },
    )
    def get(self, request: Request, token: str, kind: str, form: str) -> HttpResponseBase:
        row = _found(token)
        if form not in downloads.ENDINGS:
            raise Http404
        if not row.is_done:
            raise Refused("This restoration has no results yet: poll it until it has succeeded.")
        return downloads.file(request._request, row, kind, form)
