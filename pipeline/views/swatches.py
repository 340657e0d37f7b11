"""The lab's own named colours: an admin lists, adds, changes and removes them."""

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from config.asking import Question, asks
from config.errors import Refused
from config.web.roles import needs
from pipeline.models import LabSwatch
from pipeline.services.adjusting import colour_swatches

if TYPE_CHECKING:
    OfSwatches = forms.ModelForm[LabSwatch]
else:
    OfSwatches = forms.ModelForm  # knows no arguments while it runs


class SwatchForm(OfSwatches):
    class Meta:
        model = LabSwatch
        fields = ("group", "name", "rgb", "source", "exact")
        widgets = {
            "group": forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
            "rgb": forms.TextInput(attrs={"type": "color"}),
        }

    def clean_rgb(self) -> str:
        """As it is kept; the field's own check comes after it, on the row."""
        return str(self.cleaned_data["rgb"]).lower()

    def keep(self) -> LabSwatch | None:
        """The saved row, or nothing and the reason among the form's errors."""
        if not self.is_valid():
            return None
        try:
            colour_swatches.keep(self.instance)
        except Refused as reason:
            self.add_error("name", str(reason))
            return None
        return self.instance


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def swatches(request: HttpRequest) -> HttpResponse:
    """The lab's swatches with a form for one more; those that ship stand below."""
    form = SwatchForm(request.POST or None, initial={"group": "Uniforms", "rgb": "#6b5f45"})
    if request.method == "POST" and (row := form.keep()):
        messages.success(request, f"{row} is among the {row.group}.")
        return redirect("swatches")
    context = {"form": form, "rows": LabSwatch.objects.all(), "given": colour_swatches.given()}
    return _page(request, "pipeline/swatches.html", context)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def swatch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them, to change or to remove."""
    row = get_object_or_404(LabSwatch, pk=pk)
    form = SwatchForm(request.POST or None, instance=row)
    if request.method == "POST" and form.keep():
        messages.success(request, f"{row} is changed.")
        return redirect("swatches")
    name = LabSwatch.objects.values_list("name", flat=True).get(pk=pk)  # not what was typed
    context = {"form": form, "row": row, "name": name, "given": colour_swatches.given()}
    return _page(request, "pipeline/swatch.html", context)


def _removing(request: HttpRequest, pk: UUID) -> Question:
    row = get_object_or_404(LabSwatch, pk=pk)
    goes = "It leaves the palette; pictures painted with it keep their colour."
    return Question(f"Remove “{row}”?", goes, "Remove")


@needs("admin")
@require_POST
@asks(_removing)
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes one out of the palette; strokes made with it keep their colour."""
    row = get_object_or_404(LabSwatch, pk=pk)
    row.delete()
    messages.success(request, f"{row} is removed. Pictures painted with it keep their colour.")
    return redirect("swatches")


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    groups = {group.name for group in colour_swatches.library()}
    status = 400 if request.method == "POST" else 200
    return render(request, template, context | {"groups": sorted(groups)}, status=status)
