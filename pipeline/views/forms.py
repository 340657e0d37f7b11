"""The visitor's forms: photographs and choices, what went wrong, what may be shown."""

import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from config.errors import Refused
from pipeline.imageio import upload_checks
from pipeline.models import Reason
from pipeline.models.tone_choice import ToneChoice, tone_choice
from pipeline.services import aliases
from pipeline.services.feedback import MAX_MARKS

MAX_FILES_PER_UPLOAD = 20
TURNED = {0: "as scanned", 90: "a quarter right", 180: "upside down", 270: "a quarter left"}
FARTHEST = 100_000  # px: no photo has longer sides


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files; each is checked, and each refusal names its file."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not files:
            raise forms.ValidationError("Choose at least one photograph.")
        if len(files) > MAX_FILES_PER_UPLOAD:
            raise forms.ValidationError(f"Send at most {MAX_FILES_PER_UPLOAD} photographs at once.")
        problems = [said for said in map(self._problem, files) if said]
        if problems:
            raise forms.ValidationError(problems)
        return list(files)

    def _problem(self, file: UploadedFile) -> str:
        try:
            upload_checks.check(file)
        except upload_checks.BadUpload as reason:
            return f"{file.name}: {reason}"
        return ""


class VariantForm(forms.Form):
    """The choices that change the pictures."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(aliases.choices(data), *args, **kwargs)

    strength = forms.FloatField(
        min_value=0,
        max_value=1,
        initial=0.5,
        required=False,
        label="How readily to repair",
        help_text="Further right repairs more, and may repair what is not broken.",
        widget=forms.NumberInput(attrs={"type": "range", "step": "0.05", "min": 0, "max": 1}),
    )
    careful = forms.BooleanField(
        required=False,
        label="Look twice, for about twice the time",
        help_text="Every part is also looked at turned by a quarter. Finds more of the damage, "
        "above all on prints.",
    )

    colourise = forms.BooleanField(
        required=False,
        label="Colour it even if it is in colour",
        help_text="Photographs that are in colour keep their own unless you ask.",
    )

    def clean_strength(self) -> float:
        strength = self.cleaned_data.get("strength")
        return 0.5 if strength is None else float(strength)

    def choices(self) -> dict[str, Any]:
        """What services.restore_later takes beside the file."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "photos"}


class ToneForm(forms.Form):
    """Further pictures with fading and casts taken back."""

    tones = forms.CharField(required=False, max_length=20)
    keep_sepia = forms.BooleanField(required=False, label="Keep a sepia tint")

    def clean_tones(self) -> ToneChoice:
        try:
            return tone_choice(self.cleaned_data["tones"])
        except Refused as reason:
            raise forms.ValidationError(str(reason)) from reason


class RestoreForm(ToneForm, VariantForm):
    photos = PhotosField(label="Photographs")
    rotate = forms.TypedChoiceField(
        choices=list(TURNED.items()),
        coerce=int,
        empty_value=None,
        required=False,
        label="Turn",
    )
    crop = forms.BooleanField(required=False, label="Straighten and crop to the print")
    negative = forms.ChoiceField(
        choices=[("", "no"), ("bw", "black and white"), ("colour", "colour")],
        required=False,
        label="These are film negatives",
    )
    training_allowed = forms.BooleanField(
        required=False,
        label="The lab may learn from these photographs",
        help_text=(
            "Its staff may then see them and mark their damage, and networks may be trained on "
            "them. Without your leave nobody looks at them. You can take it back at any time."
        ),
    )

    def clean_rotate(self) -> int:
        return int(self.cleaned_data.get("rotate") or 0)


class FeedbackForm(forms.Form):
    """What went wrong: reasons, words, places on the photo."""

    reasons = forms.MultipleChoiceField(choices=Reason.choices, required=False)
    text = forms.CharField(max_length=2000, required=False)
    marks = forms.CharField(max_length=20_000, required=False)
    training_allowed = forms.BooleanField(required=False)

    def clean_marks(self) -> list[dict[str, Any]]:
        """Points as the page draws them: [{"x": 12, "y": 40}, …] in the photo's pixels."""
        try:
            said = json.loads(self.cleaned_data["marks"] or "[]")
            points = [(int(each["x"]), int(each["y"])) for each in said[:MAX_MARKS]]
            if any(not 0 <= side < FARTHEST for point in points for side in point):
                raise ValueError
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise forms.ValidationError("The marks are not points on the photograph.") from error
        return [{"x": x, "y": y, "word": "its owner means this"} for x, y in points]


class ShowForm(forms.Form):
    """Leave to hang a restoration in the gallery."""

    caption = forms.CharField(max_length=200, required=False)
