"""The whole loop on toy sizes: paint, review, snapshot, train, study, vote, promote, restore.

The best first file for a newcomer: every step is one call that a page or command makes too.
"""

import numpy as np
import pytest

from annotate import services as annotate
from annotate.models import DefectMask
from config.errors import Refused
from evaluation import services as evaluation
from evaluation.services import votes
from jobs.models import Job, State
from photos import services as photos
from photos.decoding import scans
from photos.masks import arrays, classes
from photos.masks.tiles import encode_tiles, split_tiles
from photos.models import Photo
from pipeline import services as pipeline
from pipeline.models import Rendition
from tests.conftest import person
from training import services as training
from training.models import ModelVersion, Promotion, Stage
from training.recipes import changed, preset

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def scan(seed, *, scratch):
    """A 96 x 128 picture in colour, with or without a white scratch."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(60, 180, 128)[None, :, None] * np.array([1.0, 0.9, 0.7])
    picture = ramp + 25 * np.sin(np.arange(96) / (5 + seed))[:, None, None]
    picture = picture + rng.normal(0, 4, (96, 128, 1))
    if scratch:
        picture[20:80, 60:63] = 245
    return scans.write_png(np.clip(picture, 0, 255).astype(np.uint8))


def scratch_mask():
    pixels = np.zeros((96, 128), np.uint8)
    pixels[20:80, 60:63] = classes.FRACTURE
    return pixels


def import_photos(run_jobs):
    for seed in range(4):
        title, scratched = f"Scan {seed}", seed < 2
        photos.add_photo(
            file=scan(seed, scratch=scratched),
            title=title,
            wants_mask=scratched,
            training_allowed=True,
            album=title,
            licence="CC0",
        )
    run_jobs()
    assert set(Photo.objects.values_list("state", flat=True)) == {Photo.State.READY}


def paint(assessor):
    assignment = annotate.claim_assignment(assessor=assessor)
    pixels = scratch_mask()
    body = encode_tiles(split_tiles(pixels))
    saved = annotate.save_strokes(
        assignment=assignment, body=body, base_revision=0, client="c", first_seq=1, last_seq=1
    )
    return annotate.submit_mask(
        assignment=assignment, revision=saved.revision, digest=arrays.digest(pixels)
    )


def train(run_jobs, snapshot, stage, admin):
    recipe = changed(
        preset(stage, "tiny"),
        images=8,
        epoch_images=8,
        size=64,
        large_crop_size=64,
        validation_size=64,
    )
    run = training.train_later(recipe=recipe, snapshot=snapshot, created_by=admin)
    run_jobs()
    run.refresh_from_db()
    assert run.job.state == State.SUCCEEDED, run.job.error
    assert run.metrics.filter(split="validation").exists()
    return run.version


def telea():
    """The rival that a migration made; another test's flush may have emptied the table."""
    facts = {"stage": Stage.INPAINTING, "name": "OpenCV Telea", "weights_sha256": "builtin:telea"}
    return ModelVersion.objects.get_or_create(builtin="telea", defaults=facts)[0]


def vote_for(study, version, voters):
    """Everybody prefers one candidate, whichever side it is shown on, until enough is known."""
    wanted = study.candidates.get(version=version).position
    for round_number in range(12):
        for voter in voters:
            try:
                ballot = votes.next_ballot(study=study, voter=voter)
            except Refused:
                return
            outcome = "left" if ballot.slots[0] == wanted else "right"
            votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=3.0 + round_number)


def test_from_a_painted_mask_to_a_promoted_model(run_jobs, assessor, reviewer, admin):
    # paint and review
    import_photos(run_jobs)
    for _ in range(2):
        mask = paint(assessor)
        annotate.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    assert DefectMask.objects.filter(state=DefectMask.State.ACCEPTED).count() == 2

    # freeze and train all three stages
    snapshot = training.freeze_snapshot(
        name="First", seed=1, validation_share=0.3, created_by=admin
    )
    versions = {stage: train(run_jobs, snapshot, stage, admin) for stage in Stage.values}
    for version in versions.values():
        assert version.gate["passed"], version.gate
    for stage in (Stage.SEGMENTATION, Stage.COLORIZATION):
        training.promote(version=versions[stage], reason="the first there is", promoted_by=admin)

    # a blind study between the network and a rival that learnt nothing
    rival = telea()
    network = versions[Stage.INPAINTING]
    study = evaluation.create_study(
        stage=Stage.INPAINTING,
        question="Which is better?",
        versions=[network, rival],
        photos=Photo.objects.filter(wants_mask=True),
        training=False,
        created_by=admin,
    )
    evaluation.open_study(study=study, by=admin)
    run_jobs()
    study.refresh_from_db()
    assert study.is_open, study.job.error
    vote_for(study, network, [person(f"voter{number}", "voter") for number in range(6)])

    # the verdict promotes, with the study's digest
    evaluation.close_study(study=study, by=admin)
    study.refresh_from_db()
    assert study.decision["promotable"], study.decision["guards"]
    evaluation.promote_winner(study=study, by=admin)
    assert Promotion.objects.current(Stage.INPAINTING).study_digest == study.digest

    # the next visitor's photo is restored by the winner
    restoration = pipeline.restore_later(file=scan(9, scratch=True), name="Grandmother")
    run_jobs()
    restoration.refresh_from_db()
    assert restoration.job.state == State.SUCCEEDED, restoration.job.error
    made = {rendition.kind: rendition for rendition in restoration.renditions.all()}
    assert {"inpainted", "inpainted_colorized", "colorized"} <= set(made)
    assert made[Rendition.Kind.INPAINTED].inpainting == network
    assert not Job.objects.filter(state=State.FAILED).exists()
