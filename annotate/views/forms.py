"""What people type into this room's pages."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from annotate.formats.outlines import WIDEST
from annotate.models import Review
from annotate.services.import_export.options import (
    ALL,
    FORM_CHOICES,
    NEWEST,
    Options,
    classes_of,
)
from annotate.services.reviews import ELSEWHERE, START
from config.errors import Refused
from photos.masks.classes import CLASSES, DAMAGE_FROM

MOST_TICKED = 500


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more files; answers a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class ImportForm(forms.Form):
    scans = ManyFilesField(
        label="Photos",
        help_text="JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF. "
        "Originals are kept byte for byte.",
    )
    album = forms.CharField(
        max_length=120,
        required=False,
        help_text="Photos of one album never end up on both sides of a training split.",
    )
    source = forms.CharField(max_length=300, required=False)
    licence = forms.CharField(max_length=120, required=False)
    wants_mask = forms.BooleanField(label="Ask assessors for a mask", required=False, initial=True)
    training_allowed = forms.BooleanField(
        label="May be used for training", required=False, initial=True
    )

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "scans"}

    def uploads(self) -> list[UploadedFile]:
        return list(self.cleaned_data["scans"])


class PhotosForm(forms.Form):
    """What holds for all photos of a folder or a ZIP."""

    albums = forms.BooleanField(label="Folders become albums", required=False, initial=True)
    album = forms.CharField(
        max_length=120,
        required=False,
        help_text="For what lies in no folder; for all where folders do not become albums.",
    )
    source = forms.CharField(max_length=300, required=False)
    licence = forms.CharField(max_length=120, required=False)
    wants_mask = forms.BooleanField(label="Ask assessors for a mask", required=False)
    training_allowed = forms.BooleanField(
        label="May be used for training", required=False, initial=True
    )


class LabellingForm(forms.Form):
    """Whether and how urgently a photo is painted."""

    wants_mask = forms.BooleanField(label="Ask assessors for a mask", required=False)
    priority = forms.FloatField(
        min_value=0, max_value=1000, help_text="Higher comes first; equal ones by age."
    )
    masks_wanted = forms.IntegerField(
        label="Masks wanted",
        min_value=1,
        max_value=5,
        help_text="More than one measures how far assessors agree.",
    )


class MaskImportForm(forms.Form):
    """How a picture of one class becomes a mask."""

    file = forms.FileField(label="PNG of the photo's size, white where the damage is")
    defect = forms.ChoiceField(
        label="Class", choices=[(name, name) for name in CLASSES], initial="fracture"
    )
    threshold = forms.IntegerField(
        min_value=1,
        max_value=255,
        initial=DAMAGE_FROM,
        required=False,
        help_text="Of 255: levels from here up are damage. Soft edges grow with a low one.",
    )
    as_stored = forms.BooleanField(
        label="Drawn on the file before it was turned upright",
        required=False,
        help_text="For tools that ignore the EXIF orientation.",
    )

    def clean_threshold(self) -> int:
        return int(self.cleaned_data["threshold"] or DAMAGE_FROM)

    def file_and_options(self) -> tuple[UploadedFile, dict[str, Any]]:
        how = dict(self.cleaned_data)
        return how.pop("file"), how


class MasksImportForm(MaskImportForm):
    """A whole file of another tool."""

    file = forms.FileField(label="File", help_text="One file of the tool, or a ZIP of several.")
    kind = forms.ChoiceField(label="Form", choices=FORM_CHOICES)
    defect = forms.ChoiceField(
        label="Class of pictures",
        choices=[(name, name) for name in CLASSES],
        initial="fracture",
        help_text="Where their names tell none.",
    )
    classes = forms.CharField(
        label="Names of classes",
        max_length=2000,
        required=False,
        help_text="Where the file calls them otherwise: crack=fracture, dust=scuff.",
    )
    line_width = forms.FloatField(
        label="Width of lines in pixels",
        min_value=0.1,
        max_value=WIDEST,
        required=False,
        help_text="For cracks drawn as lines. Without it they are not read.",
    )
    annotations = forms.ChoiceField(
        label="Several annotations of a photo (Label Studio)",
        choices=[(NEWEST, "The newest"), (ALL, "All, as masks of their own")],
        required=False,
    )
    skip_unknown = forms.BooleanField(
        label="Skip what is unknown and take the rest", required=False
    )
    empty_is_undamaged = forms.BooleanField(
        label="A photo without shapes has no damage",
        required=False,
        help_text="Else it counts as not annotated.",
    )
    any_folder = forms.BooleanField(
        label="Leave folders out of the comparison",
        required=False,
        help_text="They then only tell apart photos of one name.",
    )
    as_starts = forms.BooleanField(label="As drafts that painters begin with", required=False)
    accepted = forms.BooleanField(label="Accepted elsewhere", required=False)
    because = forms.CharField(label="Why accepted", max_length=300, required=False)
    ALWAYS = ("file", "kind", "classes", "line_width", "empty_is_undamaged", "skip_unknown")
    field_order = (
        *ALWAYS,
        *("defect", "threshold", "annotations", "as_stored", "any_folder", "as_starts"),
        *("accepted", "because"),
    )

    @property
    def shown(self) -> list[forms.BoundField]:
        """What every import asks."""
        return [field for field in self if field.name in self.ALWAYS]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What few imports need, for some forms of file or some people alone."""
        return [field for field in self if field.name not in self.ALWAYS]

    @property
    def opened(self) -> bool:
        """A refused choice is not hidden."""
        return any(field.errors for field in self.folded)

    def clean_classes(self) -> dict[str, str]:
        try:
            return classes_of(self.cleaned_data["classes"])
        except Refused as reason:
            raise forms.ValidationError(str(reason)) from reason

    def clean_annotations(self) -> str:
        return self.cleaned_data["annotations"] or NEWEST

    def options(self) -> Options:
        said = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return Options(**said)


class ExportForm(forms.Form):
    kind = forms.ChoiceField(label="Form", choices=FORM_CHOICES)
    album = forms.CharField(max_length=120, required=False, help_text="All albums when empty.")
    pictures = forms.BooleanField(label="With the photographs", required=False)

    def which(self) -> dict[str, Any]:
        album = self.cleaned_data["album"]
        return {"photo__album": album} if album else {}


class ManyForm(forms.Form):
    """Masks ticked in a list, as `ID:revision`, and what is said of all of them."""

    verdict = forms.ChoiceField(
        choices=[*Review.Verdict.choices, (START, "a start"), (ELSEWHERE, "accepted elsewhere")]
    )
    comment = forms.CharField(max_length=4000, required=False)
    of_import = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or {})
        ticked = self.data.getlist("mask") if isinstance(self.data, QueryDict) else []
        try:
            pairs = [(UUID(number), int(revision)) for number, revision in map(_halves, ticked)]
        except ValueError as error:
            raise forms.ValidationError("The choice could not be read.") from error
        if not 0 < len(pairs) <= MOST_TICKED:
            raise forms.ValidationError(f"Tick 1 to {MOST_TICKED} masks.")
        return said | {"masks": pairs, "of_import": said.get("of_import") or ""}


def _halves(text: str) -> tuple[str, str]:
    number, _, revision = text.partition(":")
    return number, revision


class ReviewForm(forms.Form):
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=Review.Verdict.choices)
    comment = forms.CharField(
        max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    marks = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)

    def clean_marks(self) -> list[dict[str, Any]]:
        """Points on the photo with a word each; anything else is dropped."""
        try:
            said = json.loads(self.cleaned_data["marks"] or "[]")
            return [
                {"x": int(mark["x"]), "y": int(mark["y"]), "word": str(mark["word"])[:200]}
                for mark in said[:200]
            ]
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise forms.ValidationError("The marks on the photo could not be read.") from error
