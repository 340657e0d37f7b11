"""A token for a name and a password."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.api.serializers import TokenIn, TokenOut
from accounts.second_factor.codes import lacks_required
from accounts.throttles import SignInThrottle
from config.web.permissions import HasRole
from config.web.roles import PUBLIC
from config.web.strict_fields import Json


class Token(APIView):
    """A token for the header ``Authorization: Bearer …``, for a name and a password."""

    authentication_classes = []
    permission_classes = [HasRole]
    roles = (PUBLIC,)
    throttle_classes = [SignInThrottle]
    parser_classes = [FormParser, MultiPartParser, Json]

    @extend_schema(
        operation_id="token_create",
        auth=[],
        request=TokenIn,
        responses={200: TokenOut},
    )
    def post(self, request: Request) -> Response:
        given = TokenIn(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        if lacks_required(given.validated_data["user"]):
            raise ValidationError({"code": ["Set up your second factor on the site first."]})
        asked = {name: given.validated_data[name] for name in ("user", "name", "scopes", "days")}
        try:
            row, secret = services.make_token(**asked)
        except services.TooMany as reason:
            raise ValidationError({"non_field_errors": [str(reason)]}) from reason
        body = TokenOut(row, context={"secret": secret}).data
        return Response(body, headers={"Cache-Control": "no-store"})
