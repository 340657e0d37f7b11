"""Studies and their results, for the programs of admins. Nothing of an open study is told."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.errors import Refused
from config.web.permissions import HasRole
from config.web.schema.openapi import PROBLEM
from config.words.wall import for_programs
from evaluation import services
from evaluation.models import Study


class StudyOut(serializers.ModelSerializer[Study]):
    class Meta:
        model = Study
        fields = [
            "number",
            "stage",
            "question",
            "state",
            "alpha",
            "cap",
            "ballot_size",
            "digest",
            "created_at",
            "opened_at",
            "closed_at",
        ]
        read_only_fields = fields


class Studies(generics.ListAPIView[Study]):
    """Every study, newest first, without candidates."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = StudyOut
    queryset = Study.objects.order_by("-number")


class OneStudy(generics.RetrieveAPIView[Study]):
    """One study, without candidates."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = StudyOut
    queryset = Study.objects.all()
    lookup_field = "number"


class Results(APIView):
    permission_classes = [HasRole]
    roles = ("admin",)

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 409: PROBLEM})
    def get(self, request: Request, number: int) -> Response:
        """The decision of a closed study, candidates by name. Beside what is said stands its code
        (`reasons` and `reasons_said`). 409 while it is not closed."""
        study = generics.get_object_or_404(Study.objects.all(), number=number)
        if study.state != Study.State.CLOSED:
            raise Refused("Results are told when the study is closed.")
        found: dict[str, Any] = dict(services.told(study))
        return Response(for_programs(found))
