"""The form that plans a study."""

from typing import Any

from django import forms
from django.http import QueryDict

from evaluation.models import Study
from evaluation.services.baselines import rivals
from evaluation.services.categories import BY_FACES
from evaluation.statistics.strata import UNNAMED
from evaluation.views.photo_choices import MAX_PHOTOS, NONE, TAKE, PhotoChoices, choosable
from photos.models import Photo
from training.models import ModelVersion, Promotion, Stage

VOTABLE = [
    (Stage.INPAINTING, "Filling: which damage is repaired best?"),
    (Stage.COLORIZATION, "Colour: which picture is coloured best?"),
    (Stage.SEGMENTATION, "Finding: whose marks, filled by production, give the best picture?"),
]


FREE = "free"  # the stage of a free study in addresses
STAGES = [*VOTABLE, (FREE, "Free: which set of pictures is best?")]


class RivalForm(forms.Form):
    """A set of pictures made elsewhere."""

    name = forms.CharField(
        max_length=80, help_text="The same name again replaces the pictures of that rival."
    )
    title = forms.CharField(
        max_length=120, required=False, help_text="What results call it; empty: its name."
    )
    maker = forms.CharField(max_length=200, required=False)
    licence = forms.CharField(max_length=120, required=False)
    source = forms.CharField(
        max_length=300, required=False, label="Comes from", help_text="An address or a sentence."
    )
    pictures = forms.FileField(
        label="ZIP of pictures",
        help_text="Each file is named like its photo. Of equal size, or a whole factor larger or"
        " smaller; cropped or shifted by at most 16 px.",
    )


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
    takes_files = forms.BooleanField(
        required=False,
        label="Pictures made elsewhere stand in it too",
        help_text="You add them to the draft, a ZIP for each rival.",
    )
    photos = forms.ModelMultipleChoiceField(
        queryset=Photo.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Sixty or more keep a voter from meeting the same photo often.",
        error_messages={"required": "A study needs at least one photo."},
    )
    ballot_size = forms.TypedChoiceField(
        coerce=int,
        initial=2,
        required=False,
        empty_value="2",
        label="Pictures on a ballot",
        choices=[(2, "2: pairs"), *[(n, f"{n}: the best of {n}") for n in range(3, 7)]],
        help_text="Pairs settle a close race; the best of many cuts a field of six quickly.",
    )
    training = forms.BooleanField(
        required=False,
        initial=True,
        label="Voters practise first",
        help_text="Eight pairs with an answer; seven right to go on.",
    )
    weights = forms.CharField(
        required=False,
        label="Weights of categories",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, as portraits: 2. Albums are the categories, or name with faces"
        " and without faces. Empty: every photo counts alike.",
    )
    cap = forms.IntegerField(
        min_value=10,
        max_value=100_000,
        initial=1500,
        label="Most votes",
        help_text="After so many votes without a decision there is no clear difference.",
    )

    def clean_ballot_size(self) -> int:
        return int(self.cleaned_data["ballot_size"])

    def clean_weights(self) -> dict[str, float]:
        """Category to weight, from lines of name: number."""
        found: dict[str, float] = {}
        for line in filter(str.strip, self.cleaned_data["weights"].splitlines()):
            name, _, number = line.rpartition(":")
            try:
                found[name.strip()] = float(number)
            except ValueError as error:
                raise forms.ValidationError(f"{line!r} is not a category: a number.") from error
            if not name.strip() or not 0 <= found[name.strip()] < 1e6:
                raise forms.ValidationError(f"{line!r} is not a category: a number from 0.")
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data.setdefault("versions", ModelVersion.objects.none())
        if data.get("takes_files"):
            self.errors.pop("versions", None)
        photos, weights = data.get("photos"), data.get("weights") or {}
        known = {p.album or UNNAMED for p in photos} if photos is not None else set()
        if BY_FACES.issuperset(weights):
            return data
        if photos is not None and (unknown := sorted(set(weights) - known)):
            said = ", ".join(sorted(known))
            self.add_error("weights", f"No photo is in {', '.join(unknown)}; there is {said}.")
        return data

    def clean_photos(self) -> Any:
        photos = self.cleaned_data["photos"]
        if photos.count() > MAX_PHOTOS:
            raise forms.ValidationError(f"A study takes {MAX_PHOTOS} photos at most.")
        return photos

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        self.fields["photos"].queryset = choosable()  # type: ignore[attr-defined]
        self.offer()
        self.fields["photos"].widget.attrs["data-many"] = "photos"
        if not stage:
            del self.fields["versions"], self.fields["takes_files"]
            return
        rivals(stage)
        versions = ModelVersion.objects.usable().filter(stage=stage).order_by("builtin", "name")
        self.fields["versions"].queryset = versions  # type: ignore[attr-defined]
        current = Promotion.objects.current(stage)
        if current is not None:
            self.fields["versions"].initial = [current.version_id]

    def offer(self) -> None:
        """The choices of the photos: not all of a library."""
        shown = self.initial.get("photos", [])
        ticked = self.data.getlist("photos") if isinstance(self.data, QueryDict) else shown
        given = self.data if self.is_bound else self.initial
        self.offered = PhotoChoices(given, ticked, self.stage)
        self.fields["photos"].choices = self.offered.choices  # type: ignore[attr-defined]


def as_sent(sent: QueryDict, stage: str) -> dict[str, Any]:
    """What a form that only looks for photos was filled with, to be shown again as it was."""
    kept: dict[str, Any] = {name: sent.get(name) for name in sent}
    kept |= {name: sent.getlist(name) for name in ("versions", "photos")}
    kept["training"] = "training" in sent
    if TAKE in sent:
        kept["photos"] = PhotoChoices(sent, kept["photos"], stage).all()
    if NONE in sent:
        kept["photos"] = []
    return kept


def initial_of(study: Study) -> dict[str, Any]:
    """A draft as the form shows it."""
    lines = [f"{name}: {weight:g}" for name, weight in study.weights.items()]
    return {
        "question": study.question,
        "versions": list(
            study.candidates.exclude(version=None).values_list("version_id", flat=True)
        ),
        "takes_files": study.takes_files,
        "photos": list(study.photos.values_list("pk", flat=True)),
        "ballot_size": study.ballot_size,
        "training": study.training,
        "weights": "\n".join(lines),
        "cap": study.cap,
    }
