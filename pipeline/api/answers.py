"""The guards' questions over the REST API: answer them, and the next version is made."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.permissions import HasRole
from config.web.roles import PUBLIC
from config.web.schema.openapi import PROBLEM, TOKEN
from pipeline.api.inputs import OneAnswerSerializer, SeveralAnswersSerializer
from pipeline.api.serializers import RestorationSerializer
from pipeline.models import Restoration
from pipeline.services.questions import answers as answering
from pipeline.services.uploads.throttles import UploadThrottle


def _given(data: Any) -> tuple[dict[str, bool], bool]:
    """(answers by id, whether to make the next version)."""
    several = isinstance(data, dict) and "answers" in data
    given = (SeveralAnswersSerializer if several else OneAnswerSerializer)(data=data)
    given.is_valid(raise_exception=True)
    said = given.validated_data
    every = said["answers"] if several else [said]
    return {each["id"]: each["answer"] for each in every}, said["restore"]


class RestorationAnswers(APIView):
    """`{"id": "text-120-44", "answer": true}`, or several as `{"answers": [...]}`.

    201 and the next version of the restoration; with `"restore": false` 200 and this one. Answers
    are kept with the photograph and go with it.
    """

    permission_classes = [HasRole]
    roles = (PUBLIC,)
    parser_classes = [JSONParser]

    def get_throttles(self) -> list[Any]:
        return [*super().get_throttles(), UploadThrottle()]

    @extend_schema(
        operation_id="restorations_answers",
        parameters=[TOKEN],
        request=PolymorphicProxySerializer(
            component_name="Answers",
            serializers=[OneAnswerSerializer, SeveralAnswersSerializer],
            resource_type_field_name=None,
        ),
        responses={200: RestorationSerializer, 201: RestorationSerializer, 409: PROBLEM},
    )
    def post(self, request: Request, token: str) -> Response:
        row = get_object_or_404(Restoration.objects.with_all(), token=token)
        answers, restore = _given(request.data)
        if restore:
            row = answering.answer_and_restore_later(row, answers)
        else:
            answering.answer(row, answers)
        body = RestorationSerializer(row, context={"request": request}).data
        headers = {"Location": body["url"]} if restore else {}
        return Response(body, status=201 if restore else 200, headers=headers)
