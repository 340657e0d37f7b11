"""What the API takes and answers; serializers validate and format, they never save."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from config.web.strict_fields import Number, Whole
from photos.decoding.asked import TURNS
from photos.decoding.scanner.negatives import KINDS as NEGATIVES
from photos.masks.classes import BITS
from pipeline.api.tones import ToneChoiceSerializer, TonesSerializer
from pipeline.api.tones import told as tones_told
from pipeline.models import Rendition, Restoration, Upload
from pipeline.services import aliases, result_context


class ChoicesSerializer(ToneChoiceSerializer):
    """How to restore a photograph, however it is sent."""

    strength = serializers.FloatField(
        min_value=0,
        max_value=1,
        default=0.5,
        help_text="How readily something counts as damage; 0.5 is the calibrated cut.",
    )
    careful = serializers.BooleanField(
        default=False,
        help_text="Look at every part twice, upright and turned by a quarter: about twice the "
        "time. Finds more of the damage, above all on prints.",
    )
    colourise = serializers.BooleanField(
        default=False,
        help_text="Colour it even if it is in colour already; such results are skipped else.",
    )
    grain = serializers.BooleanField(
        default=True,
        help_text="Give what is filled the grain of its surroundings; off leaves it smooth.",
    )
    salvage = serializers.BooleanField(
        default=False,
        help_text="Use what is there of a file that ends too early; the rest stays blank.",
    )
    rotate = serializers.ChoiceField(
        choices=TURNS, default=0, help_text="Degrees clockwise by which the scan is turned."
    )
    crop = serializers.BooleanField(
        default=False,
        help_text="Straighten and crop to the print, where one stands out from the bed.",
    )
    negative = serializers.ChoiceField(
        choices=["", *NEGATIVES],
        default="",
        help_text="A film negative is made positive by its own base: bw or colour.",
    )
    training_allowed = serializers.BooleanField(
        default=False, help_text="The lab may learn from this photograph until it is deleted."
    )

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(aliases.choices(data))


class UploadSerializer(ChoicesSerializer):
    """One photograph and how to restore it."""

    photo = serializers.FileField(
        help_text="JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF."
    )


class MaskFileSerializer(serializers.Serializer[Any]):
    """A mask in place of the one that was found."""

    mask = serializers.FileField(
        allow_empty_file=True,  # refused in the words of the page
        help_text="PNG, TIFF or WebP; white is damage. Of the photograph's size or an exact "
        "fraction or multiple of it.",
    )
    defect = serializers.ChoiceField(
        choices=list(BITS),
        default="fracture",
        help_text="What white stands for; a mask with classes of its own keeps them.",
    )


class ResultSerializer(serializers.ModelSerializer):
    """One finished picture. `warnings` say what a person should look at."""

    png = serializers.SerializerMethodField()
    jpeg = serializers.SerializerMethodField()
    seconds = serializers.SerializerMethodField()
    weights = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    methods = serializers.SerializerMethodField(
        help_text="Of what was filled, the share by each method, and that which got grain."
    )
    guessed = serializers.SerializerMethodField(
        help_text="Holes larger than the network was trained on, px."
    )

    class Meta:
        model = Rendition
        fields = [
            "kind",
            "width",
            "height",
            "png",
            "jpeg",
            "seconds",
            "weights",
            "warnings",
            "methods",
            "guessed",
        ]

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
        help_text="face, feature, text, lines, rim, spots, tree, area or perhaps"
    )
    sentence = serializers.CharField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    area = serializers.IntegerField(help_text="Pixels that a yes fills.")
    certainty = serializers.FloatField(help_text="Of the finder, in logits above its cut.")


class SkippedSerializer(serializers.Serializer):
    """A result that was not made."""

    kind = serializers.CharField()
    reason = serializers.CharField()


class AnswerSerializer(serializers.Serializer):
    """Yes (true) fills what a question is about, no leaves it. A later answer replaces it."""

    id = serializers.CharField(max_length=40)
    answer = serializers.BooleanField()


class RestoreSerializer(serializers.Serializer):
    restore = serializers.BooleanField(
        default=True, help_text="Make the next version now; false only keeps the answers."
    )


class OneAnswerSerializer(AnswerSerializer, RestoreSerializer):
    """One answer."""


class SeveralAnswersSerializer(RestoreSerializer):
    """Several answers at once."""

    answers = serializers.ListField(child=AnswerSerializer(), min_length=1, max_length=200)


class StrokeSerializer(serializers.Serializer[Any]):
    """A line of colour, in the photograph's pixels."""

    points = serializers.ListField(
        child=serializers.ListField(child=Number(min_value=0), min_length=2, max_length=2),
        min_length=1,
        max_length=400,
        help_text="[x, y] each; one is a dot.",
    )
    width = Number(help_text="Above 0, at most the longer side.")
    colour = serializers.ListField(
        child=Whole(min_value=0, max_value=255),
        min_length=3,
        max_length=3,
        allow_null=True,
        help_text="[red, green, blue] in sRGB, of which the chroma counts; null keeps what is "
        "there.",
    )


class StrokesSerializer(serializers.Serializer[Any]):
    """All strokes of colour of a version; a later one lies over an earlier one."""

    strokes = serializers.ListField(child=StrokeSerializer(), max_length=200)


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

    def get_status(self, row: Restoration) -> str:
        return str(result_context.facts(row)["status"]) if row.is_done else ""

    def get_left_for_you(self, row: Restoration) -> int:
        return len(self.get_proposals(row))

    @extend_schema_field(ProposalSerializer(many=True))
    def get_proposals(self, row: Restoration) -> list[dict[str, Any]]:
        asked = result_context.facts(row)["proposals"] if row.is_done else []
        return [dict(each) for each in ProposalSerializer(asked, many=True).data]

    def get_prints_at(self, row: Restoration) -> str:
        return result_context.prints_at(row.photo)

    @extend_schema_field(serializers.ListField(child=serializers.URLField()))
    def get_pages(self, row: Restoration) -> list[str]:
        tokens = [other.token for other in row.other_pages]
        return [reverse("api_restoration", args=[each], request=self._request) for each in tokens]

    @extend_schema_field(SkippedSerializer(many=True))
    def get_skipped(self, row: Restoration) -> list[dict[str, str]]:
        found = result_context.facts(row)["skipped"] if row.is_done else {}
        return [{"kind": kind, "reason": reason} for kind, reason in found.items()]

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
