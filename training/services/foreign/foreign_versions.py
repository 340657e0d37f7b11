"""Published networks become versions: examined and tried in a child, registered with their card."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from numpy.typing import NDArray
from PIL import Image

from config.errors import Refused
from config.words.said import plain, said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job, Queue
from photos import storage
from photos.models import Blob
from training.foreign import adapters, licences, process
from training.foreign.limits import MOST_BYTES, GraphError, RunLimits, refuse_other_files
from training.foreign.table_values import AdapterError
from training.models import ModelVersion, Stage, VersionPicture
from training.services.foreign import graph_files

BYTES = "application/octet-stream"
LONGEST = 300


@dataclass(frozen=True)
class Card:
    """What whoever imports a network says about it."""

    title: str
    licence: str
    source: str
    maker: str = ""
    noncommercial: bool = False

    def checked(self) -> Card:
        """Raises Refused where a word is missing."""
        if not self.title.strip() or len(self.title) > 120:
            raise Refused("A network needs a title of at most 120 letters.")
        if not licences.is_named(self.licence.strip()):
            raise Refused(
                "Name the licence by its SPDX identifier, such as Apache-2.0, or LicenseRef-name: "
                "without a licence nothing is imported."
            )
        if not self.source.startswith(("https://", "http://")) or len(self.source) > LONGEST:
            raise Refused("Say where the network comes from: an address that begins with https://.")
        if len(self.maker) > LONGEST:
            raise Refused(f"The maker's name is longer than {LONGEST} letters.")
        return self

    @property
    def forbids_commerce(self) -> bool:
        return self.noncommercial or licences.forbids_commerce(self.licence)


def kept(file: storage.Readable) -> Blob:
    """What a request brought, for the job; raises TooLarge beyond 2 GiB."""
    return storage.put(file, BYTES, limit=MOST_BYTES)


def limits() -> RunLimits:
    """Of the child, as the settings have them."""
    return RunLimits(
        memory=settings.IMPORTED_MEMORY_MEGABYTES * 10**6,
        seconds=settings.IMPORTED_SECONDS,
        threads=settings.TORCH_THREADS or len(os.sched_getaffinity(0)),
        providers=tuple(settings.IMPORTED_PROVIDERS),
    )


def adapter_of(stage: str, *, name: str = "", text: str = "") -> adapters.Adapter:
    """A preset by its name, or the adapter of a TOML text; of this stage. Raises Refused."""
    if stage not in Stage.values:
        raise Refused(f"There is no stage {stage!r}: one of {', '.join(Stage.values)}.")
    if bool(name) == bool(text):
        raise Refused("Name one of the adapters that ship, or give one in a file.")
    try:
        found = adapters.read(text) if text else adapters.preset(name)
    except AdapterError as error:
        raise Refused(str(error)) from error
    if found.stage != stage:
        raise Refused(f"The adapter {found.name} is for {found.stage}, not for {stage}.")
    return found


def import_model(
    *, path: Path, adapter: adapters.Adapter, card: Card, by: User | None = None
) -> ModelVersion:
    """Takes an ONNX graph into the site; the same graph is one version. Raises Refused.

    It is examined, and tried on three photographs, in a child of its own before anything is kept.
    """
    card.checked()
    try:
        refuse_other_files(path)
        with tempfile.TemporaryDirectory(prefix="heirloom-import-") as name:
            whole = Path(name) / "whole.onnx"
            facts = process.examine(path, adapter, whole, limits())
            known = ModelVersion.objects.filter(weights_sha256=_digest(whole)).first()
            if known is not None:
                raise Refused(said("gate.here-already", version=known.name))
            gate, pictures, measured = _tried(whole, adapter, str(facts["output"]))
            return _registered(whole, measured, card, facts, gate, pictures)
    except GraphError as error:
        raise Refused(error.said) from error


def _digest(path: Path) -> str:
    from photos.files import sha256

    return sha256(path)


def _tried(
    model: Path, adapter: adapters.Adapter, output: str
) -> tuple[dict[str, Any], list[tuple[bytes, bytes, str]], adapters.Adapter]:
    """What the gate keeps, pictures (given, answered, caption), and the adapter with its range."""
    from training.foreign import trial
    from training.foreign.network import ForeignNetwork
    from training.services.export_check import PHOTOS, example

    network = ForeignNetwork(model, adapter, output, limits())
    shown = [trial.example_of(*example(name), adapter.stage) for name in PHOTOS]
    try:
        found = trial.tried(network, shown)
    finally:
        network.process.close()
    gate = {
        "passed": True,
        "reason": "",
        "photos": [],
        "seconds_per_megapixel": found.seconds_per_megapixel,
        "memory_megabytes": round(found.peak / 1e6),
    }
    pictures = [
        (_given(each), _png(answer), name.capitalize())
        for each, answer, name in zip(shown, found.answers, PHOTOS, strict=True)
    ]
    return gate, pictures, found.adapter


def _given(example: Any) -> bytes:
    picture = example.picture.copy()
    if example.hole is not None:
        picture[example.hole > 0] = (200, 60, 50)
    return _png(picture)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _registered(
    whole: Path,
    adapter: adapters.Adapter,
    card: Card,
    facts: dict[str, Any],
    gate: dict[str, Any],
    pictures: list[tuple[bytes, bytes, str]],
) -> ModelVersion:
    blob = storage.put(whole, BYTES, limit=MOST_BYTES)
    with transaction.atomic():
        version = ModelVersion.objects.create(
            stage=adapter.stage,
            name=card.title.strip(),
            origin=ModelVersion.Origin.IMPORTED,
            weights=blob,
            weights_sha256=blob.digest,
            card=card_of(adapter, card, facts),
            gate=gate,
        )
        keep_pictures(version, pictures)
    return version


def keep_pictures(version: ModelVersion, pictures: list[tuple[bytes, bytes, str]]) -> None:
    """What it was given and answered in its trial, in place of earlier ones."""
    version.pictures.all().delete()
    for given, answered, caption in pictures:
        VersionPicture.objects.create(
            version=version,
            given=storage.put(given, "image/png"),
            answered=storage.put(answered, "image/png"),
            caption=caption,
        )


def card_of(adapter: adapters.Adapter, card: Card, facts: dict[str, Any]) -> dict[str, Any]:
    """The model card, in the words that the engine and the pages read of any card."""
    found: dict[str, Any] = {
        "stage": adapter.stage,
        "network": f"imported ({adapter.name})",
        "arguments": {"channels": 3 if adapter.wants_colour else 1},
        "name": card.title.strip(),
        "licences": [card.licence.strip()],
        "source": card.source,
        "maker": card.maker.strip(),
        "noncommercial": card.forbids_commerce,
        "adapter": dict(adapter.table),
        "graph": facts,
    }
    if adapter.stage == Stage.INPAINTING:
        found["hole_size_max"] = adapter.hole_size_max
    if adapter.stage == Stage.SEGMENTATION:
        found |= {"threshold": adapter.output.cut, "logit_offset": 0.0, "one_cut": True}
    return found


# --- by jobs: the page's import, and a trial anew -------------------------------------------------


def import_later(
    *, file: Blob, filename: str, beside: Blob | None, beside_name: str,
    adapter: adapters.Adapter, card: Card, by: User,
) -> Job:  # fmt: skip
    """Queues the import of files that were uploaded; a refusal is the job's reason."""
    card.checked()
    graph_files.keep_on(*filter(None, (file, beside)))
    importing = import_graph.using(title=said("job.import-graph", name=card.title), created_by=by)
    words = {name: getattr(card, name) for name in Card.__dataclass_fields__}
    return importing.later(
        file=file.digest,
        filename=filename,
        beside=beside.digest if beside else "",
        beside_name=beside_name,
        adapter=dict(adapter.table),
        card=words,
    )


@job(Precedence.IMPORT, queue=Queue.MAINTENANCE)
def import_graph(
    work: Work,
    file: str,
    filename: str,
    beside: str,
    beside_name: str,
    adapter: dict[str, Any],
    card: dict[str, Any],
) -> None:
    """Examines, tries and registers a graph that was uploaded."""
    work.progress(0.1, said("gate.reading-graph"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="heirloom-import-")))
        for digest, name in ((file, filename), (beside, beside_name)):
            if digest:
                blob = Blob.objects.get(digest=digest)
                source = stack.enter_context(storage.local_file(blob))
                _laid(source, folder / (Path(name).name or "network.onnx"))
        path = folder / (Path(filename).name or "network.onnx")
        version = import_model(path=path, adapter=adapters.of_table(adapter), card=Card(**card))
    graph_files.imported(file, beside)
    work.log(f"{version.pk} {version.stage}: {version.name}")
    work.progress(1.0, said("gate.imported", name=version.name))


def _laid(source: Path, place: Path) -> None:
    """A file of its own there: what lies beside a graph may be no link."""
    with source.open("rb") as old, place.open("xb") as new:
        while chunk := old.read(2**20):
            new.write(chunk)


def try_again(version: ModelVersion) -> None:
    """The gate of an imported network: it runs, within memory and time, and answers."""
    if version.weights is None:
        raise Refused(said("gate.no-graph"))
    adapter = adapters.of_table(version.card["adapter"])
    with storage.local_file(version.weights) as path:
        try:
            gate, pictures, _ = _tried(path, adapter, str(version.card["graph"]["output"]))
        except GraphError as error:
            gate, pictures = {"passed": False, "reason": plain(error.said), "photos": []}, []
    with transaction.atomic():
        ModelVersion.objects.filter(pk=UUID(str(version.pk))).update(gate=gate)
        keep_pictures(version, pictures)
