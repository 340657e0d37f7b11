"""Categories of a study: albums, or faces where the weights say so."""

import pytest

from config.errors import Refused
from evaluation.services import categories
from pipeline.models import Rendition
from tests.pipeline.builders import ready_photo

pytestmark = pytest.mark.django_db
BY_FACES = {"with faces": 2.0, "without faces": 1.0}


def looked_at(title, faces):
    photo = ready_photo(title=title, album="attic")
    facts = {"recipe": title, "width": 50, "height": 70, "report": {"faces": faces}}
    Rendition.objects.create(photo=photo, kind="colorized", **facts)
    return photo


def test_albums_unless_the_weights_name_faces():
    photos = [looked_at("Ida", [{"x": 1}]), looked_at("Barn", [])]
    assert categories.of(photos, {}) == ["attic", "attic"]
    assert categories.of(photos, {"attic": 1.0}) == ["attic", "attic"]
    assert categories.of(photos, BY_FACES) == ["with faces", "without faces"]


def test_a_photo_nobody_looked_at_is_named():
    photos = [looked_at("Ida", []), ready_photo(title="Plate 12")]
    with pytest.raises(Refused, match="Nobody looked for faces in Plate 12"):
        categories.of(photos, BY_FACES)
