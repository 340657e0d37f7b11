"""What lies in a run's folder, and when."""

from dataclasses import replace

import numpy as np
import pytest

from annotate.services import read_mask
from config.errors import Refused
from evaluation.services.erasure import remains
from jobs.job_context import LeaseLost
from photos import erasure, storage
from photos.decoding import scans
from tests.training.builders import photo, scratched, tiny
from training import services
from training.run_folder import RunFolder
from training.services import run_folder_writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    for number in range(3):
        scratched(number)
    photo(7)
    snapshot = services.freeze_snapshot(name="S", seed=1)
    made = services.train_later(recipe=tiny(), snapshot=snapshot, seed=5)
    run_folder_writer.write(made)
    return made


def test_the_folder_says_what_the_run_is(run):
    spec = RunFolder(run.folder).spec()
    assert (spec.seed, spec.snapshot, spec.recipe.images) == (5, run.snapshot.digest, 16)
    items = RunFolder(run.folder).items()
    assert {item.licence for item in items} == {"CC0"}
    assert sorted(item.split for item in items) == ["train", "train", "train", "validation"]


def test_pictures_are_the_frozen_ones_and_leave_with_the_loop(run):
    with run_folder_writer.pictures(run):
        for item in RunFolder(run.folder).items():
            row = run.snapshot.items.get(image_digest=item.image_sha256)
            assert (run.folder / item.image).read_bytes() == storage.read(row.photo.working)
            if item.mask:
                mask = scans.read_png((run.folder / item.mask).read_bytes())
                assert np.array_equal(mask, read_mask(row.mask))
    assert not (run.folder / "images").exists()


def test_pictures_leave_when_the_loop_fails_but_not_with_a_lost_lease(run):
    for error, left in ((ValueError, False), (LeaseLost, True)):
        with pytest.raises(error), run_folder_writer.pictures(run):
            raise error
        assert (run.folder / "images").exists() is left


def test_sixteen_bit_grey_is_read_as_eight(run):
    deep = np.full((64, 64), 0x80FF, np.uint16)
    row = photo(9, bits=16, is_grey=True)
    row.working = storage.put(scans.write_png(deep), "image/png")
    assert np.all(scans.read_png(run_folder_writer._eight_bits(row)) == 0x80)


def test_a_run_that_lost_a_photo_is_not_taken_up_again(run):
    erasure.erase_photo(photo=run.snapshot.items.exclude(mask_digest="").first().photo)
    with pytest.raises(Refused, match="withdrawn since it began"):
        run_folder_writer.bring_pictures(run)


def test_samples_of_an_erased_photo_are_forgotten(run):
    samples = run.folder / "samples"
    samples.mkdir()
    (samples / "1_0.png").write_bytes(b"a face")
    run_folder_writer.forget_erased()
    assert samples.exists()
    erasure.erase_photo(photo=run.snapshot.items.first().photo)
    run_folder_writer.forget_erased()
    assert not samples.exists()


def test_a_folder_says_nothing_of_an_erased_photo_but_digests(run):
    items = run.snapshot.items.filter(split="train")
    painted, other = items[:2]
    folder = RunFolder(run.folder)
    strokes = [{"points": [[3, 4]], "width": 2, "colour": [9, 8, 7]}]
    said = [replace(item, source="The attic", colour_hints=strokes) for item in folder.items()]
    folder.write(folder.spec(), said)
    erasure.erase_photo(photo=painted.photo)
    run_folder_writer.forget_erased()
    left = {item.image_sha256: item for item in folder.items()}
    assert len(left) == len(said)
    gone = left[painted.image_digest]
    assert (gone.image, gone.mask) == (painted.image_digest, painted.mask_digest or None)
    assert (gone.group, gone.source, gone.licence, gone.colour_hints) == ("erased", "", "", None)
    assert left[other.image_digest].colour_hints == strokes


def test_leave_that_is_taken_back_or_a_run_that_was_taken_in_wipes_no_line(run):
    run.snapshot.items.filter(split="train")[:1].get().photo.delete()  # as of a run from a shell
    owned = run.snapshot.items.filter(photo__isnull=False).first()
    type(owned.photo).objects.filter(pk=owned.photo_id).update(origin="visitor")
    said = RunFolder(run.folder).items()
    run_folder_writer.forget_erased()
    assert RunFolder(run.folder).items() == said


def test_a_folder_that_cannot_be_read_stops_no_erasure(run):
    first, other = run.snapshot.items.all()[:2]
    erasure.erase_photo(photo=first.photo)
    (run.folder / "items.jsonl").write_text('{"image": "half')
    erasure.erase_photo(photo=other.photo)
    other.photo.refresh_from_db()
    assert other.photo.state == "erased"
    assert f"a training folder that cannot be read: {run.folder.name}" in list(remains(other.photo))


def test_a_changed_mask_is_never_trained_on(run):
    mask = run.snapshot.items.exclude(mask_digest="").first().mask
    mask.tiles = None
    mask.save()
    with pytest.raises(Refused, match="no longer the one that was frozen"):
        run_folder_writer.bring_pictures(run)
