"""A version's files: weights, the export, and its card as Markdown."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from photos.blob_responses import stream
from training.cards.markdown import card_markdown
from training.models import ModelVersion
from training.views.access import lookers


def _version(version_id: UUID) -> ModelVersion:
    return get_object_or_404(ModelVersion.objects.select_related("weights", "onnx"), pk=version_id)


@lookers
def version_onnx(request: HttpRequest, version_id: UUID) -> HttpResponseBase:
    """The export, which is there once it was found to match."""
    version = _version(version_id)
    name = f"{version.stage}-{version.weights_sha256[:12]}.onnx"
    return stream(request, version.onnx, filename=name)


@lookers
def version_card(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """README.md, as the Hub wants it beside weights."""
    version = _version(version_id)
    if version.builtin:
        raise Http404("A yardstick has no weights and no card.")
    files = {"onnx": version.onnx, "safetensors": version.weights}
    text = card_markdown(
        name=version.name,
        stage=version.stage,
        card=version.card,
        metrics=version.metrics,
        sha256=version.weights_sha256,
        sizes=[(form, blob.size) for form, blob in files.items() if blob is not None],
    )
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="README.md"'
    return answer
