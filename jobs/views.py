"""The Activity page: what runs in the background, with progress, log lines and reasons."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from config.web.capped_count import Pages
from config.web.roles import needs
from jobs import services
from jobs.models import Job, State

A_PAGE, LINES_SHOWN = 100, 1_000
FILTERS = [("", "All"), ("active", "Active"), *((state.value, state.label) for state in State)]


@needs("admin", "reviewer")
def activity(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    jobs = Job.objects.select_related("created_by")
    if state == "active":
        jobs = jobs.active()
    elif state:
        jobs = jobs.filter(state=state)
    template = "jobs/_list.html" if request.htmx else "jobs/activity.html"  # type: ignore[attr-defined]
    page = Pages(jobs, A_PAGE).get_page(request.GET.get("page"))
    keep = f"{urlencode({'state': state})}&"
    context = {"page": page, "state": state, "filters": FILTERS, "keep": keep}
    return render(request, template, context)


@needs("admin", "reviewer")
def job_page(request: HttpRequest, job_id: UUID) -> HttpResponse:
    job = get_object_or_404(Job, pk=job_id)
    template = "jobs/_job.html" if request.htmx else "jobs/job.html"  # type: ignore[attr-defined]
    latest = list(job.lines.order_by("-pk")[:LINES_SHOWN])
    return render(request, template, {"job": job, "lines": latest[::-1]})


@require_POST
@needs("admin")
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    services.cancel(get_object_or_404(Job, pk=job_id))
    return redirect("job", job_id)


@require_POST
@needs("admin")
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    services.retry(get_object_or_404(Job, pk=job_id))
    return redirect("job", job_id)
