"""The REST API of photos and masks: lists, uploads, downloads."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate.models import DefectMask
from annotate.views.pictures import IMAGES, export, image
from config.web.permissions import HasRole
from config.web.roles import may
from photos import services as photos
from photos.masks.classes import CLASSES
from photos.models import Photo

READERS = ("assessor", "reviewer")
KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=[*IMAGES, "original"])
DEFECT = OpenApiParameter("defect", str, OpenApiParameter.PATH, enum=list(CLASSES))


class PhotoOut(serializers.ModelSerializer):
    class Meta:
        model = Photo
        fields = [
            "id", "title", "original_name", "state", "reason", "width", "height", "bits", "is_grey",
            "album", "source", "licence", "training_allowed", "wants_mask", "priority",
            "created_at",
        ]  # fmt: skip


class PhotoIn(serializers.Serializer):
    file = serializers.FileField()
    title = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    original_name = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="With its folder and ending; the file's own name where nothing is said.",
    )  # fmt: skip
    album = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    source = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)  # type: ignore[assignment]
    licence = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    wants_mask = serializers.BooleanField(default=False)
    training_allowed = serializers.BooleanField(default=False)


class MaskOut(serializers.ModelSerializer):
    author = serializers.CharField(
        source="author.username", default=None, read_only=True, allow_null=True
    )

    class Meta:
        model = DefectMask
        fields = ["id", "photo", "author", "origin", "state", "revision", "digest", "submitted_at"]


class PhotoList(generics.ListAPIView):
    """Photos that the caller may see, newest first; POST imports one (reviewers)."""

    permission_classes = [HasRole]
    roles = READERS
    parser_classes = [MultiPartParser]
    serializer_class = PhotoOut

    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.visible_to(self.request.user).exclude(state=Photo.State.ERASED)

    @extend_schema(request=PhotoIn, responses={202: PhotoOut})
    def post(self, request: Request) -> Response:
        if not may(request.user, "reviewer"):
            self.permission_denied(request, "Only reviewers and admins import photos.")
        said = PhotoIn(data=request.data)
        said.is_valid(raise_exception=True)
        facts: dict[str, Any] = dict(said.validated_data)
        facts["original_name"] = facts["original_name"] or facts["file"].name
        facts["title"] = facts["title"] or facts["file"].name
        created_by = request.user if isinstance(request.user, User) else None
        photo = photos.add_photo(created_by=created_by, **facts)
        photo.refresh_from_db()
        return Response(PhotoOut(photo).data, status=202)


class PhotoDetail(generics.RetrieveAPIView):
    permission_classes = [HasRole]
    roles = READERS
    serializer_class = PhotoOut
    lookup_url_kwarg = "photo_id"

    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.visible_to(self.request.user)


class PhotoFile(APIView):
    """A derived file: thumbnail, preview, photo (8-bit JPEG), working (PNG) or cost.

    Reviewers may have the original too.
    """

    permission_classes = [HasRole]
    roles = READERS

    @extend_schema(
        parameters=[KIND],
        responses={
            (200, "image/*"): OpenApiTypes.BINARY,
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            304: None,
        },
    )
    def get(self, request: Request, photo_id: UUID, kind: str) -> HttpResponseBase:
        return image(cast(HttpRequest, request), photo_id, kind)


class PhotoMasks(generics.ListAPIView):
    """The masks of a photo: all for reviewers, one's own for assessors."""

    permission_classes = [HasRole]
    roles = READERS
    serializer_class = MaskOut
    pagination_class = None

    def get_queryset(self) -> QuerySet[DefectMask]:
        visible = Photo.objects.visible_to(self.request.user)
        photo = get_object_or_404(visible, pk=self.kwargs.get("photo_id"))
        masks = photo.masks.select_related("author")
        if may(self.request.user, "reviewer"):
            return masks
        return masks.filter(author_id=self.request.user.pk)


class MaskFile(APIView):
    """One class of a mask (fracture, scuff, hole, ignore) as a 1-bit PNG of the photo's size."""

    permission_classes = [HasRole]
    roles = READERS

    @extend_schema(parameters=[DEFECT], responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, mask_id: UUID, defect: str) -> HttpResponseBase:
        return export(cast(HttpRequest, request), mask_id, defect)
