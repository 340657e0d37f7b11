"""What the API takes; serializers validate, they never save."""

from typing import Any

from rest_framework import serializers

from config.web.strict_fields import Number, Whole
from photos.decoding.asked import TURNS
from photos.decoding.scanner.frames import Frame
from photos.decoding.scanner.negatives import KINDS as NEGATIVES
from photos.masks.classes import BITS
from pipeline.api.tones import ToneChoiceSerializer
from pipeline.services import aliases
from pipeline.services.adjusting.colour_strokes import MOST_POINTS, MOST_STROKES


class FrameText(serializers.CharField):
    """ANGLE,X,Y,WIDTH,HEIGHT, as the command takes it."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return Frame.parsed(text).said() if text else None
        except ValueError as reason:
            raise serializers.ValidationError(str(reason)) from reason


class ChoicesSerializer(ToneChoiceSerializer):
    """How to restore a photograph, however it is sent."""

    strength = serializers.FloatField(
        min_value=0,
        max_value=1,
        default=0.5,
        help_text="How readily something counts as damage; 0.5 is the calibrated cut.",
    )
    careful = serializers.BooleanField(
        default=False,
        help_text="Look at every part twice, upright and turned by a quarter: about twice the "
        "time. Finds more of the damage, above all on prints.",
    )
    colourise = serializers.BooleanField(
        default=False,
        help_text="Colour it even if it is in colour already; such results are skipped else.",
    )
    grain = serializers.BooleanField(
        default=True,
        help_text="Give what is filled the grain of its surroundings; off leaves it smooth.",
    )
    salvage = serializers.BooleanField(
        default=False,
        help_text="Use what is there of a file that ends too early; the rest stays blank.",
    )
    rotate = serializers.ChoiceField(
        choices=TURNS, default=0, help_text="Degrees clockwise by which the scan is turned."
    )
    crop = serializers.BooleanField(
        default=False,
        help_text="Straighten and crop to the print, where one stands out from the bed.",
    )
    frame = FrameText(
        required=False,
        allow_blank=True,
        help_text="Straighten and crop to this frame instead: ANGLE,X,Y,WIDTH,HEIGHT; degrees "
        "clockwise, then its left, top, width and height in parts of the scan's sides.",
    )
    negative = serializers.ChoiceField(
        choices=["", *NEGATIVES],
        default="",
        help_text="A film negative is made positive by its own base: bw or colour.",
    )
    training_allowed = serializers.BooleanField(
        default=False, help_text="The lab may learn from this photograph until it is deleted."
    )

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(aliases.choices(data))


class UploadSerializer(ChoicesSerializer):
    """One photograph and how to restore it."""

    photo = serializers.FileField(
        help_text="JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF."
    )


class MaskFileSerializer(serializers.Serializer[Any]):
    """A mask in place of the one that was found."""

    mask = serializers.FileField(
        allow_empty_file=True,  # refused in the words of the page
        help_text="PNG, TIFF or WebP; white is damage. Of the photograph's size or an exact "
        "fraction or multiple of it.",
    )
    defect = serializers.ChoiceField(
        choices=list(BITS),
        default="fracture",
        help_text="What white stands for; a mask with classes of its own keeps them.",
    )


class AnswerSerializer(serializers.Serializer):
    """Yes (true) fills what a question is about, no leaves it. A later answer replaces it."""

    id = serializers.CharField(max_length=40)
    answer = serializers.BooleanField()


class RestoreSerializer(serializers.Serializer):
    restore = serializers.BooleanField(
        default=True, help_text="Make the next version now; false only keeps the answers."
    )


class OneAnswerSerializer(AnswerSerializer, RestoreSerializer):
    """One answer."""


class SeveralAnswersSerializer(RestoreSerializer):
    """Several answers at once."""

    answers = serializers.ListField(child=AnswerSerializer(), min_length=1, max_length=200)


class StrokeSerializer(serializers.Serializer[Any]):
    """A line of colour, in the photograph's pixels."""

    points = serializers.ListField(
        child=serializers.ListField(child=Number(min_value=0), min_length=2, max_length=2),
        min_length=1,
        max_length=MOST_POINTS,
        help_text="[x, y] each; one is a dot.",
    )
    width = Number(help_text="Above 0, at most the longer side.")
    colour = serializers.ListField(
        child=Whole(min_value=0, max_value=255),
        min_length=3,
        max_length=3,
        allow_null=True,
        help_text="[red, green, blue] in sRGB, of which the chroma counts; null keeps what is "
        "there.",
    )


class StrokesSerializer(serializers.Serializer[Any]):
    """All strokes of colour of a version; a later one lies over an earlier one."""

    strokes = serializers.ListField(child=StrokeSerializer(), max_length=MOST_STROKES)
