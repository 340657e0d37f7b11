"""The review queue and the page where a mask is accepted or returned."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotate import services
from annotate.models import DefectMask
from annotate.services import availability
from annotate.views.forms import ReviewForm
from annotate.views.painter import person
from config.errors import Refused
from config.web.capped_count import Pages
from config.web.roles import needs
from photos.models import Photo

A_PAGE, SKIPPED_SHOWN = 48, 100


@require_safe
@needs("reviewer")
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; drafts that were left behind; photos nobody wants to paint."""
    seen = DefectMask.objects.visible_to(request.user).select_related("photo", "author")
    waiting = seen.waiting_for_review()
    kept = seen.kept_drafts().order_by("-created_at", "pk")
    context = {
        "waiting": Pages(waiting.order_by("submitted_at", "pk"), A_PAGE).get_page(
            request.GET.get("page")
        ),
        "kept": Pages(kept, A_PAGE).get_page(request.GET.get("left")),
        "skipped": availability.skipped_often()[:SKIPPED_SHOWN],
    }
    return render(request, "annotate/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer")
def review(request: HttpRequest, mask_id: UUID) -> HttpResponse:
    rows = DefectMask.objects.visible_to(request.user)
    mask = get_object_or_404(rows.select_related("photo", "author"), pk=mask_id)
    form = ReviewForm(request.POST or None, initial={"revision": mask.revision})
    if request.method == "POST" and form.is_valid():
        return _give_verdict(request, mask, form)
    history = mask.reviews.select_related("reviewer")
    before, after = rows.beside(mask)
    context = {
        "before": before,
        "after": after,
        "mask": mask,
        "photo": mask.photo,
        "form": form,
        "history": history,
        "sources": mask.sources.select_related("author"),
        "kept": mask.is_kept_draft,
        "own": mask.author_id == request.user.pk,
        "open": mask.state == DefectMask.State.SUBMITTED or mask.is_kept_draft,
    }
    return render(request, "annotate/review.html", context)


def _give_verdict(request: HttpRequest, mask: DefectMask, form: ReviewForm) -> HttpResponse:
    said = form.cleaned_data
    if said["revision"] != mask.revision:
        raise Refused("This mask has changed since you opened it; look at it again.")
    services.review_mask(
        reviewer=person(request),
        mask=mask,
        verdict=said["verdict"],
        comment=said["comment"],
        marks=said["marks"],
    )
    messages.success(request, f"{mask.photo}: {said['verdict']}.")
    following = (
        DefectMask.objects.visible_to(request.user)
        .waiting_for_review()
        .exclude(author_id=request.user.pk)
        .order_by("submitted_at")
        .first()
    )
    if following:
        return redirect("annotate_review", following.pk)
    return redirect("annotate_reviews")


@require_POST
@needs("reviewer")
def honeypot(request: HttpRequest, mask_id: UUID) -> HttpResponse:
    """From now on others are compared with this mask, or no longer."""
    mask = get_object_or_404(DefectMask.objects.visible_to(request.user), pk=mask_id)
    on = request.POST.get("on") == "1"
    services.set_honeypot(mask=mask, on=on)
    messages.success(request, "It is a honeypot now." if on else "It is no honeypot any more.")
    return redirect("annotate_review", mask_id)


@require_POST
@needs("reviewer")
def join(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """One new mask out of several people's; it waits for review like any other."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    mask, raters = services.join_masks(photo=photo, method=request.POST.get("method", ""))
    people = sorted(raters.items())
    worth = ", ".join(f"{name} found {rater.sensitivity:.0%}" for name, rater in people)
    messages.success(request, f"The joined mask waits for review. {worth}".strip())
    return redirect("annotate_review", mask.pk)


@require_POST
@needs("reviewer")
def repair(request: HttpRequest, mask_id: UUID) -> HttpResponse:
    """Paint on from this mask: a new revision with a parent."""
    rows = DefectMask.objects.visible_to(request.user).select_related("photo")
    mask = get_object_or_404(rows, pk=mask_id)
    assignment = services.repair_mask(reviewer=person(request), mask=mask)
    return redirect("annotate_paint", assignment.pk)
