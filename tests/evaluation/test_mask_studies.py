"""A study of segmentation: masks are judged by what production's filler makes of them."""

import numpy as np
import pytest

from config.errors import Refused
from evaluation import services
from evaluation.stimuli import degradations, missed
from pipeline.models import Rendition
from pipeline.services import render_plan
from tests.evaluation.conftest import make_photo, make_version
from training.models import Promotion

GREY = np.full((60, 90, 3), 120, np.uint8)


def scratched(*places):
    """A damaged picture and the filled one, a block at each (row, column, side)."""
    damaged = GREY.copy()
    for row, column, side in places:
        damaged[row : row + side, column : column + side] = 250
    return damaged, GREY.copy()


@pytest.fixture
def draft(db):
    versions = [make_version(name, "segmentation") for name in ("walnut", "hazel")]
    photos = [make_photo(f"scan {number}") for number in range(3)]
    return services.create_study(
        stage="segmentation", question="Which is better?", versions=versions, photos=photos
    )


def fill(draft, photo, number):
    damaged, filled = scratched((5, 5, 20), (40, 10, 8), (20, 60, 8))
    outputs = {None: damaged} | dict.fromkeys(draft.candidates.all(), filled)
    services.store_copies(study=draft, photo=photo, outputs=outputs, number=number)


def test_it_opens_only_where_something_fills(draft, admin):
    with pytest.raises(Refused, match="no filler is in production"):
        services.open_study(study=draft, by=admin)
    filler = make_version("filler")
    Promotion.objects.create(stage="inpainting", version=filler, reason="first")
    services.open_study(study=draft, by=admin)
    assert draft.state == "preparing"
    walnut = draft.candidates.first().version
    plan = render_plan.plan_for(draft.photos.first()).standing_in(walnut)
    kind = render_plan.KIND_OF["segmentation"]
    assert kind == Rendition.Kind.INPAINTED
    assert plan.parts(kind) == {"segmentation": walnut, "inpainting": filler}


def test_the_control_lacks_a_third_of_the_marks(draft):
    for number, photo in enumerate(draft.photos.all()):
        fill(draft, photo, number)
    gold = draft.blind_copies.filter(degraded=True, lesson=False)
    assert set(gold.values_list("flaw", flat=True)) == {degradations.MISSED}
    lessons = draft.blind_copies.filter(lesson=True)
    assert sorted(lessons.values_list("flaw", flat=True)) == ["crushed", "crushed", "missed"]


def test_the_largest_third_is_dropped_whole_and_nothing_else():
    damaged, filled = scratched((5, 5, 20), (40, 10, 8), (20, 60, 8))
    spoilt = degradations.spoil(filled, degradations.MISSED, damaged)
    assert (spoilt[5:25, 5:25] == 250).all()
    assert (spoilt[40:48, 10:18] == 120).all() and (spoilt[20:28, 60:68] == 120).all()


@pytest.mark.parametrize(("marks", "dropped"), [(1, 1), (2, 1), (3, 1), (6, 2), (7, 2)])
def test_one_in_three_and_one_at_least(marks, dropped):
    damaged, filled = scratched(*((5 + 30 * (n // 4), 4 + 20 * (n % 4), 8) for n in range(marks)))
    spoilt = missed.without_a_third(filled, damaged)
    assert (spoilt == 250).all(axis=2).sum() == 64 * dropped


def test_where_nothing_was_filled_nothing_can_be_missed():
    assert not missed.can_miss(GREY, GREY) and not missed.can_miss(GREY, None)
