"""The lab's orders: an album with its customer, note and number, and its hand-over link."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from config.asking import Question, asks
from config.errors import Refused
from config.web.capped_count import Pages
from config.web.roles import needs
from photos.models import Album, Photo
from pipeline.models import Order
from pipeline.services.orders import handing_over

STAFF = ("admin", "reviewer")
A_PAGE = 100


class OrderForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Order
        fields = ("album", "customer", "number", "note")
        labels = {"number": "Order number", "customer": "Customer"}
        widgets = {
            "album": forms.TextInput(attrs={"list": "albums"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"album": {"unique": "This album has an order already."}}

    def clean_album(self) -> str:
        album = str(self.cleaned_data["album"])
        if not Photo.objects.filter(album=album).exists():
            raise forms.ValidationError("There is no photo in an album of this name.")
        return album

    def save(self, commit: bool = True) -> Order:
        """Albums that came by an import have no row of their own yet."""
        row = cast(Order, super().save(commit=False))
        row.album_row = Album.objects.get_or_create(name=row.album)[0]
        if commit:
            row.save()
        return row


class LinkForm(forms.Form):
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until < timezone.now().date():
            raise forms.ValidationError("The link's last day lies in the past.")
        return until


@needs(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def orders(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for one more; an album's page asks for that of its own."""
    album = request.GET.get("album", "")
    if album and (row := Order.objects.filter(album=album).first()):
        return redirect(row)
    form = OrderForm(request.POST or None, initial={"album": album})
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        row.created_by = cast(User, request.user)
        if _saved(row):
            return redirect(row)
        form.add_error(None, "This order was taken a moment ago.")
    albums = Photo.objects.exclude(album="").order_by("album").values_list("album", flat=True)
    page = Pages(Order.objects.all(), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "albums": albums.distinct()[:500]}
    return render(request, "pipeline/orders.html", context, status=400 if form.errors else 200)


def _saved(row: Order) -> bool:
    """False where somebody else was quicker: a double click, or a second desk."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    return True


@needs(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Order, pk=pk)
    form = OrderForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        if _saved(form.save(commit=False)):
            messages.success(request, "The order is changed.")
            return redirect(row)
        form.add_error(None, "Another order took this album or number a moment ago.")
    saved = get_object_or_404(Order, pk=pk)  # not what was typed
    context = {
        "form": form,
        "order": saved,
        "link": request.build_absolute_uri(reverse("handover", args=[saved.token])),
        "results": handing_over.results(saved),
        "missing": handing_over.missing(saved),
    }
    return render(request, "pipeline/order.html", context, status=400 if form.errors else 200)


@needs(*STAFF)
@require_POST
def link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Opens the link until a day, or moves that day."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        raise Refused(str(form.errors["until"][0]))
    row = get_object_or_404(Order, pk=pk)
    row.open_link(form.cleaned_data["until"])
    messages.success(request, "The link is open.")
    return redirect(row)


def _closing(request: HttpRequest, pk: UUID) -> Question:
    row = get_object_or_404(Order, pk=pk)
    goes = "The address that the customer has opens nothing any more; a new link is another one."
    return Question(f"Close the link of {row}?", goes, "Close the link")


@needs(*STAFF)
@require_POST
@asks(_closing)
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Order, pk=pk)
    row.close_link()
    messages.success(request, "The link is closed.")
    return redirect(row)


def _deleting(request: HttpRequest, pk: UUID) -> Question:
    row = get_object_or_404(Order, pk=pk)
    goes = "The customer's name, the note, the number and the link go. The photos stay."
    return Question(f"Delete {row}?", goes, "Delete the order")


@needs(*STAFF)
@require_POST
@asks(_deleting)
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    get_object_or_404(Order, pk=pk).delete()
    messages.success(request, "The order is deleted; its photos are still there.")
    return redirect("orders")
