"""JSON as it was meant: fields take their own type alone, not "5" for 5, nor 0 for "0"."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Json(JSONParser):
    """Brackets in brackets, thousands of them, are a wrong body and no error of ours."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error


def _only(data: Any, *kinds: type) -> Any:
    """What is of another type becomes None, which no field takes."""
    return data if type(data) in kinds else None


class Text(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(_only(data, str))


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(_only(data, str))


class Whole(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        return super().to_internal_value(_only(data, int, float))


class Number(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        return super().to_internal_value(_only(data, int, float))


class Flag(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        return bool(super().to_internal_value(_only(data, bool)))
