"""What the API answers; serializers format, they never save."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from config.words.said import Words, code_of, read
from pipeline.api.inputs import StrokeSerializer
from pipeline.api.tones import TonesSerializer
from pipeline.api.tones import told as tones_told
from pipeline.models import Rendition, Restoration, Upload
from pipeline.services import result_context

CODE = serializers.JSONField(
    allow_null=True, help_text="`code` and its parameters, `with`; null of an older sentence."
)


def _warnings(made: Rendition) -> list[Words]:
    kept = map(read, made.report.get("warnings", []))
    return [*kept, *result_context.notices(made.report)]


class ResultSerializer(serializers.ModelSerializer):
    """One finished picture. `warnings` say what a person should look at."""

    png = serializers.SerializerMethodField()
    jpeg = serializers.SerializerMethodField()
    seconds = serializers.SerializerMethodField()
    weights = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    warnings_said = serializers.SerializerMethodField(help_text="The same as codes.")
    methods = serializers.SerializerMethodField(
        help_text="Of what was filled, the share by each method, and that which got grain."
    )
    guessed = serializers.SerializerMethodField(
        help_text="Holes larger than the network was trained on, px."
    )

    prints_at = serializers.SerializerMethodField(
        help_text='Of the print that was scanned, as "13 × 18 cm"; empty if the scan does not say.'
    )

    class Meta:
        model = Rendition
        fields = [
            "kind",
            "width",
            "height",
            "prints_at",
            "png",
            "jpeg",
            "seconds",
            "weights",
            "warnings",
            "warnings_said",
            "methods",
            "guessed",
        ]

    @extend_schema_field(OpenApiTypes.URI)
    def get_png(self, made: Rendition) -> str:
        return self._address(made, "png")

    @extend_schema_field(OpenApiTypes.URI)
    def get_jpeg(self, made: Rendition) -> str:
        return self._address(made, "jpg")

    def get_prints_at(self, made: Rendition) -> str:
        return result_context.prints_at(self.context["photo"])

    def get_seconds(self, made: Rendition) -> float:
        return float(made.report.get("seconds", 0.0))

    def get_weights(self, made: Rendition) -> dict[str, dict[str, str]]:
        request = self.context.get("request")
        if request is not None and not result_context.may_see_weights(request.user):
            return {}
        weights: dict[str, dict[str, str]] = made.report.get("weights", {})
        return weights

    def get_warnings(self, made: Rendition) -> list[str]:
        return [str(each) for each in _warnings(made)]

    @extend_schema_field(serializers.ListField(child=CODE))
    def get_warnings_said(self, made: Rendition) -> list[dict[str, Any] | None]:
        return [code_of(each) for each in _warnings(made)]

    def get_methods(self, made: Rendition) -> dict[str, float]:
        methods: dict[str, float] = made.report.get("methods", {})
        return methods

    def get_guessed(self, made: Rendition) -> list[float]:
        guessed: list[float] = made.report.get("guessed", [])
        return guessed

    def _address(self, made: Rendition, form: str) -> str:
        args = [self.context["token"], made.kind, form]
        return reverse("api_restoration_file", args=args, request=self.context.get("request"))


class ProposalSerializer(serializers.Serializer):
    """A question: what was left because it may belong to the picture. Sizes in its pixels."""

    id = serializers.CharField(help_text="Stays when the strength changes.")
    number = serializers.IntegerField(help_text="Of its pixels in the picture of questions.")
    reason = serializers.CharField(
        help_text="face, feature, text, lines, rim, spots, tree, pattern, area or perhaps"
    )
    sentence = serializers.CharField()
    sentence_said = serializers.SerializerMethodField(help_text="The same as a code.")
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    area = serializers.IntegerField(help_text="Pixels that a yes fills.")
    certainty = serializers.FloatField(help_text="Of the finder, in logits above its cut.")

    @extend_schema_field(CODE)
    def get_sentence_said(self, asked: result_context.Proposal) -> dict[str, Any] | None:
        return code_of(asked["sentence"])


class SkippedSerializer(serializers.Serializer):
    """A result that was not made."""

    kind = serializers.CharField()
    reason = serializers.CharField()
    reason_said = CODE


class RestorationSerializer(serializers.ModelSerializer):
    """A restoration as it stands: poll it until `state` is succeeded, failed or cancelled."""

    state = serializers.CharField(read_only=True)
    stage = serializers.SerializerMethodField(help_text="What is being done now.")
    percent = serializers.SerializerMethodField()
    position = serializers.IntegerField(
        read_only=True, help_text="Photographs before it in the queue."
    )
    stage_said = serializers.SerializerMethodField(help_text="`stage` as a code.")
    error = serializers.SerializerMethodField(help_text="Why it failed, in a sentence.")
    error_said = serializers.SerializerMethodField(help_text="`error` as a code.")
    title = serializers.CharField(source="photo.title", read_only=True)
    width = serializers.IntegerField(source="photo.width", read_only=True)
    height = serializers.IntegerField(source="photo.height", read_only=True)
    url = serializers.SerializerMethodField(help_text="Poll and delete here.")
    page = serializers.SerializerMethodField(help_text="The same for people.")
    largest_hole = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField(
        help_text='"found", "nothing found", or "little found" of a picture that looks torn.'
    )
    left_for_you = serializers.SerializerMethodField(
        help_text="How many marks may belong to the picture and were left: see `proposals`."
    )
    proposals = serializers.SerializerMethodField(help_text="Answer them by POST to `answers/`.")
    skipped = serializers.SerializerMethodField(
        help_text="Results that make no sense here, and why."
    )
    prints_at = serializers.SerializerMethodField(
        help_text='Of the print that was scanned, as "13 × 18 cm"; empty if the scan does not say.'
    )
    page_number = serializers.IntegerField(
        source="photo.page", read_only=True, help_text="Of a file of several photographs, from 1."
    )
    pages = serializers.SerializerMethodField(
        help_text="The restorations of the file's other photographs, once the file was read."
    )
    tones = serializers.SerializerMethodField(
        help_text="Null until it is done, and of results that an earlier release made."
    )
    colours = serializers.SerializerMethodField(
        help_text="Strokes of colour that its owner painted; change them by POST to `colours/`."
    )
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
            "stage_said",
            "percent",
            "position",
            "error",
            "error_said",
            "title",
            "width",
            "height",
            "settings",
            "created_at",
            "expires_at",
            "largest_hole",
            "status",
            "left_for_you",
            "proposals",
            "skipped",
            "prints_at",
            "page_number",
            "pages",
            "tones",
            "colours",
            "results",
        ]

    def get_stage(self, row: Restoration) -> str:
        return str(row.job.message) if row.job else ""

    @extend_schema_field(CODE)
    def get_stage_said(self, row: Restoration) -> dict[str, Any] | None:
        return code_of(row.job.message) if row.job else None

    def get_percent(self, row: Restoration) -> int:
        return row.job.percent if row.job else 0

    def get_error(self, row: Restoration) -> str:
        return str(row.job.error) if row.job and row.job.is_final else ""

    @extend_schema_field(CODE)
    def get_error_said(self, row: Restoration) -> dict[str, Any] | None:
        return code_of(row.job.error) if row.job and row.job.is_final else None

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

    def get_status(self, row: Restoration) -> str:
        return str(result_context.facts(row)["status"]) if row.is_done else ""

    def get_left_for_you(self, row: Restoration) -> int:
        return len(self.get_proposals(row))

    @extend_schema_field(ProposalSerializer(many=True))
    def get_proposals(self, row: Restoration) -> list[dict[str, Any]]:
        asked = result_context.facts(row)["proposals"] if row.is_done else []
        if not asked:
            return []
        return [dict(each) for each in ProposalSerializer(asked, many=True).data]

    def get_prints_at(self, row: Restoration) -> str:
        return result_context.prints_at(row.photo)

    @extend_schema_field(serializers.ListField(child=serializers.URLField()))
    def get_pages(self, row: Restoration) -> list[str]:
        tokens = [other.token for other in row.other_pages]
        return [reverse("api_restoration", args=[each], request=self._request) for each in tokens]

    @extend_schema_field(SkippedSerializer(many=True))
    def get_skipped(self, row: Restoration) -> list[dict[str, Any]]:
        found = result_context.facts(row)["skipped"] if row.is_done else {}
        return [
            {"kind": kind, "reason": str(reason), "reason_said": code_of(reason)}
            for kind, reason in found.items()
        ]

    @extend_schema_field(TonesSerializer(allow_null=True))
    def get_tones(self, row: Restoration) -> dict[str, Any] | None:
        return tones_told(row, self._request)

    @extend_schema_field(StrokeSerializer(many=True))
    def get_colours(self, row: Restoration) -> list[dict[str, Any]]:
        return list(row.colours or [])

    @extend_schema_field(ResultSerializer(many=True))
    def get_results(self, row: Restoration) -> list[dict[str, Any]]:
        if not row.is_done:
            return []
        # One for all rows of a list: to make its fields anew takes longer than to fill them.
        if not hasattr(self, "_result"):
            self._shared: dict[str, Any] = {"request": self._request}
            self._result = ResultSerializer(context=self._shared)
        self._shared |= {"token": row.token, "photo": row.photo}
        return [dict(self._result.to_representation(made)) for made in row.downloads]

    @property
    def _request(self) -> Request | None:
        request: Request | None = self.context.get("request")
        return request


class UploadStateSerializer(serializers.ModelSerializer):
    """How far an upload in pieces is, and its restoration once it is complete."""

    restoration = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    graph = serializers.UUIDField(
        source="graph_id", read_only=True, allow_null=True, help_text="Of a network that arrived."
    )

    class Meta:
        model = Upload
        fields = ["name", "length", "offset", "restoration", "graph", "page", "expires_at"]

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
