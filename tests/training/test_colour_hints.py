"""Which rows of a snapshot a colour run takes: those in colour, and grey ones that were painted on."""

import pytest

from config.errors import Refused
from tests.training.builders import photo, scratched
from training.models import SnapshotItem
from training.recipes import preset
from training.services.runs import train_later
from training.services.snapshots import freeze_snapshot

pytestmark = pytest.mark.django_db
STROKE = {"points": [[20, 30]], "width": 9, "colour": [150, 60, 50]}


def painted(row):
    SnapshotItem.objects.filter(photo=row).update(colour_hints=[STROKE])


def test_grey_and_damaged_photos_teach_colour_where_somebody_painted():
    coloured = photo(1)
    grey, plain = photo(2, is_grey=True, origin="visitor"), photo(3, is_grey=True)
    damaged = scratched(4, is_grey=True).photo
    snapshot = freeze_snapshot(name="all", validation_share=0.0)
    painted(grey)
    painted(damaged)
    rows = snapshot.items.usable_for("colorization")
    assert {row.photo_id for row in rows} == {coloured.pk, grey.pk, damaged.pk}
    assert plain.pk in {row.photo_id for row in snapshot.items.usable_for("inpainting")}
    grey.training_allowed = False
    grey.save()
    assert grey.pk not in {row.photo_id for row in snapshot.items.usable_for("colorization")}


def test_strokes_alone_are_too_little_to_begin_with():
    grey = photo(2, is_grey=True)
    snapshot = freeze_snapshot(name="grey", validation_share=0.0)
    painted(grey)
    with pytest.raises(Refused, match="colour"):
        train_later(recipe=preset("colorization", "tiny"), snapshot=snapshot)
