"""What one sends for a token, and what comes back once."""

from typing import Any

from rest_framework import serializers
from rest_framework.authtoken.serializers import AuthTokenSerializer

from accounts import scopes
from accounts.models import ApiToken

DEFAULT = "restorations:read restorations:write"


class TokenIn(AuthTokenSerializer):
    """Name and password, and what the token is for."""

    name = serializers.CharField(max_length=80, default="by password")
    code = serializers.CharField(
        max_length=20,
        default="",
        allow_blank=True,
        help_text="Of the second factor.",
    )
    scopes = serializers.CharField(default=DEFAULT, help_text="Separated by spaces.")
    days = serializers.IntegerField(min_value=1, max_value=3650, default=365)

    def validate_scopes(self, given: str) -> list[str]:
        try:
            return scopes.parse(given)
        except ValueError as reason:
            raise serializers.ValidationError(str(reason)) from reason


class TokenOut(serializers.ModelSerializer):
    token = serializers.SerializerMethodField(help_text="Shown this once.")

    class Meta:
        model = ApiToken
        fields = ["token", "name", "scopes", "expires_at"]

    def get_token(self, row: ApiToken) -> str:
        secret: Any = self.context["secret"]
        return str(secret)
