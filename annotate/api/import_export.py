"""The REST API of masks from and for other tools."""

from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit
from annotate.formats.outlines import WIDEST
from annotate.models import DefectMask, Import
from annotate.services.import_export import running
from annotate.services.import_export.options import ALL, FORMATS, NEWEST, Options, classes_of
from annotate.services.import_export.plan import report_for_programs
from annotate.views.import_export import hand_out
from config.errors import Refused
from config.web.permissions import HasRole
from config.web.roles import may
from config.web.schema.openapi import PROBLEM
from photos.masks.classes import CLASSES, DAMAGE_FROM

AT_ONCE = 20_000_000  # bytes of a file that is read while the caller waits


class MasksIn(serializers.Serializer):
    file = serializers.FileField(help_text="A file of the tool, or a ZIP of such files.")
    kind = serializers.ChoiceField(choices=FORMATS)
    defect = serializers.ChoiceField(choices=list(CLASSES), default="fracture")
    threshold = serializers.IntegerField(min_value=1, max_value=255, default=DAMAGE_FROM)
    line_width = serializers.FloatField(
        min_value=0.1, max_value=WIDEST, required=False, help_text="Pixels, of lines without one."
    )
    classes = serializers.CharField(
        required=False, max_length=2000, default="", help_text="crack=fracture, dust=scuff"
    )
    annotations = serializers.ChoiceField(choices=[NEWEST, ALL], default=NEWEST)
    as_stored = serializers.BooleanField(default=False)
    skip_unknown = serializers.BooleanField(default=False)
    empty_is_undamaged = serializers.BooleanField(default=False)
    any_folder = serializers.BooleanField(default=False)
    as_starts = serializers.BooleanField(default=False)
    accepted = serializers.BooleanField(default=False, help_text="Admins only, with a reason.")
    because = serializers.CharField(required=False, max_length=300, default="", allow_blank=True)
    dry_run = serializers.BooleanField(default=False, help_text="Answers 200 with the report only.")

    def options(self) -> Options:
        said = dict(self.validated_data)
        for name in ("file", "dry_run"):
            said.pop(name)
        return Options(**{**said, "classes": classes_of(said["classes"])})


class MasksOut(serializers.Serializer):
    id = serializers.UUIDField(allow_null=True, help_text="Of the import.")
    masks = serializers.ListField(child=serializers.UUIDField())
    suggestions = serializers.IntegerField()
    report = serializers.JSONField()


class WhichMasks(serializers.Serializer):
    kind = serializers.ChoiceField(choices=FORMATS)
    album = serializers.CharField(required=False, max_length=120, allow_blank=True)
    photo = serializers.UUIDField(required=False)
    pictures = serializers.BooleanField(default=False, help_text="With the photographs.")

    def which(self) -> dict[str, Any]:
        said = self.validated_data
        keys = {"album": "photo__album", "photo": "photo"}
        return {field: said[key] for key, field in keys.items() if said.get(key)}


class MaskImport(APIView):
    """Masks made with another tool, for photos that are here by their title."""

    permission_classes = [HasRole]
    roles = ("reviewer",)
    parser_classes = [MultiPartParser]

    @extend_schema(
        request=MasksIn, responses={200: MasksOut, 201: MasksOut, 202: MasksOut, 409: PROBLEM}
    )
    def post(self, request: Request) -> Response:
        """Looked through and brought in at once; 202 for a file over 20 MB, which a worker does."""
        said = MasksIn(data=request.data)
        said.is_valid(raise_exception=True)
        options = running.may_accept(said.options(), admin=may(request.user, "admin"))
        file: UploadedFile = said.validated_data["file"]
        dry_run, large = said.validated_data["dry_run"], (file.size or 0) > AT_ONCE
        by = request.user if isinstance(request.user, User) else None
        how = {"later": large, "then": not dry_run}
        row = running.begun(file=file, name=str(file.name), options=options, by=by, **how)
        answer = _answer(row, row.report, [], 202) if large else _at_once(row, options, dry_run)
        if options.accepted and not dry_run:
            accepted = {"import_id": row.pk, "because": options.because}
            audit.note(request._request, "annotate/imports/accepted-elsewhere/", **accepted)
        return answer


def _at_once(row: Import, options: Options, dry_run: bool) -> Response:
    try:
        plan, made = running.run_at_once(running.source_of(row), options, row, dry_run=dry_run)
    except Refused:
        row.delete()
        raise
    if dry_run:
        row.delete()
        return _answer(None, plan.as_json(), [], 200)
    return _answer(row, plan.as_json(), made, 201)


def _answer(row: Import | None, report: Any, made: list[Any], status: int) -> Response:
    masks = [each.pk for each in made if isinstance(each, DefectMask)]
    facts = {
        "id": row.pk if row else None,
        "masks": masks,
        "suggestions": len(made) - len(masks),
        "report": report_for_programs(report),
    }
    return Response(MasksOut(facts).data, status=status)


class ImportOut(serializers.ModelSerializer):
    reason = serializers.CharField(read_only=True)
    report = serializers.SerializerMethodField(help_text="In words, and beside them as codes.")

    class Meta:
        model = Import
        fields = ["id", "kind", "state", "name", "reason", "report", "created_at"]

    @extend_schema_field(serializers.JSONField())
    def get_report(self, row: Import) -> Any:
        return report_for_programs(row.told)


class ImportDetail(generics.RetrieveAPIView):
    """How far an import is, and its report photo by photo."""

    permission_classes = [HasRole]
    roles = ("reviewer",)
    serializer_class = ImportOut
    lookup_url_kwarg = "import_id"
    queryset = Import.objects.all()


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
        facts = said.validated_data
        return hand_out(facts["kind"], said.which(), pictures=facts["pictures"])
