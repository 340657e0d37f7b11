"""Lists of the API in pages: a wrong `limit` or `offset` is said, not passed over."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

MAX_ROWS_PER_PAGE = 500
LAST = 2**31 - 1  # what every database takes


class Pages(LimitOffsetPagination):
    """50 rows of a list, or as many as were asked for, up to 500."""

    max_limit = MAX_ROWS_PER_PAGE

    def get_limit(self, request: Request) -> int:
        return _whole(
            request, "limit", 1, MAX_ROWS_PER_PAGE, self.default_limit or MAX_ROWS_PER_PAGE
        )

    def get_offset(self, request: Request) -> int:
        return _whole(request, "offset", 0, LAST, 0)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        bounds = {"limit": (1, MAX_ROWS_PER_PAGE), "offset": (0, LAST)}
        for parameter in found:
            least, most = bounds[parameter["name"]]
            parameter["schema"] |= {"minimum": least, "maximum": most}
        return found


def _whole(request: Request, name: str, least: int, most: int, otherwise: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return otherwise
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 20 else -1
    if not least <= number <= most:
        raise ValidationError({name: [f"A whole number from {least} to {most}."]})
    return number
