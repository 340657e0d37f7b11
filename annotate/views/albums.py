"""Albums as rooms: a list, a page each, and what is done with several photos at once."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from annotate.services.desk import albums
from annotate.views.forms import PhotosForm
from annotate.views.painter import PAINTERS, person
from config.errors import Refused
from config.web.capped_count import Pages
from config.web.roles import may, needs
from photos.models import Album
from photos.models.photos import PhotoQuerySet
from photos.services import count_results, rename_album

PAGE, SHOWN = 60, 5


if TYPE_CHECKING:  # at run time the class takes no parameter
    OfAlbum = forms.ModelForm[Album]
else:
    OfAlbum = forms.ModelForm


class AlbumForm(OfAlbum):
    """Who answers for an album, who paints it, and how."""

    class Meta:
        model = Album
        fields = ("name", "owner", "painters", "guideline")
        error_messages = {"name": {"unique": "Another album has this name."}}
        widgets = {"painters": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False  # left empty, it stays as it is
        people = User.objects.filter(pk__in=[each.pk for each in albums.people()])
        for name in ("owner", "painters"):
            field = cast("forms.ModelChoiceField[User]", self.fields[name])
            field.queryset = people.order_by("username")
        self.fields[
            "guideline"
        ].help_text = (
            "What is damage here and what is not; painters read it before the general guideline."
        )


class ManyPhotosForm(forms.Form):
    """What happens to the photos that are ticked."""

    photo = forms.TypedMultipleChoiceField(coerce=UUID)
    what = forms.ChoiceField(choices=[(w, w) for w in ("priority", "assign", "accept", "erase")])
    priority = forms.FloatField(required=False, min_value=0, max_value=1000)
    to = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False)
    sure = forms.BooleanField(required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        keys = data.getlist("photo")
        photo = cast(forms.TypedMultipleChoiceField, self.fields["photo"])
        photo.choices = [(key, key) for key in keys if _is_key(key)]


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _seen(request: HttpRequest, album_id: UUID) -> Album:
    album = get_object_or_404(Album, pk=album_id)
    if not album.photos(request.user).exists() and not may(request.user, "reviewer"):
        return get_object_or_404(Album.objects.none())
    return album


@require_safe
@needs(*PAINTERS)
def album_list(request: HttpRequest) -> HttpResponse:
    rows = Album.objects.met(request.user).select_related("owner").prefetch_related("painters")
    page = Pages(rows, PAGE).get_page(request.GET.get("page"))
    told = albums.progress_of_each(list(page), request.user)
    return render(request, "annotate/albums.html", {"page": page, "albums": told})


@require_safe
@needs(*PAINTERS)
def album_page(request: HttpRequest, album_id: UUID) -> HttpResponse:
    album = _seen(request, album_id)
    photos = album.photos(request.user)
    rows = albums.with_standing(photos).select_related("meant_for")
    context = {
        "album": album,
        "progress": albums.progress(photos),
        "results": count_results(photos) if may(request.user, "reviewer") else 0,
        "page": Pages(rows.order_by("-created_at", "pk"), PAGE).get_page(request.GET.get("page")),
        "painters": album.painters.order_by("username"),
        "reviewer": may(request.user, "reviewer"),
        "people": albums.people(),
        "form": AlbumForm(instance=album),
        "bring": PhotosForm(initial={"album": album.name, "albums": False}),
    }
    return render(request, "annotate/album.html", context)


def gone(request: HttpRequest) -> HttpResponse:
    """An album goes with its last photo, also while somebody looks at it."""
    messages.error(request, "This album is gone: its last photo was deleted or moved.")
    return redirect("annotate_albums")


@require_POST
@needs("reviewer")
def album_change(request: HttpRequest, album_id: UUID) -> HttpResponse:
    album = Album.objects.filter(pk=album_id).first()
    if album is None:
        return gone(request)
    form = AlbumForm(request.POST, instance=album)
    if not form.is_valid():
        field, problems = next(iter(form.errors.items()))
        raise Refused(f"{field}: {problems[0]}")
    said = form.cleaned_data
    if name := said.pop("name"):
        rename_album(album, name)
    album.change(painters=list(said.pop("painters")), **said)
    messages.success(request, "Kept.")
    return redirect("annotate_album", album_id)


@require_POST
@needs("reviewer")
def album_many(request: HttpRequest, album_id: UUID) -> HttpResponse:
    album = Album.objects.filter(pk=album_id).first()
    if album is None:
        return gone(request)
    form = ManyPhotosForm(request.POST)
    if not form.is_valid():
        raise Refused("Tick at least one photo, and say what happens to it.")
    said = form.cleaned_data
    photos = albums.chosen(album, request.user, said["photo"])
    if said["what"] == "erase":
        return _erase(request, album, photos, sure=said["sure"])
    _say(request, *_done(request, photos, said))
    return redirect("annotate_album", album_id)


def _done(
    request: HttpRequest, photos: PhotoQuerySet, said: dict[str, Any]
) -> tuple[str, list[str]]:
    if said["what"] == "priority":
        count = albums.ask_for_masks(photos, priority=said["priority"] or 0.0)
        return f"{count} wait for a painter with this priority.", _left(photos, count)
    if said["what"] == "assign":
        count = albums.assign(photos, to=said["to"])
        to = said["to"] or "everybody who paints the album"
        return f"{count} are for {to}.", _left(photos, count)
    done, left = albums.accept(photos, by=person(request))
    return f"{done} accepted.", left


def _left(photos: PhotoQuerySet, count: int) -> list[str]:
    left = photos.count() - count
    return [f"{left} were left out: nobody can paint a photo that was refused."] if left else []


def _erase(
    request: HttpRequest, album: Album, photos: PhotoQuerySet, *, sure: bool
) -> HttpResponse:
    """Asks first, naming what goes."""
    if not may(request.user, "admin"):
        raise Refused("Only admins erase photos.")
    if not sure:
        masks = sum(photo.masks.count() for photo in photos)
        context = {"album": album, "photos": list(photos), "masks": masks}
        return render(request, "annotate/album_erase.html", context)
    done, left = albums.erase(photos, by=person(request))
    audit.note(request, "annotate/albums/many/", verdict="erase", photos=done)
    _say(request, f"{done} erased with all that was made of them.", left)
    if Album.objects.filter(pk=album.pk).exists():
        return redirect("annotate_album", album.pk)
    return redirect("annotate_albums")


def _say(request: HttpRequest, done: str, left: list[str]) -> None:
    messages.success(request, done)
    for reason in left[:SHOWN]:
        messages.error(request, reason)
    if len(left) > SHOWN:
        messages.error(request, f"And {len(left) - SHOWN} more, for like reasons.")
