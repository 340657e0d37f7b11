import numpy as np
import pytest
from django.core.management import CommandError, call_command

from annotate import services
from annotate.models import DefectMask
from annotate.services.exchange import FORMATS
from tests.annotate.builders import file_of, painted, ready_photo

pytestmark = pytest.mark.django_db


def exported(tmp_path, kind, **photos):
    for title, mask in photos.items():
        photo = ready_photo(title=title)
        services.import_mask(photo=photo, pixels=mask, accepted=True)
    call_command("export_masks", tmp_path / "out", format=kind)
    return sorted((tmp_path / "out").iterdir())


@pytest.mark.parametrize("kind", ["coco", "cvat", "label-studio", "labelme"])
def test_what_is_exported_can_be_imported_bit_for_bit(kind, tmp_path, capsys):
    first, second = painted(seed=1), painted(seed=2, bit=4)
    files = exported(tmp_path, kind, one=first, two=second)
    DefectMask.objects.all().delete()
    call_command("import_masks", *files, format=kind)
    for title, mask in (("one", first), ("two", second)):
        found = DefectMask.objects.get(photo__title=title)
        assert found.state == DefectMask.State.SUBMITTED
        assert np.array_equal(services.read_mask(found), mask)


def test_pictures_are_written_one_a_class(tmp_path):
    names = [path.name for path in exported(tmp_path, "png", one=painted())]
    assert names == ["one.fracture.png", "one.scuff.png"]


def test_an_eight_bit_picture_shows_the_named_class(tmp_path):
    ready_photo(title="one")
    plane = painted() > 0
    (tmp_path / "one.png").write_bytes(file_of(plane * np.uint8(255)))
    call_command("import_masks", tmp_path / "one.png", format="png", defect="hole", accepted=True)
    mask = DefectMask.objects.get()
    assert mask.state == DefectMask.State.ACCEPTED
    assert np.array_equal(services.read_mask(mask), plane * np.uint8(4))


def test_photos_of_one_title_are_told_apart(tmp_path):
    for seed in (1, 2):
        services.import_mask(photo=ready_photo(title="x"), pixels=painted(seed=seed), accepted=True)
    assert len(exported(tmp_path, "labelme")) == 2


def test_only_the_newest_accepted_mask_leaves(tmp_path):
    photo = ready_photo(title="one")
    services.import_mask(photo=photo, pixels=painted(seed=1), accepted=True)
    services.import_mask(photo=photo, pixels=painted(seed=2), accepted=True)
    services.import_mask(photo=photo, pixels=painted(seed=3))
    (file,) = exported(tmp_path, "coco")
    DefectMask.objects.all().delete()
    call_command("import_masks", file, format="coco")
    assert np.array_equal(services.read_mask(DefectMask.objects.get()), painted(seed=2))


@pytest.mark.parametrize("kind", FORMATS)
def test_rubbish_is_refused_with_a_sentence(kind, tmp_path, capsys):
    ready_photo(title="one")
    (tmp_path / "one.json").write_bytes(b"\x00rubbish")
    with pytest.raises(CommandError, match="2 of the files") as stop:
        call_command("import_masks", tmp_path / "one.json", tmp_path / "one.json", format=kind)
    assert stop.value.returncode == 2 and not DefectMask.objects.exists()


def test_a_photo_that_is_not_here_is_named(tmp_path, capsys):
    files = exported(tmp_path, "coco", one=painted())
    DefectMask.objects.get().photo.delete()
    with pytest.raises(CommandError):
        call_command("import_masks", *files, format="coco")
    assert "No photo is called one." in capsys.readouterr().err
