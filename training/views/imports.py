"""The page that takes in a network that others published; a worker examines and tries it."""

from pathlib import PurePath

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from config.errors import Refused
from training.foreign import adapters
from training.foreign.limits import EXPORT, MOST_BYTES
from training.models import Stage
from training.services import foreign_versions
from training.views.access import admins, user_of

OWN = "own"
LONGEST_ADAPTER = 64 * 1024


def _choices() -> list[tuple[str, str]]:
    tables = [(name, adapters.preset(name).table) for name in adapters.names()]
    return [*((name, str(table["title"])) for name, table in tables), (OWN, "a file of my own")]


class ImportForm(forms.Form):
    """A graph, how it is to be read, and where it comes from."""

    title = forms.CharField(max_length=120, help_text="What pages call it.")
    graph = forms.FileField(
        label="ONNX graph", help_text="2 GiB at most; larger lines do better with import_model."
    )
    beside = forms.FileField(
        required=False, label="Data beside it", help_text="The file that holds its weights, if any."
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


@never_cache
@admins
def import_page(request: HttpRequest) -> HttpResponse:
    """POST leaves the files to a job, whose page says what became of them."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = _queued(request, form)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("job", job)
    context = {"form": form, "presets": [adapters.preset(n).table for n in adapters.names()]}
    status = 400 if form.errors else 200
    return render(request, "training/import.html", context, status=status)


def _queued(request: HttpRequest, form: ImportForm) -> str:
    given = form.cleaned_data
    adapter = _adapter(given)
    graph, beside = given["graph"], given["beside"]
    if graph.size > MOST_BYTES:
        raise Refused("The graph is larger than 2 GiB.")
    if PurePath(graph.name).suffix.lower() in (".pt", ".pth", ".ckpt", ".pkl", ".safetensors"):
        raise Refused(f"{graph.name} is a checkpoint, not a graph.{EXPORT}")
    card = foreign_versions.Card(
        **{w: given[w] for w in ("title", "licence", "source", "maker", "noncommercial")}
    ).checked()
    job = foreign_versions.import_later(
        file=foreign_versions.kept(graph),
        filename=PurePath(graph.name).name,
        beside=foreign_versions.kept(beside) if beside else None,
        beside_name=PurePath(beside.name).name if beside else "",
        adapter=adapter,
        card=card,
        by=user_of(request),
    )
    return str(job.pk)


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
    except (UnicodeDecodeError, adapters.AdapterError) as error:
        raise Refused(f"The adapter cannot be used. {error}") from error
    return foreign_versions.adapter_of(Stage(stage), text=text)
