"""What the API takes and answers; serializers validate and format, they never save."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from pipeline.models import Rendition, Restoration, Upload
from pipeline.services import result_context


class ChoicesSerializer(serializers.Serializer):
    """How to restore a photograph, however it is sent."""

    strength = serializers.FloatField(
        min_value=0,
        max_value=1,
        default=0.5,
        help_text="How readily something counts as damage; 0.5 is the calibrated cut.",
    )
    mirrors = serializers.BooleanField(
        default=False,
        help_text="Look at every part four times, turned, enlarged, mirrored: slower. "
        "Finds more fractures, save long upright ones, and fewer specks.",
    )
    training_allowed = serializers.BooleanField(
        default=False, help_text="The lab may learn from this photograph until it is deleted."
    )


class UploadSerializer(ChoicesSerializer):
    """One photograph and how to restore it."""

    photo = serializers.FileField(help_text="JPEG, PNG, TIFF, WebP or HEIC.")


class ResultSerializer(serializers.ModelSerializer):
    """One finished picture. `warnings` say what a person should look at."""

    png = serializers.SerializerMethodField()
    jpeg = serializers.SerializerMethodField()
    seconds = serializers.SerializerMethodField()
    weights = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Rendition
        fields = ["kind", "width", "height", "png", "jpeg", "seconds", "weights", "warnings"]

    @extend_schema_field(OpenApiTypes.URI)
    def get_png(self, made: Rendition) -> str:
        return self._address(made, "png")

    @extend_schema_field(OpenApiTypes.URI)
    def get_jpeg(self, made: Rendition) -> str:
        return self._address(made, "jpg")

    def get_seconds(self, made: Rendition) -> float:
        return float(made.report.get("seconds", 0.0))

    def get_weights(self, made: Rendition) -> dict[str, dict[str, str]]:
        request = self.context.get("request")
        if request is not None and not result_context.may_see_weights(request.user):
            return {}
        weights: dict[str, dict[str, str]] = made.report.get("weights", {})
        return weights

    def get_warnings(self, made: Rendition) -> list[str]:
        warnings: list[str] = made.report.get("warnings", [])
        return warnings

    def _address(self, made: Rendition, form: str) -> str:
        args = [self.context["token"], made.kind, form]
        return reverse("api_restoration_file", args=args, request=self.context.get("request"))


class RestorationSerializer(serializers.ModelSerializer):
    """A restoration as it stands: poll it until `state` is succeeded, failed or cancelled."""

    state = serializers.CharField(read_only=True)
    stage = serializers.SerializerMethodField(help_text="What is being done now.")
    percent = serializers.SerializerMethodField()
    position = serializers.IntegerField(
        read_only=True, help_text="Photographs before it in the queue."
    )
    error = serializers.SerializerMethodField(help_text="Why it failed, in a sentence.")
    title = serializers.CharField(source="photo.title", read_only=True)
    width = serializers.IntegerField(source="photo.width", read_only=True)
    height = serializers.IntegerField(source="photo.height", read_only=True)
    url = serializers.SerializerMethodField(help_text="Poll and delete here.")
    page = serializers.SerializerMethodField(help_text="The same for people.")
    largest_hole = serializers.SerializerMethodField()
    results = serializers.SerializerMethodField()

    class Meta:
        model = Restoration
        fields = [
            "id",
            "token",
            "url",
            "page",
            "state",
            "stage",
            "percent",
            "position",
            "error",
            "title",
            "width",
            "height",
            "settings",
            "created_at",
            "expires_at",
            "largest_hole",
            "results",
        ]

    def get_stage(self, row: Restoration) -> str:
        return row.job.message if row.job else ""

    def get_percent(self, row: Restoration) -> int:
        return row.job.percent if row.job else 0

    def get_error(self, row: Restoration) -> str:
        return row.job.error if row.job and row.job.is_final else ""

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, row: Restoration) -> str:
        return reverse("api_restoration", args=[row.token], request=self._request)

    @extend_schema_field(OpenApiTypes.URI)
    def get_page(self, row: Restoration) -> str:
        return reverse("restoration", args=[row.token], request=self._request)

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_largest_hole(self, row: Restoration) -> float | None:
        found: float | None = result_context.facts(row)["largest_hole"] if row.is_done else None
        return found

    @extend_schema_field(ResultSerializer(many=True))
    def get_results(self, row: Restoration) -> list[dict[str, Any]]:
        if not row.is_done:
            return []
        context = {"token": row.token, "request": self._request}
        made = ResultSerializer(row.downloads, many=True, context=context)
        return [dict(each) for each in made.data]

    @property
    def _request(self) -> Request | None:
        request: Request | None = self.context.get("request")
        return request


class UploadStateSerializer(serializers.ModelSerializer):
    """How far an upload in pieces is, and its restoration once it is complete."""

    restoration = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = ["name", "length", "offset", "restoration", "page", "expires_at"]

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_restoration(self, row: Upload) -> str | None:
        return self._address("api_restoration", row)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_page(self, row: Upload) -> str | None:
        return self._address("restoration", row)

    def _address(self, name: str, row: Upload) -> str | None:
        if row.restoration is None:
            return None
        return reverse(name, args=[row.restoration.token], request=self.context.get("request"))
