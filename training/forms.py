"""What people type on the training pages."""

from typing import Any

from django import forms

from training import recipes
from training.models import DatasetSnapshot, ModelVersion


class FreezeForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="How the list calls it.")
    validation_share = forms.FloatField(
        label="Held out for validation",
        min_value=0,
        max_value=0.5,
        initial=0.2,
        help_text="Share of the photos, 0 to 0.5. Albums are never split.",
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        initial=0,
        help_text="Decides which albums are held out; the same seed decides the same way.",
    )
    include_clean = forms.BooleanField(
        required=False,
        initial=True,
        label="Take undamaged photos too",
        help_text="Grounds for synthetic damage; only these teach inpainting and colour.",
    )


class RunForm(forms.Form):
    """One stage's form; its recipes are the presets of that stage."""

    recipe = forms.ChoiceField(widget=forms.RadioSelect)
    snapshot = forms.ModelChoiceField(
        DatasetSnapshot.objects.all(), empty_label=None, help_text="What it learns from."
    )
    parent = forms.ModelChoiceField(
        ModelVersion.objects.none(),
        required=False,
        label="Start from",
        empty_label="random weights",
        help_text="Weights of the same network to go on from.",
    )
    images = forms.IntegerField(
        required=False,
        min_value=8,
        max_value=10_000_000,
        label="Pictures to see",
        help_text="Empty: as many as the recipe says.",
    )
    seed = forms.IntegerField(min_value=0, max_value=2**31 - 1, initial=0)

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        choices = recipes.choices(stage)
        self.fields["recipe"].choices = choices  # type: ignore[attr-defined]
        self.fields["recipe"].initial = "lite" if "lite" in dict(choices) else choices[0][0]
        versions = ModelVersion.objects.with_weights().filter(stage=stage)
        self.fields["parent"].queryset = versions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "recipe" in values:
            chosen = recipes.preset(self.stage, values["recipe"])
            try:
                changes = {"images": values["images"]} if values.get("images") else {}
                values["recipe"] = recipes.changed(chosen, **changes)
            except recipes.RecipeError as error:
                self.add_error("images", str(error))
        return values


class PromoteForm(forms.Form):
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One sentence; it stays on the production page for good.",
    )
