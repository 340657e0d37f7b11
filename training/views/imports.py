"""The page that takes in a network that others published; a worker examines and tries it."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from config.errors import Refused
from photos.models import Blob
from training.foreign import adapters
from training.foreign.limits import MOST_BYTES, GraphError, refuse_other_kinds
from training.foreign.table_values import AdapterError
from training.models import GraphFile, Stage
from training.services.foreign import foreign_versions, graph_files
from training.views.access import admins, user_of

OWN = "own"
LONGEST_ADAPTER = 64 * 1024


def _choices() -> list[tuple[str, str]]:
    tables = [(name, adapters.preset(name).table) for name in adapters.names()]
    return [*((name, str(table["title"])) for name, table in tables), (OWN, "a file of my own")]


class Arrived(forms.ModelChoiceField):  # type: ignore[type-arg]  # subscripted only by the stubs
    """A file that came in pieces and waits."""

    def __init__(self, label: str) -> None:
        super().__init__(GraphFile.objects.none(), required=False, label=label, empty_label="none")


class ImportForm(forms.Form):
    """A graph, how it is to be read, and where it comes from."""

    title = forms.CharField(max_length=120, help_text="What pages call it.")
    graph = forms.FileField(
        required=False,
        label="ONNX graph",
        help_text="2 GiB at most. A broken line or a closed page costs seconds: choose the same "
        "file again, and it goes on.",
    )
    arrived = Arrived(label="or one that has arrived")
    beside = forms.FileField(
        required=False, label="Data beside it", help_text="The file that holds its weights, if any."
    )
    beside_arrived = Arrived(label="or data that has arrived")
    sha256 = forms.RegexField(
        r"^\s*[0-9a-fA-F]{64}\s*$",
        required=False,
        label="SHA-256 of the graph",
        help_text="As its publisher names it; another file is refused.",
    )
    adapter = forms.ChoiceField(choices=_choices, help_text="How it wants its pictures.")
    adapter_file = forms.FileField(
        required=False, label="Adapter of my own", help_text="TOML, as docs/rivals.md tells."
    )
    licence = forms.CharField(
        max_length=120, help_text="By its SPDX identifier, such as Apache-2.0 or CC-BY-NC-4.0."
    )
    source = forms.CharField(
        max_length=300, label="Comes from", help_text="An address that begins with https://."
    )
    maker = forms.CharField(max_length=300, required=False)
    noncommercial = forms.BooleanField(required=False, label="The licence forbids commercial use")

    def __init__(self, *args: Any, waiting: QuerySet[GraphFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("arrived", "beside_arrived"):
            if waiting:
                self.fields[name].queryset = waiting  # type: ignore[attr-defined]
            else:
                del self.fields[name]


@never_cache
@admins
def import_page(request: HttpRequest) -> HttpResponse:
    """POST leaves the files to a job, whose page says what became of them."""
    waiting = GraphFile.objects.filter(owner=user_of(request)).select_related("file")
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        waiting=waiting,
        initial={"arrived": request.GET.get("file")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            job = _queued(request, form)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("job", job)
    context = {
        "form": form,
        "waiting": waiting,
        "presets": [adapters.preset(n).table for n in adapters.names()],
    }
    status = 400 if form.errors else 200
    return render(request, "training/import.html", context, status=status)


def _queued(request: HttpRequest, form: ImportForm) -> str:
    given = form.cleaned_data
    adapter = _adapter(given)
    card = foreign_versions.Card(
        **{w: given[w] for w in ("title", "licence", "source", "maker", "noncommercial")}
    ).checked()
    name, graph = _taken(given["graph"], given.get("arrived"))
    if graph is None:
        raise Refused("Choose the graph, or one that has arrived.")
    if given["sha256"] and given["sha256"].strip().lower() != graph.digest:
        raise Refused(f"{name} is not the file you named: its SHA-256 is {graph.digest}.")
    beside_name, beside = _taken(given["beside"], given.get("beside_arrived"))
    job = foreign_versions.import_later(
        file=graph,
        filename=name,
        beside=beside,
        beside_name=beside_name,
        adapter=adapter,
        card=card,
        by=user_of(request),
    )
    return str(job.pk)


def _taken(sent: "UploadedFile[Any] | None", waits: GraphFile | None) -> tuple[str, Blob | None]:
    """Name and bytes of what the form brought, or of what had arrived. Raises Refused."""
    if sent is None:
        return (waits.name, waits.file) if waits else ("", None)
    name = PurePath(sent.name or "").name
    if (sent.size or 0) > MOST_BYTES:
        raise Refused(f"{name} is larger than 2 GiB.")
    try:
        refuse_other_kinds(sent.read(8), name)
    except GraphError as reason:
        raise Refused(reason.said) from reason
    sent.seek(0)
    return name, foreign_versions.kept(sent)


@require_POST
@admins
def forget_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Deletes a file of one's own that waits."""
    row = get_object_or_404(GraphFile, pk=file_id, owner=user_of(request))
    graph_files.give_up(row)
    messages.success(request, f"{row.name} is deleted.")
    return redirect("import_model")


def _adapter(given: dict[str, object]) -> adapters.Adapter:
    """The preset, or the one of the file. Raises Refused."""
    if given["adapter"] != OWN:
        name = str(given["adapter"])
        return foreign_versions.adapter_of(adapters.preset(name).stage, name=name)
    file = given["adapter_file"]
    if not file:
        raise Refused("Choose one of the adapters, or send one in a file.")
    try:
        text = file.read(LONGEST_ADAPTER).decode()  # type: ignore[attr-defined]
        stage = adapters.read(text).stage
    except (UnicodeDecodeError, AdapterError) as error:
        raise Refused(f"The adapter cannot be used. {error}") from error
    return foreign_versions.adapter_of(Stage(stage), text=text)
