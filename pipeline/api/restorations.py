"""The REST API of restorations: send, poll, fetch, delete."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.errors import Refused
from config.web.permissions import HasRole
from config.web.roles import PUBLIC
from config.web.schema.openapi import PROBLEM, SIGNED_IN, TOKEN
from photos import services as photos
from photos.models import Blob
from photos.storage import TooLarge
from pipeline import services
from pipeline.api import tones
from pipeline.api.conditional import conditional
from pipeline.api.errors import Problem, of_upload
from pipeline.api.idempotency import KEY, Answer, once
from pipeline.api.inputs import UploadSerializer
from pipeline.api.serializers import RestorationSerializer
from pipeline.imageio import upload_checks
from pipeline.models import Rendition, Restoration
from pipeline.services import downloads
from pipeline.services.uploads import further_pages
from pipeline.services.uploads.throttles import UploadThrottle

BESIDE = 1_000_000  # bytes of a form beside its photograph
KINDS = [*Rendition.Kind.values, *tones.KINDS, "before", "repair", "layers"]
KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=KINDS)
FORMS = [*downloads.ENDINGS, downloads.TIFF, "ora"]
FORM = OpenApiParameter("form", str, OpenApiParameter.PATH, enum=FORMS)
KNOWN = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)


def _found(token: str) -> Restoration:
    return get_object_or_404(Restoration.objects.with_all(), token=token)


def _check_length(request: Request) -> None:
    """A body that no photograph of allowed size can fill is refused before it is received."""
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal():
        upload_checks.check_size(max(1, int(announced) - BESIDE))


def _made(request: Request, original: Blob, name: str, choices: dict[str, Any]) -> Answer:
    owner = request.user if isinstance(request.user, User) else None
    row = services.restore_later(file=original, name=name, owner=owner, **choices)
    further_pages.count(request, row)
    body = RestorationSerializer(row, context={"request": request}).data
    return Answer(body, location=body["url"], restoration=row)


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
        return Restoration.objects.with_all().with_made().owned_by(user)

    @extend_schema(
        auth=SIGNED_IN,
        parameters=[KNOWN],
        responses={200: RestorationSerializer(many=True), 304: None},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return conditional(request, super().list(request, *args, **kwargs).data)

    @extend_schema(
        operation_id="restorations_create",
        parameters=[KEY],
        request={"multipart/form-data": UploadSerializer},
        responses={
            201: RestorationSerializer,
            413: PROBLEM,
            422: PROBLEM,
        },
    )
    def post(self, request: Request) -> Response:
        if not settings.PUBLIC_UPLOADS and not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        try:
            _check_length(request)
            given = UploadSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            choices = dict(given.validated_data)
            file = choices.pop("photo")
            upload_checks.check(file)
            original = photos.keep_original(file)
        except upload_checks.BadUpload as reason:
            raise of_upload(reason, "photo") from reason
        except TooLarge as reason:
            raise Problem(str(reason), 413, "too_large") from reason
        facts = {**choices, "name": file.name, "photo": original.digest}
        return once(request, facts, lambda: _made(request, original, file.name, choices))


class OneRestoration(APIView):
    """Whoever holds the token may poll it and delete it."""

    permission_classes = [HasRole]
    roles = (PUBLIC,)

    @extend_schema(
        operation_id="restorations_read",
        parameters=[TOKEN, KNOWN],
        responses={200: RestorationSerializer, 304: None},
    )
    def get(self, request: Request, token: str) -> Response:
        body = RestorationSerializer(_found(token), context={"request": request}).data
        return conditional(request, body)

    @extend_schema(operation_id="restorations_delete", parameters=[TOKEN], responses={204: None})
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
        parameters=[TOKEN, KIND, FORM],
        responses={
            (200, "image/png"): OpenApiTypes.BINARY,
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            (200, "image/tiff"): OpenApiTypes.BINARY,
            (200, "image/openraster"): OpenApiTypes.BINARY,
            304: None,
            409: PROBLEM,
        },
    )
    def get(self, request: Request, token: str, kind: str, form: str) -> HttpResponseBase:
        row = _found(token)
        if form not in FORMS:
            raise Http404
        if not row.is_done:
            raise Refused("This restoration has no results yet: poll it until it has succeeded.")
        return downloads.file(request._request, row, kind, form)
