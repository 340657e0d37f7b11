"""Every site has the same lesson."""

import numpy as np
import pytest

from annotate.quality.scoring import grade
from annotate.services.practice import practice_photo, true_mask
from photos.models import Origin, Photo
from training import practice
from training.demo import credits_by_file


def test_the_lesson_has_all_classes_and_a_few_dozen_parts():
    picture, classes = practice.draw()
    assert picture.shape == classes.shape == (478, 1024)
    assert all(np.count_nonzero(classes & bit) > 100 for bit in (1, 2, 4))
    assert 10 <= grade(classes, classes).present <= 60


def test_the_lesson_is_always_the_same():
    assert np.array_equal(practice.draw()[0], practice.draw()[0])


@pytest.mark.django_db
def test_it_is_installed_once_and_read_by_a_worker(run_jobs, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    practice.install()
    practice.install()
    run_jobs()
    photo = Photo.objects.get(origin=Origin.PRACTICE)
    assert practice_photo() == photo
    assert photo.licence == credits_by_file()[practice.NAME]["licence"]
    assert photo.source.endswith("the damage is drawn")
    assert np.array_equal(true_mask(photo), practice.draw()[1])
