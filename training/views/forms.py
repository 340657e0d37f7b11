"""What people type on the training pages."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator

from training import recipes
from training.models import DatasetSnapshot, Evaluation, ModelVersion
from training.recipes.changes import lines_of, with_changes
from training.recipes.published import KINDS as PUBLISHED
from training.services import encoder_files
from training.services.training_process import visible_cards

SIZES = ("images", "batch")


def refuse_path(line: str) -> None:
    """Files are what an operator imported: pages and programs name them by kind."""
    name, _, text = line.partition("=")
    word = text.strip().strip('"')
    if name.strip() in ("encoder", "features") and word not in (*PUBLISHED, "package", "null"):
        raise recipes.RecipeError(f"{line}: one of {', '.join(PUBLISHED)}, package or null")


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
    batch = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=4096,
        label="Crops a step",
        help_text="Over all cards. Empty: as the recipe says.",
    )
    features = forms.ChoiceField(
        required=False,
        label="Features from",
        help_text="For the perceptual and style terms, where their weights are above 0.",
    )
    cards = forms.IntegerField(
        required=False, min_value=1, label="Cards", help_text="Empty: every one that there is."
    )
    seed = forms.IntegerField(min_value=0, max_value=2**31 - 1, initial=0)
    changes = forms.CharField(
        required=False,
        max_length=4000,
        label="Any other choice",
        help_text="FIELD=VALUE, a line each, such as learning_rate=0.0005. What the recipe says "
        "of each field stands below.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}),
    )

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
        self._offer_features()
        self._offer_cards(visible_cards() if settings.TRAIN_DEVICE == "cuda" else 0)

    def _offer_features(self) -> None:
        kinds = [kind for kind in self.imported if "vgg" in kind]
        if not kinds or self.stage == "segmentation":  # which has no such terms
            del self.fields["features"]
            return
        named = [(kind, f"{kind} ({self.imported[kind].source})") for kind in kinds]
        self.fields["features"].choices = [("", "as the recipe says"), *named]  # type: ignore[attr-defined]

    def _offer_cards(self, count: int) -> None:
        if count < 2:
            del self.fields["cards"]
            return
        self.fields["cards"].max_value = count  # type: ignore[attr-defined]
        self.fields["cards"].validators.append(MaxValueValidator(count))

    def _encoders(self) -> dict[str, encoder_files.Encoder]:
        if self.stage == "inpainting":  # its networks have no encoder that others published
            return {}
        return self.imported

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "recipe" in values:
            try:
                values["recipe"] = self._recipe(values)
            except recipes.RecipeError as error:
                text = str(error)
                self.add_error(next((f for f in SIZES if text.startswith(f)), "changes"), text)
        return values

    def _recipe(self, values: dict[str, Any]) -> recipes.Recipe:
        """The preset with the fields' choices, then with the lines that were typed."""
        chosen = recipes.preset(self.stage, values["recipe"])
        changes = {name: values[name] for name in SIZES if values.get(name)}
        changes |= self._encoder(chosen, values)
        if values.get("parent") and "encoder" not in changes:
            changes["encoder"] = None  # the version brings its own
        if values.get("features"):
            changes["features"] = str(self.imported[values["features"]].path)
        files = {kind: str(encoder.path) for kind, encoder in self.imported.items()}
        lines = lines_of(values.get("changes") or "")
        for line in lines:
            refuse_path(line)
        # All at once: a batch and its parts may only fit each other.
        made = with_changes(chosen, [*(f"{k}={json.dumps(v)}" for k, v in changes.items()), *lines],
                            said_as="")  # fmt: skip
        return recipes.with_files(made, files)

    def differences(self) -> list[tuple[str, Any, Any]]:
        """(field, as the preset has it, as asked for) of a form that was cleaned."""
        made = self.cleaned_data.get("recipe")
        if not isinstance(made, recipes.Recipe):
            return []
        before, after = recipes.preset(self.stage, made.name).to_json(), made.to_json()
        return [(name, before[name], after[name]) for name in after if before[name] != after[name]]

    def choices_of_presets(self) -> list[tuple[str, list[Any]]]:
        """(field, its value in each preset of the stage), as the page lists them."""
        found = [recipe.to_json() for recipe in recipes.PRESETS[self.stage].values()]  # type: ignore[index]
        left = ("name", "description", "stage")
        return [(name, [one[name] for one in found]) for name in found[0] if name not in left]

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


class MeasureForm(forms.Form):
    """Which versions of a stage are measured, and on what."""

    snapshot = forms.ModelChoiceField(DatasetSnapshot.objects.all(), empty_label=None)
    part = forms.ChoiceField(choices=Evaluation.Part, label="Of it")
    versions = forms.ModelMultipleChoiceField(
        ModelVersion.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ModelVersion.objects.filter(stage=stage)
        self.fields["versions"].queryset = rows  # type: ignore[attr-defined]


class PromoteForm(forms.Form):
    reason = forms.CharField(
        min_length=10,
        max_length=1000,
        error_messages={"min_length": "Say it in a sentence, of 10 letters or more."},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One sentence; it stays on the production page for good.",
    )
