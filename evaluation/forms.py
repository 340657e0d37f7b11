"""The form that plans a study."""

from typing import Any

from django import forms

from annotate.models import Origin, Photo
from evaluation.rivals import rivals
from training.models import ModelVersion, Promotion, Stage

VOTABLE = [
    (Stage.INPAINTING, "Filling: which damage is repaired best?"),
    (Stage.COLORIZATION, "Colour: which picture is coloured best?"),
]


class StudyForm(forms.Form):
    """Candidates are offered for one stage; what runs in production always stands."""

    question = forms.CharField(
        max_length=200,
        initial="Which picture would you hand to the family?",
        help_text="Voters read it. It must not name a candidate.",
    )
    versions = forms.ModelMultipleChoiceField(
        queryset=ModelVersion.objects.none(),
        label="Candidates",
        widget=forms.CheckboxSelectMultiple,
        help_text="Two to eight. Methods without learning are honest yardsticks.",
        error_messages={"required": "A study needs at least two candidates to compare."},
    )
    photos = forms.ModelMultipleChoiceField(
        queryset=Photo.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Sixty or more keep a voter from meeting the same photo often.",
        error_messages={"required": "A study needs at least one photo."},
    )
    cap = forms.IntegerField(
        min_value=10,
        max_value=100_000,
        initial=1500,
        label="Most votes",
        help_text="After so many votes without a decision there is no clear difference.",
    )

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        rivals(stage)
        versions = ModelVersion.objects.usable().filter(stage=stage).order_by("builtin", "name")
        self.fields["versions"].queryset = versions  # type: ignore[attr-defined]
        self.fields["photos"].queryset = (  # type: ignore[attr-defined]
            Photo.objects.ready().exclude(origin=Origin.VISITOR).order_by("title")
        )
        current = Promotion.objects.current(stage)
        if current is not None:
            self.fields["versions"].initial = [current.version_id]
