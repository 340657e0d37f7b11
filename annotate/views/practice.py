"""The practice photo's calls: begin, and hear how well one painted."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from annotate.services import practice
from annotate.views.painter import PAINTERS, mine, person
from annotate.views.painter_calls import BadHeader, content, no, number
from config.errors import Refused
from config.web.roles import needs


@require_POST
@needs(*PAINTERS)
def start(request: HttpRequest) -> HttpResponse:
    """Opens the painter on the practice photo; ``afresh`` begins with an empty mask."""
    if practice.practice_photo() is None:
        messages.info(request, practice.NOT_YET)
        return redirect("annotate_queue")
    assignment = practice.start_practice(
        assessor=person(request), afresh=bool(request.POST.get("afresh"))
    )
    return redirect("annotate_paint", assignment.pk)


@require_POST
@needs(*PAINTERS)
def score(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """How the saved mask compares with the known damage. Only of the practice photo."""
    assignment = mine(request, assignment_id)
    try:
        said = content(request).get("revision")
        revision = None if said is None else number(said, "revision")
        result = practice.grade_practice(assignment=assignment, revision=revision)
    except (BadHeader, Refused) as error:
        return no(error)
    return JsonResponse(practice.as_facts(result))
