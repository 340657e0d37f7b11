"""Graphs that arrived in pieces: kept for their sender until they are imported, or for a day."""

from django.contrib.auth.models import User
from django.db.models.functions import Now

from config.errors import Refused
from photos import storage
from photos.models import Blob
from training.models import GraphFile

MOST_WAITING = 6  # of one person: networks with the data beside them, and not the disk


def require_place(owner: User | None) -> None:
    """Raises Refused where so many files of this person wait already."""
    if GraphFile.objects.filter(owner=owner).count() >= MOST_WAITING:
        raise Refused(
            f"{MOST_WAITING} files of yours wait to be imported; import or delete one first."
        )


def take(owner: User | None, name: str, file: Blob) -> GraphFile:
    """The file waits from here on. Raises Refused where nobody is signed in."""
    if owner is None:
        raise Refused("A network is sent by somebody who is signed in.")
    return GraphFile.objects.create(owner=owner, name=name or "network.onnx", file=file)


def give_up(row: GraphFile) -> None:
    """Forgets it, and its bytes where nothing else holds them."""
    file = row.file
    row.delete()
    storage.erase(file)


def keep_on(*files: Blob) -> None:
    """For another day: a job is going to read them."""
    GraphFile.objects.filter(file__in=files).update(created_at=Now())


def imported(*digests: str) -> None:
    """What became a version waits no longer."""
    for row in GraphFile.objects.filter(file__in=digests).select_related("file"):
        give_up(row)


def sweep() -> int:
    """Forgets what nobody imported in time; answers how many."""
    old = list(GraphFile.objects.old().select_related("file"))
    for row in old:
        give_up(row)
    return len(old)
