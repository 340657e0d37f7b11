"""A backup keeps which photograph is cut from which, and a cut goes again with its scan."""

import pytest
from django.core.management import call_command

from photos import erasure
from photos.decoding.scanner.frames import Frame
from photos.framing import framed
from photos.models import Photo
from tests.annotate.builders import ready_photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def framing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    whole = ready_photo(origin="visitor")
    made = framed(whole, Frame.parsed("1.5,0.1,0.1,0.5,0.5"))
    call_command("backup", str(tmp_path / "monday"))
    return made


@pytest.mark.services
def test_it_comes_back_as_a_cut_of_the_same_scan(framing, tmp_path):
    reading = framing.reading
    Photo.objects.update(framed_of=None, reading=None)
    call_command("restore_backup", str(tmp_path / "monday"), "--overwrite")
    framing.refresh_from_db()
    assert framing.reading == reading == {"frame": reading["frame"]}
    assert framing.framed_of is not None
    assert framed(framing.framed_of, Frame.of(reading["frame"])) == framing
    assert framing.framed_of.original_id == framing.original_id


def test_a_scan_that_was_erased_since_takes_its_cuts_along_again(framing, tmp_path):
    erasure.erase_photo(photo=framing.framed_of, because="he asked")
    call_command("restore_backup", str(tmp_path / "monday"), "--overwrite")
    assert {photo.state for photo in Photo.objects.all()} == {Photo.State.ERASED}
    assert Photo.objects.count() == 2
    assert not [path for path in (tmp_path / "media").glob("??/*") if path.is_file()]
