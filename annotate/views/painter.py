"""The painter's page and the calls it makes while somebody paints."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, UUIDField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from annotate import services
from annotate.models import Agreement, Assignment, DefectMask, Purpose
from annotate.services.mask_storage import fold
from annotate.services.painter_page import Addresses, PainterPage, Suggested
from annotate.services.strokes import body_limit
from annotate.views.painter_calls import (
    BadHeader,
    content,
    header,
    no,
    number,
    of_kind,
    tools_told,
)
from config.errors import Refused
from config.web.prepared_queries import Find, Given
from config.web.roles import may, needs
from photos import storage
from photos.blob_responses import stream
from photos.models import Album
from photos.models.photos import Origin

PAINTERS = ("assessor", "reviewer")


def mine(request: HttpRequest, assignment_id: UUID) -> Assignment:
    """One's own assignment; anybody else's does not exist."""
    rows = Assignment.objects.visible_to(person(request))
    rows = rows.select_related("photo", "mask", "suggestion")
    return get_object_or_404(rows, pk=assignment_id, assessor_id=request.user.pk)


def _saves() -> QuerySet[Assignment]:
    """What a save needs of an assignment, its photo and its mask; these rows are wide."""
    pk, person = Given("pk", UUIDField()), Given("person", IntegerField())
    mask = ("assignment", "revision", "tiles_revision", "active_seconds")
    fields = ["state", "purpose", "photo__width", "photo__height", *(f"mask__{n}" for n in mask)]
    rows = Assignment.objects.filter(pk=pk, assessor=person).order_by()
    rows = rows.exclude(photo__origin=Origin.VISITOR, photo__training_allowed=False)
    return rows.select_related("photo", "mask").only(*fields)


SAVES = Find(_saves)


def readable(request: HttpRequest, assignment_id: UUID) -> Assignment:
    """One's own, or any for those who review."""
    rows = Assignment.objects.visible_to(person(request))
    rows = rows.select_related("photo", "mask", "suggestion")
    assignment = get_object_or_404(rows, pk=assignment_id)
    if assignment.assessor_id != request.user.pk and not may(person(request), "reviewer"):
        raise Http404
    return assignment


def person(request: HttpRequest) -> User:
    """Roles have let this person in, so it is no anonymous visitor."""
    return cast(User, request.user)


def mask_of(assignment: Assignment) -> DefectMask:
    """The mask may have gone with an erased photo."""
    if not hasattr(assignment, "mask"):
        raise Http404
    return assignment.mask


@require_safe
@needs(*PAINTERS)
def paint(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    assignment = readable(request, assignment_id)
    mask, photo = mask_of(assignment), assignment.photo
    if suggestion := photo.suggestions.first():
        assignment.pin_suggestion(suggestion)
    open_to_me = assignment.assessor_id == request.user.pk and assignment.state in (
        Assignment.State.OPEN,
        Assignment.State.EXPIRED,
    )
    returned = mask.reviews.filter(verdict="returned").first()
    page = PainterPage(
        assignment=assignment.pk,
        width=photo.width,
        height=photo.height,
        revision=mask.revision,
        comment=returned.comment if returned else photo.note,
        comment_by="The reviewer says" if returned else "Its owner says",
        read_only=not open_to_me,
        practice=assignment.purpose == Purpose.PRACTICE,
        done_url=reverse("annotate_queue"),
        addresses=_addresses(assignment),
        suggested=_suggested(assignment),
    )
    said = {"photo": photo, "painter": page.attributes(), "album": Album.of(photo)}
    return render(request, "annotate/painter.html", said)


def _suggested(assignment: Assignment) -> Suggested | None:
    if assignment.suggestion is None:
        return None
    record = Agreement.objects.record_of(assignment.suggestion.weights)
    return Suggested(
        threshold=assignment.suggestion.threshold,
        proven=record.proven,
        record=f"F1 {record.f1:.2f} over {record.masks}" if record.masks else "",
    )


def _addresses(assignment: Assignment) -> Addresses:
    photo = assignment.photo

    def of_assignment(name: str) -> str:
        return reverse(f"annotate_{name}", args=[assignment.pk])

    def image(name: str) -> str:
        return reverse("annotate_image", args=[photo.pk, name])

    return Addresses(
        strokes_url=of_assignment("strokes"),
        submit_url=of_assignment("submit"),
        heartbeat_url=of_assignment("heartbeat"),
        skip_url=of_assignment("skip"),
        release_url=of_assignment("release"),
        marks_url=of_assignment("marks"),
        score_url=of_assignment("score"),
        mask_url=of_assignment("mask_tiles"),
        suggestion_url=of_assignment("suggestion") if assignment.suggestion else "",
        preview_url=image("preview"),
        photo_url=image("photo"),
        tile_url=reverse("annotate_tile", args=[photo.pk, 0, 0, 0]) if photo.tiles_id else "",
        cost_url=image("cost") if photo.cost_map_id else "",
    )


@require_GET
@needs(*PAINTERS)
def mask_tiles(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    mask = mask_of(readable(request, assignment_id))
    response = HttpResponse(storage.read(fold(mask)), content_type="application/octet-stream")
    response["X-Revision"] = str(mask.revision)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@needs(*PAINTERS)
def suggestion(request: HttpRequest, assignment_id: UUID) -> HttpResponseBase:
    shown = readable(request, assignment_id).suggestion
    return stream(request, shown.probability if shown else None)


@require_POST
@needs(*PAINTERS)
def strokes(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    found = SAVES(pk=assignment_id, person=request.user.pk)
    if not found:
        raise Http404
    assignment = found[0]
    mask_of(assignment)
    limit = body_limit(assignment.photo)
    body = request.read(limit + 1)
    if len(body) > limit:
        return JsonResponse({"code": "too_big"}, status=413)
    try:
        saved = services.save_strokes(
            assignment=assignment,
            body=body,
            base_revision=header(request, "X-Base-Revision"),
            client=request.headers.get("X-Client", "")[:64],
            first_seq=header(request, "X-First-Seq"),
            last_seq=header(request, "X-Last-Seq"),
            active_seconds=header(request, "X-Active-Seconds", "0"),
            tools=tools_told(request),
        )
    except (services.BadStrokes, BadHeader, Refused) as error:
        return no(error)
    answer: dict[str, Any] = {"revision": saved.revision}
    return JsonResponse(answer | {"repeated": True} if saved.repeated else answer)


@require_POST
@needs(*PAINTERS)
def submit(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    assignment = mine(request, assignment_id)
    mask_of(assignment)
    try:
        said = content(request)
        mask = services.submit_mask(
            assignment=assignment,
            revision=number(said.get("revision"), "revision"),
            digest=str(said.get("digest", "")),
            active_seconds=number(said.get("active_seconds", 0), "active_seconds"),
            seen_tiles=of_kind(list, said.get("seen_tiles", []), "seen_tiles"),
            tools=of_kind(dict, said.get("tools", {}), "tools"),
        )
    except (BadHeader, Refused) as error:
        return no(error)
    return JsonResponse({"digest": mask.digest, "next": reverse("annotate_queue")})


@require_POST
@needs(*PAINTERS)
def heartbeat(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    try:
        held = services.heartbeat(assignment=mine(request, assignment_id))
    except Refused as error:
        return no(error)
    return JsonResponse({"lease_until": held.lease_until.isoformat()})


@require_POST
@needs(*PAINTERS)
def skip(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    assignment = mine(request, assignment_id)
    try:
        services.skip(assignment=assignment, reason=str(content(request).get("reason", "")))
    except (BadHeader, Refused) as error:
        return no(error)
    return JsonResponse({"next": reverse("annotate_queue")})


@require_POST
@needs(*PAINTERS)
def release(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    assignment = mine(request, assignment_id)
    try:
        keep = bool(content(request).get("keep", True))
        services.release(assignment=assignment, passes_draft_on=keep)
    except (BadHeader, Refused) as error:
        return no(error)
    return JsonResponse({"next": reverse("annotate_queue")})
