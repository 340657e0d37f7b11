"""Runs that were made in a shell: seen in the site's folder of runs, and taken in by a button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from training.services import taking_in
from training.views.access import admins, user_of


@admins
def runs_found(request: HttpRequest) -> HttpResponse:
    """GET lists, POST takes the named folder in."""
    if request.method == "POST":
        folder = taking_in.folder_named(request.POST.get("folder", ""))
        run = taking_in.take_in(folder, by=user_of(request))
        messages.success(request, f"{folder.name} is here, with its curves and samples.")
        return redirect("run", run.pk)
    return render(request, "training/found_runs.html", {"found": taking_in.found()})
