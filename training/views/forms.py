"""What people type on the training pages."""

from typing import Any

from django import forms
from django.conf import settings

from training import recipes
from training.models import DatasetSnapshot, ModelVersion
from training.services import encoder_files


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
    encoder = forms.ChoiceField(
        required=False,
        label="Encoder from",
        help_text="Published weights brought in with manage.py import_encoder; left empty, those "
        "that the recipe names are taken where they are.",
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
        versions = ModelVersion.objects.trainable().filter(stage=stage)
        self.fields["parent"].queryset = versions  # type: ignore[attr-defined]
        self.imported = {e.kind: e for e in encoder_files.kept(settings.ENCODERS_ROOT)}
        self.encoders = {kind: e for kind, e in self._encoders().items() if "vgg" not in kind}
        if self.encoders:
            named = [(kind, f"{kind} ({e.source})") for kind, e in self.encoders.items()]
            self.fields["encoder"].choices = [("", "as the recipe says"), *named]  # type: ignore[attr-defined]
        else:
            del self.fields["encoder"]

    def _encoders(self) -> dict[str, encoder_files.Encoder]:
        if self.stage == "inpainting":  # its networks have no encoder that others published
            return {}
        return self.imported

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "recipe" in values:
            chosen = recipes.preset(self.stage, values["recipe"])
            try:
                changes = {"images": values["images"]} if values.get("images") else {}
                changes |= self._encoder(chosen, values)
                if values.get("parent") and "encoder" not in changes:
                    changes["encoder"] = None  # the version brings its own
                files = {kind: str(encoder.path) for kind, encoder in self.imported.items()}
                values["recipe"] = recipes.with_files(recipes.changed(chosen, **changes), files)
            except recipes.RecipeError as error:
                self.add_error("images", str(error))
        return values

    def _encoder(self, recipe: recipes.Recipe, values: dict[str, Any]) -> dict[str, Any]:
        """The change to the recipe, where an encoder was chosen and fits."""
        kind = values.get("encoder")
        if not kind:
            return {}
        takes = recipes.encoder_kind(recipe)
        if values.get("parent"):
            self.add_error("encoder", "Start from a version or from an encoder, not from both.")
        elif kind != takes:
            wants = takes or "none that others published"
            self.add_error("encoder", f"{recipe.name} takes {wants}, not {kind}.")
        return {"encoder": str(self.encoders[kind].path)}


class PromoteForm(forms.Form):
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One sentence; it stays on the production page for good.",
    )
