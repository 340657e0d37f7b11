"""An album restored as a whole, and its pictures as one ZIP."""

from math import inf
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_POST, require_safe

from config.errors import Refused
from config.web.roles import needs
from photos.models import Album
from pipeline.models import Restoration
from pipeline.services import downloads
from pipeline.services.rendering import albums

STAFF = ("admin", "reviewer")


@needs(*STAFF)
@require_POST
def restore_album(request: HttpRequest, album_id: UUID) -> HttpResponse:
    album = get_object_or_404(Album, pk=album_id)
    if reason := albums.why_not(album.photos(request.user)):
        raise Refused(reason)
    job = albums.restore_album_later(album=album, by=cast(User, request.user))
    messages.success(request, "The album is being restored; its ZIP grows with it.")
    return redirect("job", job.pk)


@needs(*STAFF)
@require_safe
def album_zip(request: HttpRequest, album_id: UUID) -> HttpResponseBase:
    album = get_object_or_404(Album, pk=album_id)
    rows = Restoration.objects.latest_of(album.photos(request.user))
    if not rows:
        raise Refused("Nothing of this album is restored yet.")
    # The lab's own pictures, of its own disk: as large as they are.
    return downloads.archive_of(rows, f"{get_valid_filename(album.name)}.zip", most=inf)
