"""A rival's folder or ZIP becomes pictures of a draft's photos, with what was said about each."""

import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from annotate.services.import_export import zip_entries
from annotate.services.import_export.bundles import entries, is_junk
from config.errors import Refused
from config.web.disk_reserve import require_room
from config.words.said import Words, plain, read, said
from evaluation.models import Candidate, Rival, RivalPicture, Study
from evaluation.services.planning import MAX_CANDIDATES
from evaluation.services.rivals.matching import matched
from evaluation.stimuli.fitting import Fitted, Unfit, fit
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job, Queue
from photos import storage
from photos.decoding import scans
from photos.models import Blob, Photo
from training.models import Stage

MOST_FILES = 2000
MOST_UNPACKED = 8 * 2**30
LOSSY = ("JPEG", "WebP", "HEIC", "AVIF", "JPEG 2000", "GIF")  # mostly, or by their palette
Progress = Callable[[float, Words], None]


@dataclass(frozen=True)
class Card:
    """What is said about a rival; `name` is what commands call it."""

    name: str
    title: str = ""
    maker: str = ""
    licence: str = ""
    source: str = ""

    def checked(self) -> "Card":
        """With a title. Raises Refused where a word is missing or too long."""
        if not self.name.strip() or len(self.name) > 80:
            raise Refused("A rival needs a name of at most 80 letters.")
        for word, most in (("title", 120), ("maker", 200), ("licence", 120), ("source", 300)):
            if len(getattr(self, word)) > most:
                raise Refused(f"The {word} of a rival has at most {most} letters.")
        return Card(
            self.name.strip(), self.title.strip() or self.name.strip(),
            self.maker.strip(), self.licence.strip(), self.source.strip(),
        )  # fmt: skip


def nobody_watches(done: float, message: Words) -> None:
    """Progress that nobody asked for."""


@contextmanager
def opened(source: Path) -> Iterator[dict[str, Path]]:
    """The files of a folder or a ZIP by their names. Raises Refused."""
    if source.is_dir():
        files = [path for path in sorted(source.iterdir()) if path.is_file()]
        yield {path.name: path for path in files if not is_junk(path.name)}
        return
    if not source.is_file():
        raise Refused(said("rival.no-folder", name=source.name))
    with tempfile.TemporaryDirectory(prefix="rival-") as name:
        yield _unpacked(source, Path(name))


def _unpacked(source: Path, folder: Path) -> dict[str, Path]:
    """Members by their last name, each in a file of ours: their paths are never followed."""
    found: dict[str, Path] = {}
    with source.open("rb") as file, zip_entries.opened(file, MOST_UNPACKED) as archive:
        if twice := [name for name, count in Counter(archive.names).items() if count > 1]:
            raise Refused(said("rival.called-alike", name=twice[0]))
        members = {
            path: member for path, member in entries(archive.archive).items() if not is_junk(path)
        }
        if len(members) > MOST_FILES:
            raise Refused(said("rival.too-many", count=len(members), most=MOST_FILES))
        require_room(sum(member.file_size for member in members.values()))
        for number, (path, member) in enumerate(members.items()):
            name = PurePosixPath(path).name
            if name in found:
                raise Refused(said("rival.called-alike", name=name))
            found[name] = folder / str(number)
            _lay(archive, member, found[name])
    return found


def _lay(archive: zip_entries.ZipEntries, member: zipfile.ZipInfo, place: Path) -> None:
    try:
        with archive.open(member) as packed, place.open("wb") as file:
            shutil.copyfileobj(packed, file)
    except zip_entries.BROKEN_ENTRY as error:
        raise Refused(f"{member.filename} cannot be read from this ZIP.") from error


def add_outputs(
    *,
    study: Study,
    card: Card,
    source: Path,
    by: User | None = None,
    progress: Progress = nobody_watches,
) -> Rival:
    """A rival of a draft from a folder or ZIP; the same name again replaces its pictures.

    Files that match no photo, or do not fit theirs, are kept by name with the reason.
    """
    card = card.checked()
    check_draft(study)
    with opened(source) as files:
        if not files:
            raise Refused(said("rival.empty"))
        found, passed_over = matched(files, study.photos.select_related("working"))
        made: dict[Photo, RivalPicture] = {}
        for number, (photo, name) in enumerate(found.items()):
            at = said("rival.reading", file=name[:200], number=number + 1, of=len(found))
            progress(number / len(found), at)
            try:
                fitted, lossy = _fitted(study, photo, files[name])
            except (Unfit, scans.RefusedScan) as reason:
                passed_over[name] = read(reason.args[0])
                continue
            made[photo] = RivalPicture(
                photo=photo,
                image=storage.put(scans.write_png(fitted.pixels), "image/png"),
                file_name=name[:200],
                fitted="" if fitted.said is None else read(fitted.said),
                lacks=fitted.lacks,
                lossy=lossy,
            )
    if not made:
        file, why = next(iter(passed_over.items()), ("", ""))
        raise Refused(said("rival.none-taken", count=len(files), file=file, why=why))
    return _keep(study, card, list(made.values()), passed_over, by)


def _fitted(study: Study, photo: Photo, path: Path) -> tuple[Fitted, bool]:
    """The picture on the photo's grid, and whether it came in a lossy format."""
    if path.stat().st_size > settings.SCAN_MAX_BYTES:
        raise Unfit(said("unfit.large"))
    with scans.decoded(path, within=scans.limits()) as result:
        picture = scans.read_png((result.folder / "working.png").read_bytes())
        read_as = result.facts["transform"]
    if photo.working is None:
        raise Unfit(said("unfit.no-picture"))
    coloured = study.stage == Stage.COLORIZATION
    working = scans.read_working(photo.working)
    found = fit(picture, working, coloured=coloured, free=study.is_free)
    return found, read_as["format"] in LOSSY


@transaction.atomic
def _keep(
    study: Study,
    card: Card,
    made: Sequence[RivalPicture],
    passed_over: Mapping[str, Words],
    by: User | None,
) -> Rival:
    row = Study.objects.locked(study.pk)
    check_draft(row)
    words = {"title": card.title, "maker": card.maker, "licence": card.licence}
    words |= {"source": card.source}
    told = [{"file": name[:200], "reason": plain(why)} for name, why in passed_over.items()]
    rival, new = Rival.objects.update_or_create(
        study=row, name=card.name, defaults={**words, "passed_over": told, "created_by": by}
    )
    if new and row.candidates.count() >= MAX_CANDIDATES:
        raise Refused(said("study.most-candidates", most=MAX_CANDIDATES))
    rival.pictures.all().delete()
    for picture in made:
        picture.rival = rival
    RivalPicture.objects.bulk_create(made)
    if new:
        last = row.candidates.order_by("-position").values_list("position", flat=True).first()
        place = 0 if last is None else last + 1
        Candidate.objects.create(study=row, rival=rival, position=place)
    row.takes_files = True
    row.save(update_fields=["takes_files"])
    row.blind_copies.all().delete()
    return rival


@transaction.atomic
def remove_rival(*, rival: Rival) -> None:
    """Out of a draft; the other candidates close up."""
    study = Study.objects.locked(rival.study_id)
    check_draft(study)
    rival.delete()
    study.blind_copies.all().delete()
    for position, candidate in enumerate(study.candidates.order_by("position")):
        Candidate.objects.filter(pk=candidate.pk).update(position=position)


def check_draft(study: Study) -> None:
    """Raises Refused where the study is no draft any more."""
    if study.state != Study.State.DRAFT:
        raise Refused(said("study.no-draft", study=str(study)))


# --- by a job: what a page or the API sends -------------------------------------------------------


def add_outputs_later(*, study: Study, card: Card, file: storage.Readable, by: User) -> Job:
    """Queues the reading of a ZIP; a refusal is the job's reason."""
    card = card.checked()
    check_draft(study)
    blob = storage.put(file, "application/zip", limit=MOST_UNPACKED)
    reading = read_outputs.using(title=said("job.read-pictures", rival=card.title), created_by=by)
    study.job = reading.later(
        study_id=str(study.pk),
        zip_digest=blob.digest,
        card={word: getattr(card, word) for word in Card.__dataclass_fields__},
        by=by.pk,
    )
    study.save(update_fields=["job"])
    return study.job


@job(Precedence.IMPORT, queue=Queue.MAINTENANCE)
def read_outputs(work: Work, study_id: str, zip_digest: str, card: dict[str, str], by: int) -> None:
    """Reads a rival's ZIP; deleted afterwards, since every picture of it is kept by itself."""
    study = Study.objects.filter(pk=study_id).first()
    blob = Blob.objects.filter(digest=zip_digest).first()
    if study is None or blob is None:
        return
    with ExitStack() as stack:
        source = stack.enter_context(storage.local_file(blob))
        user = User.objects.filter(pk=by).first()
        add_outputs(study=study, card=Card(**card), source=source, by=user, progress=work.progress)
    storage.erase(blob)
