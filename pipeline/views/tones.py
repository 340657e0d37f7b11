"""The tones of a result, chosen on its page: a further version with further downloads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from config.errors import Refused
from config.web.roles import public
from pipeline.models.tone_choice import WRONG
from pipeline.services.adjusting import tones
from pipeline.services.uploads.throttles import upload_allowed
from pipeline.services.visitor_session import remember
from pipeline.views.forms import ToneForm
from pipeline.views.result import by_token
from pipeline.views.variants import TOO_MANY


@public
@require_POST
def restoration_tones(request: HttpRequest, token: str) -> HttpResponse:
    """The same pictures with these tones beside them; the version so far stays as it is."""
    row = by_token(token)
    form = ToneForm(request.POST)
    if not form.is_valid():
        raise Refused(f"{WRONG}.")
    if not upload_allowed(request, 1):
        raise Refused(TOO_MANY)
    asked = form.cleaned_data
    made = tones.tone_later(row, asked["tones"], keep_sepia=asked["keep_sepia"])
    remember(request, made)
    return redirect(made)
