"""A photo that came in is read: decoded in a process of its own, and accepted or refused."""

from photos import storage
from photos.decoding import scans
from photos.models import Blob, Photo


def prepare_photo(photo: Photo) -> Photo:
    """Decodes a received photo and writes READY or REFUSED; the one call for workers."""
    if photo.state != Photo.State.RECEIVED or photo.original is None:
        return photo
    try:
        with (
            storage.local_file(photo.original) as source,
            scans.decoded(source, within=scans.limits(salvage=photo.salvage)) as result,
        ):
            files = _keep(result)
    except scans.RefusedScan as reason:
        photo.refuse_scan(str(reason))
        return photo
    facts = {name: value for name, value in result.facts.items() if not name.startswith("has_")}
    if not photo.accept_scan(**facts, **files):
        _drop(files)  # the photo was erased while it was being read
    return photo


def _drop(files: dict[str, Blob | None]) -> None:
    for blob in files.values():
        if blob is not None:
            storage.erase(blob)


def _keep(result: scans.Decoded) -> dict[str, Blob | None]:
    folder = result.folder
    return {
        "working": storage.put(folder / "working.png", "image/png"),
        "display": storage.put(folder / "display.jpg", "image/jpeg"),
        "preview": storage.put(folder / "preview.jpg", "image/jpeg"),
        "thumbnail": storage.put(folder / "thumbnail.jpg", "image/jpeg"),
        "cost_map": storage.put(result.cost, "image/png") if result.cost else None,
        "tiles": storage.put(result.tiles, "application/zip") if result.tiles else None,
    }
