"""Builders for studies: small pictures, candidates that need no weights file."""

import hashlib
import random
import secrets

import numpy as np
import pytest

from evaluation import services
from evaluation.models import Study, Vote
from evaluation.services import control_ballots, vote_log
from photos.models import Photo
from tests.conftest import person
from training.models import ModelVersion

SECRETS = ("walnut", "hazel", "almond")  # names of models that no voter may ever read


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def same_luck(monkeypatch):
    """Sides and pairs are drawn alike in every run: a voter without fault is flagged for her sides
    once in a hundred draws, by design."""
    rng = random.Random(1978)
    monkeypatch.setattr(secrets, "SystemRandom", lambda: rng)


@pytest.fixture(autouse=True)
def ordinary(monkeypatch):
    """Only ordinary ballots, except where a test asks for others."""
    monkeypatch.setattr(control_ballots, "draw", lambda study, voter, standing: None)


def make_version(name, stage="inpainting", **more):
    return ModelVersion.objects.create(
        stage=stage,
        name=name,
        weights_sha256=hashlib.sha256(name.encode()).hexdigest(),
        gate={"passed": True},
        **more,
    )


def make_photo(title, **more):
    return Photo.objects.create(title=title, state=Photo.State.READY, width=60, height=40, **more)


def noise(seed):
    return np.random.default_rng(seed).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def fill_copies(study, photo, seed=0, same=()):
    """Blind copies as preparation makes them; positions in `same` get equal pixels."""
    outputs = {None: noise(seed)}
    for candidate in study.candidates.all():
        place = 0 if candidate.position in same else candidate.position
        outputs[candidate] = noise(100 + 10 * seed + place)
    services.store_copies(study=study, photo=photo, outputs=outputs, number=seed)


@pytest.fixture
def versions(db):
    return [make_version(name) for name in SECRETS]


@pytest.fixture
def photos(db):
    return [make_photo(f"scan {number}", album="north") for number in range(6)]


@pytest.fixture
def draft(versions, photos, admin):
    return services.create_study(
        stage="inpainting",
        question="Which is better?",
        versions=versions,
        photos=photos,
        training=False,
        created_by=admin,
    )


@pytest.fixture
def later(monkeypatch):
    """No undo window is open any more."""
    monkeypatch.setattr(vote_log, "UNDO_SECONDS", 0)
    monkeypatch.setattr(Vote, "undo_ends", property(lambda vote: vote.cast_at))


def open_now(study, same=()):
    study.prepare()
    for seed, photo in enumerate(study.photos.all()):
        fill_copies(study, photo, seed, same)
    services.finish_opening(study=study)
    study.refresh_from_db()
    return study


@pytest.fixture
def study(draft):
    """An open study of three candidates over six photos."""
    return open_now(draft)


@pytest.fixture
def voters(db):
    return [person(f"voter{number}", "voter") for number in range(6)]


def position_of(study: Study, name: str) -> int:
    return study.candidates.get(version__name=name).position
