"""The page of a draft's rivals: pictures from files, what was said about each, out again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from config.errors import Refused
from config.web.roles import needs
from evaluation.api.ballots import voter_of
from evaluation.models import Rival
from evaluation.services.rivals import adding
from evaluation.views.forms import RivalForm
from evaluation.views.studies import admins_study


@never_cache
@needs("admin")
def rivals(request: HttpRequest, number: int) -> HttpResponse:
    """GET shows them; POST takes a ZIP, which a worker reads."""
    study = admins_study(request, number)
    form = RivalForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        words = {word: form.cleaned_data[word] for word in adding.Card.__dataclass_fields__}
        try:
            adding.add_outputs_later(
                study=study,
                card=adding.Card(**words),
                file=form.cleaned_data["pictures"],
                by=voter_of(request),
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("rivals", number)
    shown = [
        {
            "rival": rival,
            "pictures": rival.pictures.count(),
            "fitted": rival.pictures.exclude(fitted="").select_related("photo"),
            "lossy": rival.pictures.filter(lossy=True).count(),
            "missing": rival.missing() if study.state == study.State.DRAFT else [],
        }
        for rival in study.rivals.all()
    ]
    context = {"study": study, "rows": shown, "form": form, "job": study.job}
    status = 400 if form.errors else 200
    return render(request, "evaluation/rivals.html", context, status=status)


@require_POST
@needs("admin")
def remove(request: HttpRequest, number: int, rival: int) -> HttpResponse:
    study = admins_study(request, number)
    row = get_object_or_404(Rival, study=study, pk=rival)
    adding.remove_rival(rival=row)
    messages.success(request, f"{row.title} is out of the draft.")
    return redirect("rivals", number)
