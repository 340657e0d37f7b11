"""Pages of voters beside the ballot: a declared conflict, and the colour check."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.asking import Question, asks
from config.web.roles import needs, passes
from evaluation.api.ballots import voter_of
from evaluation.api.guests import guest_of, is_guest
from evaluation.models import ColourCheck, Conflict, Study
from evaluation.stimuli import colour_plates


class PlatesForm(forms.Form):
    """What is read on the two plates; empty means nothing."""

    first = forms.CharField(max_length=4, required=False, label="Number on the first picture")
    second = forms.CharField(max_length=4, required=False, label="Number on the second picture")

    def passed(self, seed: int) -> bool:
        read = [self.cleaned_data[name].strip() for name in ("first", "second")]
        return read == [
            str(colour_plates.number(seed, plate)) for plate in range(colour_plates.PLATES)
        ]


def open_study(number: int) -> Study:
    return get_object_or_404(Study.objects.open(), number=number)


def _declaring(request: HttpRequest, number: int) -> Question:
    study = open_study(number)
    goes = "Whoever had a part in making one of its pictures votes in it no more. Votes cast stay."
    return Question(f"Stop voting in {study}?", goes, "I had a part in one of these")


@require_POST
@passes(is_guest)
@needs("voter")
@asks(_declaring)
def declare_conflict(request: HttpRequest, number: int) -> HttpResponse:
    """She had a part in a candidate: from now on she may only practise here."""
    study = open_study(number)
    Conflict.objects.get_or_create(study=study, user=voter_of(request))
    messages.success(request, f"Thank you. {study} will ask you for no more votes.")
    return redirect("vote", number) if guest_of(request) else redirect("studies")


@never_cache
@passes(is_guest)
@needs("voter")
def colour_check(request: HttpRequest, number: int) -> HttpResponse:
    """Two plates; the answer is kept as yes or no, and nobody is turned away."""
    study = open_study(number)
    voter = voter_of(request)
    form = PlatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        passed = form.passed(_seed(voter.pk))
        fields = {"passed": passed}
        ColourCheck.objects.update_or_create(study=study, user=voter, defaults=fields)
        messages.success(
            request,
            "Both numbers are right."
            if passed
            else "Not both were read. You can vote; the results will say so without your name.",
        )
        return redirect("vote", study.number)
    context = {"study": study, "form": form, "plates": range(colour_plates.PLATES)}
    return render(request, "evaluation/colours.html", context)


@never_cache
@require_safe
@passes(is_guest)
@needs("voter")
def plate(request: HttpRequest, number: int, plate: int) -> HttpResponse:
    open_study(number)
    if plate >= colour_plates.PLATES:
        raise Http404
    return HttpResponse(
        colour_plates.png(_seed(voter_of(request).pk), plate), content_type="image/png"
    )


def _seed(voter: int) -> int:
    """Every voter has plates of her own, the same each time."""
    return 7919 * (voter + 1)
