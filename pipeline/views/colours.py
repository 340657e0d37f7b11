"""What *Correct the colours* asks for: swatches, the network's own picture, and to keep strokes."""

import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from config.errors import Refused
from config.web.roles import public
from photos.blob_responses import stream
from pipeline.services.adjusting import colour_strokes, colour_swatches
from pipeline.services.uploads.throttles import upload_allowed
from pipeline.services.visitor_session import remember
from pipeline.views.correcting import no
from pipeline.views.result import by_token
from pipeline.views.variants import TOO_MANY

STROKES = "strokes"


@public
@require_POST
def restoration_colours(request: HttpRequest, token: str) -> HttpResponse:
    """Takes all strokes as JSON; 201 and where the next version is."""
    row = by_token(token)
    body = request.read(colour_strokes.BODY_LIMIT + 1)
    if len(body) > colour_strokes.BODY_LIMIT:
        return no(STROKES, "These are more strokes than a photograph can take.", 413)
    try:
        given = json.loads(body)
        if not isinstance(given, dict):
            raise ValueError
    except (ValueError, RecursionError):
        return no(STROKES, 'Send {"strokes": [...]} as JSON.', 400)
    try:
        strokes = colour_strokes.checked(given.get(STROKES), row.photo)
    except colour_strokes.BadStrokes as reason:
        return no(reason.field, str(reason), 400)
    if not upload_allowed(request, 1):
        return no(STROKES, TOO_MANY, 429)
    try:
        made = colour_strokes.recolour_later(row, strokes)
    except Refused as reason:
        return no(STROKES, str(reason), 409)
    remember(request, made)
    return JsonResponse({"page": made.get_absolute_url()}, status=201)


@public
@require_safe
def unpainted_file(request: HttpRequest, token: str, kind: str) -> HttpResponseBase:
    """The preview of a coloured picture as it was before anybody's strokes."""
    made = colour_strokes.unpainted(by_token(token), kind)
    if made is None or made.preview is None:
        raise Http404("There is no such picture.")
    return stream(request, made.preview)


@public
@require_safe
def swatches(request: HttpRequest) -> HttpResponse:
    """The library of named colours, the lab's own last."""
    response = JsonResponse({"groups": [each.as_json() for each in colour_swatches.library()]})
    response["Cache-Control"] = "public, max-age=60"
    return response
