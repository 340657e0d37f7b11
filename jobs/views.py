"""The Activity page: what runs in the background, with progress, log lines and reasons."""

from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from config.web.capped_count import Pages
from config.web.roles import needs
from jobs import services
from jobs.listing import FILTERS, Wanted, kinds
from jobs.models import Job

A_PAGE, LINES_SHOWN = 100, 1_000


@needs("admin", "reviewer")
def activity(request: HttpRequest) -> HttpResponse:
    wanted = Wanted.of(request.GET.dict())
    template = "jobs/_list.html" if request.htmx else "jobs/activity.html"  # type: ignore[attr-defined]
    page = Pages(wanted.rows(), A_PAGE).get_page(request.GET.get("page"))
    filters = [(wanted.keep(state=value), value, label) for value, label in FILTERS]
    context = {"page": page, "wanted": wanted, "filters": filters, "keep": wanted.keep()}
    if template == "jobs/activity.html":
        person = User.objects.filter(pk=wanted.by).first() if wanted.by else None
        context |= {"kinds": kinds(), "person": person, "anybody": wanted.keep(by="")}
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
