"""Webhooks of one's own: register, look at the deliveries, try, delete."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.permissions import HasRole
from config.web.roles import SIGNED_IN
from pipeline.models import Delivery, Webhook
from pipeline.services import safe_http, webhooks
from pipeline.services.uploads.throttles import WebhookThrottle


class Asked(APIView):
    """What sends something to an address that a person named is limited by account."""

    def get_throttles(self) -> list[Any]:
        throttles: list[Any] = super().get_throttles()
        return [*throttles, WebhookThrottle()] if self.request.method == "POST" else throttles


class WebhookOut(serializers.ModelSerializer):
    class Meta:
        model = Webhook
        fields = ["id", "url", "created_at", "disabled_at", "reason", "failures"]
        read_only_fields = ["id", "created_at", "disabled_at", "reason", "failures"]


class NewWebhook(WebhookOut):
    secret = serializers.CharField(read_only=True, help_text="Verify with it; shown this once.")

    class Meta(WebhookOut.Meta):
        fields = [*WebhookOut.Meta.fields, "secret"]


class DeliveryOut(serializers.ModelSerializer):
    class Meta:
        model = Delivery
        fields = [
            "id", "event", "restoration", "state", "attempts", "status", "answer", "created_at",
            "tried_at",
        ]  # fmt: skip


def _found(request: Request, webhook: UUID) -> Webhook:
    return get_object_or_404(Webhook, pk=webhook, owner=cast(User, request.user))


class Webhooks(Asked, ListCreateAPIView):
    """Where your account is told that a restoration has ended."""

    permission_classes = [HasRole]
    roles = (SIGNED_IN,)
    serializer_class = WebhookOut
    queryset = Webhook.objects.none()

    def get_queryset(self) -> Any:
        return Webhook.objects.filter(owner=cast(User, self.request.user))

    @extend_schema(
        operation_id="webhooks_create",
        request=WebhookOut,
        responses={201: NewWebhook},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = WebhookOut(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            row = webhooks.listen(
                owner=cast(User, request.user), url=str(given.validated_data["url"])
            )
        except safe_http.Blocked as reason:
            raise ValidationError({"url": [str(reason)]}) from reason
        row.refresh_from_db()
        return Response(NewWebhook(row).data, status=201, headers={"Cache-Control": "no-store"})


class OneWebhook(APIView):
    permission_classes = [HasRole]
    roles = (SIGNED_IN,)

    @extend_schema(operation_id="webhooks_read", responses={200: WebhookOut})
    def get(self, request: Request, webhook: UUID) -> Response:
        return Response(WebhookOut(_found(request, webhook)).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None})
    def delete(self, request: Request, webhook: UUID) -> Response:
        _found(request, webhook).delete()
        return Response(status=204)


class Deliveries(Asked, ListAPIView):
    """What was sent to a webhook in the last thirty days, and what came back; POST sends a ping."""

    permission_classes = [HasRole]
    roles = (SIGNED_IN,)
    serializer_class = DeliveryOut
    queryset = Delivery.objects.none()

    def get_queryset(self) -> Any:
        return _found(self.request, self.kwargs["webhook"]).deliveries.all()

    @extend_schema(operation_id="webhooks_ping", request=None, responses={202: DeliveryOut})
    def post(self, request: Request, webhook: UUID) -> Response:
        row = webhooks.ping_later(_found(request, webhook))
        row.refresh_from_db()
        return Response(DeliveryOut(row).data, status=202)
