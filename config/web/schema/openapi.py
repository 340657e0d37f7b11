"""What any operation of the API may answer, so that its schema need not repeat it."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers

from config.web.roles import PUBLIC

JSON = ["application/json"]
# For what asks who is calling although its room lets everybody in.
SIGNED_IN: list[dict[str, list[str]]] = [{"token": []}, {"cookieAuth": []}]
TOKEN = OpenApiParameter("token", str, OpenApiParameter.PATH, pattern="^[A-Za-z0-9_-]+$")
SAFE = ("GET", "HEAD")
FIELDS = OpenApiResponse(OpenApiTypes.OBJECT, "Sentences by the name of the field.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Every error that is not about one field."""

    detail = serializers.CharField()
    code = serializers.CharField(required=False)


PROBLEM = OpenApiResponse(ProblemSerializer)


class Schema(AutoSchema):
    """Adds the answers that come from sign-in, addresses, throttles and refusals."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        auth: list[dict[str, list[str]]] = super().get_auth()
        return [*auth, {}] if auth and PUBLIC in self.view.roles else auth

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        answers: dict[str, Any] = super()._get_response_bodies(direction)
        for code, body in self._from_outside().items():
            if code not in answers:
                answers[code] = self._get_response_for_code(body, code, JSON, direction)
        return answers

    def _get_request_body(self, direction: str = "request") -> dict[str, Any] | None:
        """A choice of several bodies needs one of them."""
        body: dict[str, Any] | None = super()._get_request_body(direction)
        if body and isinstance(self.get_request_serializer(), PolymorphicProxySerializer):
            body["required"] = True
        return body

    def _from_outside(self) -> dict[str, Any]:
        found: dict[str, Any] = {"400": FIELDS}
        if self.view.get_authenticators():
            found |= {"401": PROBLEM, "403": PROBLEM}
        if "{" in self.path:
            found["404"] = PROBLEM
        if self.method not in SAFE:
            found["409"] = PROBLEM
        if self._get_request_body():
            found["415"] = PROBLEM
        if self.view.get_throttles():
            found["429"] = PROBLEM
        return found
