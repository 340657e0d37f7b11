"""The review queue and the page where a mask is accepted or returned."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from annotate import services
from annotate.models import DefectMask, Import
from annotate.models.masks import DefectMaskQuerySet
from annotate.services import availability
from annotate.services.desk import mark_answers
from annotate.services.reviews import why_not_reviewer
from annotate.views.forms import ManyForm, ReviewForm
from annotate.views.painter import person
from config.errors import Refused
from config.web.capped_count import Pages
from config.web.roles import may, needs
from photos.models import Photo

PAGE, SKIPPED_SHOWN = 60, 100
RECENT_IMPORTS = 20
SHOWN = 5


@require_safe
@needs("reviewer")
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; drafts that were left behind; photos nobody wants to paint."""
    seen = DefectMask.objects.visible_to(request.user).select_related("photo", "author", "brought")
    waiting = _of_import(seen.waiting_for_review(), request.GET.get("import", ""))
    page = Pages(waiting.order_by("submitted_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "waiting": [(mask, why_not_reviewer(person(request), mask)) for mask in page],
        "imports": _waiting_imports(),
        "chosen_import": request.GET.get("import", ""),
        "may_accept_elsewhere": may(request.user, "admin"),
        "kept": Pages(seen.kept_drafts().order_by("-created_at", "pk"), PAGE).get_page(
            request.GET.get("left")
        ),
        "skipped": availability.skipped_often()[:SKIPPED_SHOWN],
    }
    return render(request, "annotate/reviews.html", context)


def _of_import(waiting: DefectMaskQuerySet, number: str) -> DefectMaskQuerySet:
    try:
        return waiting.filter(brought=UUID(number)) if number else waiting
    except ValueError:
        return waiting


def _waiting_imports() -> list[Import]:
    """Imports of which masks wait for a review."""
    rows = Import.objects.filter(masks__state=DefectMask.State.SUBMITTED).distinct()
    return list(rows[:RECENT_IMPORTS])


@require_POST
@needs("reviewer")
def review_many(request: HttpRequest) -> HttpResponse:
    """One word and one comment for all that were ticked; each for the revision that was shown."""
    form = ManyForm(request.POST)
    if not form.is_valid():
        raise Refused("Tick at least one mask, and say what happens to it.")
    verdict, comment = form.cleaned_data["verdict"], form.cleaned_data["comment"]
    done, refused = 0, []
    rows = DefectMask.objects.visible_to(request.user).select_related("photo", "brought")
    for number, revision in form.cleaned_data["masks"]:
        mask = get_object_or_404(rows, pk=number)
        try:
            if mask.revision != revision:
                raise Refused("it has changed since you saw it.")
            services.decide(by=person(request), mask=mask, verdict=verdict, comment=comment)
            done += 1
        except Refused as reason:
            refused.append(f"{mask.photo}: {reason}")
    audit.note(request, "annotate/reviews/many/", verdict=verdict, masks=done, because=comment)
    _say(request, f"{done} done." if done else "", refused)
    return redirect(f"{reverse('annotate_reviews')}?import={form.cleaned_data['of_import']}")


def _say(request: HttpRequest, done: str, refused: list[str]) -> None:
    if done:
        messages.success(request, done)
    for reason in refused[:SHOWN]:
        messages.error(request, reason)
    if len(refused) > SHOWN:
        messages.error(request, f"And {len(refused) - SHOWN} more, for like reasons.")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviewer")
def review(request: HttpRequest, mask_id: UUID) -> HttpResponse:
    rows = DefectMask.objects.visible_to(request.user)
    mask = get_object_or_404(rows.select_related("photo", "author"), pk=mask_id)
    form = ReviewForm(request.POST or None, initial={"revision": mask.revision})
    if request.method == "POST" and form.is_valid():
        return _give_verdict(request, mask, form)
    rows_of = mask.reviews.select_related("reviewer").prefetch_related("answers")
    history = [(row, mark_answers.answered(row)) for row in rows_of]
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
        "own": why_not_reviewer(person(request), mask),
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
