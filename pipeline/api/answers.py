"""The guards' questions over the REST API: answer them, and the next version is made."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.openapi import PROBLEM, TOKEN
from config.roles import PUBLIC, HasRole
from pipeline.api.serializers import AnswersSerializer, RestorationSerializer
from pipeline.models import Restoration
from pipeline.services import answering
from pipeline.throttles import UploadThrottle


class RestorationAnswers(APIView):
    """`{"id": "text-120-44", "answer": true}`, or several as `{"answers": [...]}`.

    201 and the next version of the restoration; with `"restore": false` 200 and this one. Answers
    are kept with the photograph and go with it.
    """

    permission_classes = [HasRole]
    roles = (PUBLIC,)

    def get_throttles(self) -> list[Any]:
        return [*super().get_throttles(), UploadThrottle()]

    @extend_schema(
        operation_id="restorations_answers",
        parameters=[TOKEN],
        request=AnswersSerializer,
        responses={200: RestorationSerializer, 201: RestorationSerializer, 409: PROBLEM},
    )
    def post(self, request: Request, token: str) -> Response:
        row = get_object_or_404(Restoration.objects.with_all(), token=token)
        given = AnswersSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        answers, restore = given.validated_data["answers"], given.validated_data["restore"]
        try:
            if restore:
                row = answering.answer_and_restore_later(row, answers)
            else:
                answering.answer(row, answers)
        except ValueError as reason:
            raise ValidationError({"id": [str(reason)]}) from reason
        body = RestorationSerializer(row, context={"request": request}).data
        headers = {"Location": body["url"]} if restore else {}
        return Response(body, status=201 if restore else 200, headers=headers)
