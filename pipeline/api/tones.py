"""Tones over the REST API: the fields that ask for them, and what is told of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from config.errors import Refused
from pipeline.models import Rendition, Restoration
from pipeline.models.tone_choice import WRONG, ToneChoice, tone_choice
from pipeline.services.adjusting import tones

KINDS = [f"{kind}{tones.SUFFIX}" for kind in Rendition.Kind.values if kind != "mask"]


@extend_schema_field({"type": "string", "pattern": r"^(off|auto|0(\.[0-9]+)?|1(\.0+)?)$"})
class ToneField(serializers.Field):
    """“off”, “auto” or a number from 0 to 1."""

    def to_internal_value(self, data: Any) -> ToneChoice:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            raise serializers.ValidationError(f"{WRONG}.")
        try:
            return tone_choice(str(data))
        except Refused as reason:
            raise serializers.ValidationError(str(reason)) from reason

    def to_representation(self, value: ToneChoice) -> str:
        return "off" if value is None else str(value)


class ToneChoiceSerializer(serializers.Serializer):
    """How far fading and casts are taken back, in further pictures."""

    tones = ToneField(
        required=False,
        help_text="Further pictures with fading and casts taken back: off (as without it), auto "
        "(as far as the photograph calls for) or a strength from 0 to 1.",
    )
    keep_sepia = serializers.BooleanField(
        required=False, help_text="A grey print keeps its tint in those."
    )


class TonedFileSerializer(serializers.Serializer):
    """A picture with its tones, beside the untouched one."""

    kind = serializers.CharField()
    png = serializers.URLField()
    jpeg = serializers.URLField()
    tiff = serializers.URLField()


class TonesSerializer(serializers.Serializer):
    """What was measured, what was asked, and the further pictures. Levels of 255."""

    asked = serializers.CharField(help_text="off, auto or a strength.")
    keep_sepia = serializers.BooleanField()
    strength = serializers.FloatField(help_text="That was applied; 0: nothing would change.")
    fine = serializers.BooleanField(help_text="auto leaves this photograph to the bit.")
    faded = serializers.FloatField(help_text="The strength that its black and white call for.")
    tinted = serializers.FloatField(help_text="The strength that a grey print's tint calls for.")
    grey = serializers.BooleanField(help_text="A print in black and white, whatever its tint.")
    black = serializers.FloatField()
    white = serializers.FloatField()
    tint = serializers.FloatField(help_text="Mean chroma of a grey print.")
    files = TonedFileSerializer(many=True)


def told(row: Restoration, request: Request | None) -> dict[str, Any] | None:
    """What TonesSerializer describes; None until it is known."""
    known = tones.told(row)
    if known is None:
        return None
    asked = "off" if known["asked"] is None else str(known["asked"])
    files = [_files(row, made, request) for made, _ in tones.pictures(row)]
    return {**known, "asked": asked, "files": files}


def _files(row: Restoration, made: Rendition, request: Request | None) -> dict[str, str]:
    kind = f"{made.kind}{tones.SUFFIX}"
    forms = {"png": "png", "jpeg": "jpg", "tiff": "tif"}
    return {"kind": kind} | {
        name: reverse("api_restoration_file", args=[row.token, kind, form], request=request)
        for name, form in forms.items()
    }
