"""The visitor's form: photographs and the two choices that change the result."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from pipeline import uploads

MOST = 20


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files; each is checked, and each refusal names its file."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not files:
            raise forms.ValidationError("Choose at least one photograph.")
        if len(files) > MOST:
            raise forms.ValidationError(f"Send at most {MOST} photographs at once.")
        problems = [said for said in map(self._problem, files) if said]
        if problems:
            raise forms.ValidationError(problems)
        return list(files)

    def _problem(self, file: UploadedFile) -> str:
        try:
            uploads.check(file)
        except uploads.BadUpload as reason:
            return f"{file.name}: {reason}"
        return ""


class VariantForm(forms.Form):
    """The choices that change the pictures."""

    strength = forms.FloatField(
        min_value=0,
        max_value=1,
        initial=0.5,
        required=False,
        label="How readily to repair",
        help_text="Further right repairs more, and may repair what is not broken.",
        widget=forms.NumberInput(attrs={"type": "range", "step": "0.05", "min": 0, "max": 1}),
    )
    mirrors = forms.BooleanField(
        required=False,
        label="Look four times as carefully",
        help_text="Slower: every part is also looked at in its mirror images.",
    )

    def clean_strength(self) -> float:
        strength = self.cleaned_data.get("strength")
        return 0.5 if strength is None else float(strength)

    def choices(self) -> dict[str, Any]:
        """What services.restore_later takes beside the file."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "photos"}


class RestoreForm(VariantForm):
    photos = PhotosField(label="Photographs")
    training_allowed = forms.BooleanField(
        required=False,
        label="The lab may learn from this photograph",
        help_text="Only with your leave, and until you delete it.",
    )
