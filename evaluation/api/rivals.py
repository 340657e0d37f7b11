"""Rivals of a draft for scripts: add a ZIP of pictures, and what became of it."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.errors import Refused
from config.web.permissions import HasRole
from config.web.schema.openapi import PROBLEM
from config.words.wall import for_programs
from evaluation.models import Rival, Study
from evaluation.services.rivals import adding


class RivalOut(serializers.ModelSerializer):
    pictures = serializers.IntegerField(source="pictures.count", read_only=True)
    fitted = serializers.SerializerMethodField(help_text="What was done to which file.")
    passed_over = serializers.SerializerMethodField(help_text="Files not taken, and why.")
    missing = serializers.SerializerMethodField(help_text="Photos that it has no picture of.")

    class Meta:
        model = Rival
        fields = [
            "name", "title", "maker", "licence", "source", "pictures", "fitted", "missing",
            "passed_over",
        ]  # fmt: skip
        read_only_fields = fields

    def get_fitted(self, rival: Rival) -> dict[str, str]:
        rows = rival.pictures.exclude(fitted="").values_list("file_name", "fitted")
        return {name: str(fitted) for name, fitted in rows}

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_passed_over(self, rival: Rival) -> list[dict[str, Any]]:
        return [for_programs(row) for row in rival.passed_over]

    def get_missing(self, rival: Rival) -> list[str]:
        return list(rival.missing().values_list("title", flat=True))


class RivalIn(serializers.Serializer):
    name = serializers.CharField(max_length=80, help_text="The same again replaces its pictures.")
    title = serializers.CharField(max_length=120, required=False, default="")
    maker = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    licence = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=300, required=False, default="", allow_blank=True
    )
    pictures = serializers.FileField(help_text="A ZIP, files named like the study's photos.")


class Queued(serializers.Serializer):
    job = serializers.UUIDField(help_text="Its state is that of /activity/<job>/.")


class Rivals(APIView):
    """The rivals of a study, and one more for a draft."""

    permission_classes = [HasRole]
    roles = ("admin",)
    parser_classes = [MultiPartParser]

    def _study(self, request: Request, number: int) -> Study:
        """An admin who votes in an open study learns nothing of its candidates."""
        study = get_object_or_404(Study, number=number)
        if study.is_open and study.ballots.filter(voter=request.user.pk).exists():
            raise Refused("You vote in this study: its candidates stay hidden until it closes.")
        return study

    @extend_schema(operation_id="rivals_list", responses={200: RivalOut(many=True), 409: PROBLEM})
    def get(self, request: Request, number: int) -> Response:
        rows = self._study(request, number).rivals.all()
        return Response(RivalOut(rows, many=True).data)

    @extend_schema(operation_id="rivals_create", request=RivalIn, responses={202: Queued})
    def post(self, request: Request, number: int) -> Response:
        given = RivalIn(data=request.data)
        given.is_valid(raise_exception=True)
        words: dict[str, Any] = dict(given.validated_data)
        file = words.pop("pictures")
        job = adding.add_outputs_later(
            study=self._study(request, number),
            card=adding.Card(**words),
            file=file,
            by=request.user,  # type: ignore[arg-type]  # HasRole lets nobody else in
        )
        return Response({"job": job.pk}, status=202)
