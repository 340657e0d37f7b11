"""Straighten and crop: a frame on the whole scan, and the version that is cut to it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.errors import Refused
from config.web.roles import public
from photos.decoding.scanner.frames import LEAST, STEEPEST, WHOLE, Frame
from pipeline.services.adjusting import frames
from pipeline.services.uploads.throttles import upload_allowed
from pipeline.services.visitor_session import remember
from pipeline.views.result import by_token
from pipeline.views.variants import TOO_MANY

PERCENT = ("x", "y", "width", "height")
NONE_FOUND = "No print stands out from the scanner's bed here: set the frame yourself."


def _number(label: str, least: float, most: float, step: str = "0.05") -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "data-step": step, "inputmode": "decimal"})
    return forms.FloatField(min_value=least, max_value=most, label=label, widget=widget)


class FrameForm(forms.Form):
    """A frame as people type it: degrees, and percent of the scan's sides."""

    angle = _number("Turned by, °", -STEEPEST, STEEPEST)
    x = _number("Left, %", -100, 100)
    y = _number("Top, %", -100, 100)
    width = _number("Width, %", 100 * LEAST, 100)
    height = _number("Height, %", 100 * LEAST, 100)

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        said = {"angle": self.cleaned_data["angle"]}
        said |= {name: self.cleaned_data[name] / 100 for name in PERCENT}
        try:
            return {"frame": Frame.of(said)}
        except ValueError:
            raise forms.ValidationError("The middle of the frame must lie on the scan.") from None


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def restoration_frame(request: HttpRequest, token: str) -> HttpResponse:
    """The scan with a frame to move; sent, the version that is cut to it."""
    row = by_token(token)
    form = FrameForm(request.POST or None, initial=_initial(frames.shown(row)))
    if request.method == "POST" and ("whole" in request.POST or form.is_valid()):
        asked = WHOLE if "whole" in request.POST else form.cleaned_data["frame"]
        if not upload_allowed(request, 1):
            raise Refused(TOO_MANY)
        made = frames.frame_later(row, asked)
        remember(request, made)
        return redirect(made)
    if not frames.is_offered(row):
        raise Refused("Only a visitor's photograph that was read can be framed.")
    context = {"restoration": row, "photo": row.photo, "form": form, **frames.shown(row)}
    context |= {"none_found": NONE_FOUND}
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "pipeline/frame.html", context, status=status)


def _initial(said: frames.Shown) -> dict[str, float]:
    frame = said["frame"] or said["proposed"] or WHOLE.said()
    parts = {name: round(100 * frame[name], 2) for name in PERCENT}
    return parts | {"angle": round(frame["angle"], 2)}
