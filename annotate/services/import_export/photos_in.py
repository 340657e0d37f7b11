"""Photos by folder or ZIP: one after another, folders as albums; what is here already is told."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from annotate.formats.content import PICTURE_ENDINGS, bare, without_ending
from annotate.models import Import
from annotate.services.import_export import bundles, zip_entries
from annotate.services.import_export.matching import folders_of
from annotate.services.import_export.plan import HERE, LEFT_OUT, NEW, REFUSED_ROW
from config.errors import Refused
from config.words.said import Words, said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from photos import erasure, storage
from photos import services as photos
from photos.models import Blob, Photo

State = Import.State
Told = dict[str, Any]
FACTS = ("source", "licence", "wants_mask", "training_allowed")


def begun(*, name: str, options: Mapping[str, Any], by: User | None) -> Import:
    """An import of photos that come one by one."""
    return Import.objects.create(
        kind=Import.Kind.PHOTOS, state=State.DONE, name=name[:300], options=dict(options),
        created_by=by,
    )  # fmt: skip


def zip_begun(
    *, file: storage.Readable, name: str, options: Mapping[str, Any], by: User | None
) -> Import:
    """Keeps the ZIP; a worker takes the photos out of it."""
    blob = storage.put(file, "application/zip", limit=ZIP_LIMIT)
    with transaction.atomic():
        row = begun(name=name, options=options, by=by)
        row.state, row.source = State.APPLYING, blob
        row.save()
        order = take_photos.using(title=said("job.unpack"), created_by=by)
        order.later(import_id=str(row.pk))
    return row


ZIP_LIMIT = 64 << 30


def known(row: Import, digests: Mapping[str, str]) -> dict[str, str]:
    """{path: title} of those files, told by {path: digest}, that are here already."""
    found = {}
    for path, digest in digests.items():
        if twin := photos.twins(digest).first():
            _tell(row, path, HERE, said("import.here-as", title=twin.title), twin)
            found[path] = twin.title
    return found


def bring(row: Import, path: str, file: storage.Readable) -> Told:
    """One file of the import, and what became of it."""
    photo, outcome = None, NEW
    reason: Words = ""
    ending = bare(path).rpartition(".")[2].lower()
    if bundles.is_junk(path) or ending not in PICTURE_ENDINGS:
        outcome, reason = LEFT_OUT, said("import.no-photograph")
    else:
        try:
            blob = photos.keep_original(file)
            photo = photos.twins(blob.pk).first()
            if photo is None:
                photo = _add(row, path, blob)
            else:
                outcome, reason = HERE, said("import.here-as", title=photo.title)
        except Refused as refusal:
            outcome, reason = REFUSED_ROW, refusal.said
    return _tell(row, path, outcome, reason, photo)


def _tell(row: Import, path: str, outcome: str, reason: Words, photo: Photo | None) -> Told:
    title = photo.title if photo else ""
    told = {"file": path[:500], "outcome": outcome, "reason": reason, "title": title}
    row.tell(told, photo)
    return {**told, "photo": str(photo.pk) if photo else None}


def _add(row: Import, path: str, blob: Blob) -> Photo:
    options = row.options
    folders = "/".join(folders_of(path))
    album = folders if options.get("albums") and folders else str(options.get("album", ""))
    facts = {name: options[name] for name in FACTS if name in options}
    with transaction.atomic():
        photo = photos.add_photo(
            file=blob,
            title=without_ending(bare(path)),
            original_name=path,
            album=album,
            created_by=row.created_by,
            **facts,
        )
        row.photos.add(photo)
    return photo


@job(Precedence.IMPORT)
def take_photos(work: Work, import_id: str) -> None:
    """Every photograph of a ZIP; begun again it goes on, for what is here is told and passed."""
    row = Import.objects.get(pk=UUID(import_id))
    if row.state != State.APPLYING:
        return
    row.lines.all().delete()
    try:
        with (
            storage.local_file(cast(Blob, row.source)) as path,
            Path(path).open("rb") as packed,
            zip_entries.opened(packed, ZIP_LIMIT) as archive,
        ):
            entries = bundles.entries(archive.archive)
            for number, (name, entry) in enumerate(entries.items()):
                work.progress(number / len(entries), bare(name)[:200])
                with archive.open(entry) as file:
                    bring(row, name, file)
    except Refused as refusal:
        row.move(State.APPLYING, after=State.DONE, reason=refusal.said)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        row.move(State.APPLYING, after=State.DONE, reason=said("import.bad-zip", error=str(error)))
    else:
        row.move(State.APPLYING, after=State.DONE, source=None)


def undo(row: Import, by: User) -> int:
    """The photos that came in with it are erased, while nothing was built on them; or Refused."""
    brought = list(Photo.objects.filter(imports=row))
    brought += list(Photo.objects.filter(page_of__in=brought).exclude(imports=row))
    gone = [photo for photo in brought if photo.state != Photo.State.ERASED]
    for photo in gone:
        if built := built_on(photo):
            raise Refused(f"{photo}: there is {built} of it already; nothing was undone.")
    if not row.move(State.DONE, after=State.UNDONE):
        raise Refused("Only what came in can be undone, and once.")
    for photo in gone:
        erasure.erase_photo(photo=photo, erased_by=by, because="its import was undone")
    return len(gone)


ALONE = {"import", "importline", "photo", "suggestion", "erasure"}  # what no person made of a photo


def built_on(photo: Photo) -> str:
    for relation in Photo._meta.related_objects:
        model = cast(Any, relation.related_model)
        if model._meta.model_name in ALONE:
            continue
        if model._base_manager.filter(**{relation.field.name: photo}).exists():
            return f"a {model._meta.verbose_name}"
    return ""
