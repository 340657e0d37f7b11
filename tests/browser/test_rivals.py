"""Rivals on the pages: two folders of outputs beside our filler, and imported networks that win."""

import zipfile

import cv2
import numpy as np
import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from annotate import services as annotate
from annotate.models import DefectMask
from evaluation import services
from evaluation.models import Ballot, Study, Vote
from evaluation.services import control_ballots, vote_log
from evaluation.statistics import replay, verdict
from evaluation.statistics.voters import screening
from photos.decoding import scans
from pipeline.models import Restoration
from pipeline.services.rendering import model_loading
from tests.browser.test_restore import finish
from tests.browser.test_voting import ready
from tests.browser.waiting import until
from tests.conftest import person
from tests.pipeline.builders import production, ready_photo
from tests.training.foreign import made
from training.models import ModelVersion, Promotion

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOLE = (slice(60, 90), slice(70, 110))


@pytest.fixture(autouse=True)
def site(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.IMPORTED_MEMORY_MEGABYTES, settings.TORCH_THREADS = 3000, 1
    monkeypatch.setattr(model_loading, "EXPORTS", tmp_path / "exports")
    monkeypatch.setattr(model_loading, "_kept", {})
    monkeypatch.setattr(control_ballots, "draw", lambda study, voter, standing: None)
    monkeypatch.setattr(vote_log, "UNDO_SECONDS", 0)
    monkeypatch.setattr(screening, "HASTE_SECONDS", 0)  # a script looks as shortly as it may
    monkeypatch.setattr(Vote, "undo_ends", property(lambda vote: vote.cast_at))


def scene(seed, height=180, width=240):
    rng = np.random.default_rng(seed)
    rough = cv2.GaussianBlur(rng.normal(0, 1, (height, width, 3)), (0, 0), 6)
    return np.clip(128 + 500 * rough, 0, 255).astype(np.uint8)


@pytest.fixture
def ours(transactional_db, tmp_path):
    return production(tmp_path)


@pytest.fixture
def photos(ours):
    rows = []
    for seed in range(4):
        pixels = scene(seed)
        pixels[HOLE] = 250
        rows.append(ready_photo(pixels, title=f"scan {seed}"))
        bits = np.zeros(pixels.shape[:2], np.uint8)
        bits[HOLE] = 1
        origin = DefectMask.Origin.PAINTED
        annotate.import_mask(photo=rows[-1], pixels=bits, accepted=True, origin=origin)
    return rows


@pytest.fixture
def voters(transactional_db):
    return [person(f"voter{number}", "voter") for number in range(5)]


def packed(path, photos, change):
    """A ZIP of what a rival made of each photo."""
    with zipfile.ZipFile(path, "w") as archive:
        for photo in photos:
            file = path.with_name(f"{photo.title}.png")
            Image.fromarray(change(scans.read_working(photo.working).copy())).save(file)
            archive.write(file, file.name)
    return path


def filled(pixels):
    pixels[HOLE] = pixels[55:60, 70:110].mean(axis=(0, 1))
    return pixels


def bright(pixels):
    return np.clip(filled(pixels).astype(int) + 12, 0, 255).astype(np.uint8)


def planned(page, stage, *, files=False, versions=()):
    """A draft on the pages, of all photos; the number of the study."""
    page.goto(f"/studies/new/?stage={stage}")
    for version in versions:
        page.get_by_label(version, exact=True).check()
    if files:
        page.get_by_label("Pictures made elsewhere stand in it too").check()
    for box in page.get_by_role("group", name="Photos").get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Voters practise first").uncheck()
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_url("**/studies/*/")
    return Study.objects.latest("number")


def opened(page, study):
    page.goto(reverse("study", args=[study.number]))
    page.get_by_role("button", name="Make the pictures and open").click()
    page.get_by_text("are being made").wait_for()
    finish()
    study.refresh_from_db()
    assert study.is_open, study.job.error
    page.reload()
    page.get_by_text("Ordinary votes").wait_for()


def voted(open_page, study, voters, best):
    """Every voter's page in turn, one key a vote, until the votes name a winner."""
    place = next(c.position for c in study.candidates.all() if c.title == best)
    pages = [open_page(voter) for voter in voters]
    for turn in range(12 * len(voters)):
        page, voter = pages[turn % len(voters)], voters[turn % len(voters)]
        if page.url == "about:blank":
            page.goto(reverse("vote", args=[study.number]))
        ready(page)
        # The page holds the next ballot too: the first is the one that is shown.
        held = Ballot.objects.filter(study=study, voter=voter, state="issued")
        ballot = held.earliest("issued_at")
        before = study.votes.count()
        keys = ["ArrowLeft", "ArrowRight"]
        page.keyboard.press(
            keys[ballot.slots.index(place)] if place in ballot.slots else "ArrowDown"
        )
        until(
            page,
            "count => document.body.innerText.includes(`You have cast ${count} vote`)",
            arg=turn // len(voters) + 1,
        )
        assert study.votes.count() > before
        round_over = turn % len(voters) == len(voters) - 1 and turn > len(voters)
        if round_over and services.results(study, options=verdict.QUICK)["winner"]:
            break
    for page in pages:
        page.close()


def closed(page, study):
    page.goto(reverse("study", args=[study.number]))
    page.get_by_role("button", name="Close and decide").click()
    page.get_by_role("dialog").get_by_role("button", name="Close and decide").click()
    page.wait_for_url("**/results/")
    page.errors.clear()  # the browser notes the 409 of a ballot that came too late
    study.refresh_from_db()


def replayed(page, study, folder):
    with page.expect_download() as fetched:
        page.locator(f"a[href='{reverse('export-study', args=[study.number])}']").click()
    path = folder / "export.zip"
    fetched.value.save_as(path)
    return replay.differences(path)


def test_two_folders_of_outputs_beside_our_filler(
    open_page, accessible, admin, ours, photos, voters, tmp_path
):
    page = open_page(admin)
    study = planned(page, "inpainting", files=True)
    page.get_by_role("link", name="Add pictures from files").click()
    sets = {"Big LaMa": filled, "Loud": bright}
    for title, change in sets.items():
        page.get_by_label("Name").fill(title.lower())
        page.get_by_label("Title").fill(title)
        page.get_by_label("Licence").fill("Apache-2.0")
        page.get_by_label("ZIP of pictures").set_input_files(
            packed(tmp_path / f"{change.__name__}.zip", photos, change)
        )
        page.get_by_role("button", name="Add the pictures").click()
        page.get_by_text(f"Read the pictures of {title}").wait_for()
        finish()
        page.get_by_role("heading", name=title).wait_for()
    accessible(page)
    opened(page, study)
    voted(open_page, study, voters, "Big LaMa")
    closed(page, study)
    expect(page.get_by_role("heading", name="Big LaMa wins")).to_be_visible()
    expect(page.get_by_text("Nothing is promoted: production stays as it is.")).to_be_visible()
    expect(page.get_by_text("Loud changed 100 % of the sound pixels.")).to_be_visible()
    assert page.get_by_role("button", name="Promote").count() == 0
    accessible(page)
    assert replayed(page, study, tmp_path) == []
    assert Promotion.objects.current("inpainting").version == ours["inpainting"]


def imported(page, path, title, adapter, stage):
    page.goto("/training/models/")
    page.get_by_role("link", name="Import a network").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("ONNX graph").set_input_files(path)
    page.locator("#id_adapter").select_option(adapter)
    page.get_by_label("Licence", exact=False).first.fill("Apache-2.0")
    page.get_by_label("Comes from").fill("https://example.org/net")
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/activity/*/")
    finish()
    assert ModelVersion.objects.filter(name=title, stage=stage).exists()


def promoted(page, title):
    expect(page.get_by_role("heading", name=f"{title} wins")).to_be_visible()
    page.get_by_role("button", name=f"Promote {title}").click()
    page.get_by_text(f"{title} is in production now.").wait_for()


def test_imported_networks_win_restore_and_are_rolled_back(
    open_page, accessible, admin, ours, photos, voters, tmp_path
):
    page = open_page(admin)
    page.goto("/training/models/import/")
    accessible(page)
    imported(page, made.lama(tmp_path / "lama.onnx"), "Diffusion", "lama", "inpainting")
    imported(page, made.ddcolor(tmp_path / "tint.onnx"), "Tint", "ddcolor", "colorization")
    for stage, title in (("inpainting", "Diffusion"), ("colorization", "Tint")):
        study = planned(page, stage, versions=[title])
        opened(page, study)
        voted(open_page, study, voters, title)
        closed(page, study)
        promoted(page, title)
        page.goto(reverse("version", args=[Promotion.objects.current(stage).version_id]))
        expect(page.get_by_text("s a megapixel")).to_be_visible()
        accessible(page)

    grey = tmp_path / "Grandmother.png"
    Image.fromarray(scene(9)).convert("L").save(grey)
    page.goto("/restore/")
    page.set_input_files("#id_photos", grey)
    page.get_by_role("button", name="Restore", exact=True).click()
    page.wait_for_selector("#progress")
    finish()
    page.wait_for_selector("photo-compare.ready")
    row = Restoration.objects.latest("created_at")
    coloured = next(made for made in row.results if made.kind == "colorized")
    assert coloured.report["weights"]["colorization"]["name"] == "Tint"
    pixels = scans.read_working(coloured.image).astype(int)
    assert (pixels[..., 0] - pixels[..., 2]).mean() > 20

    for stage, title in (("inpainting", "Diffusion"), ("colorization", "Tint")):
        page.goto(reverse("production_rollback", args=[stage]))
        page.get_by_role("button", name=f"Put tiny {stage} back").click()
        page.get_by_text(f"tiny {stage} is back in production").wait_for()
        assert Promotion.objects.current(stage).version == ours[stage]
        assert title != Promotion.objects.current(stage).version.name


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_fit(open_page, accessible, admin, ours, photos, width, tmp_path):
    from evaluation.services.rivals import adding

    study = services.create_study(
        stage="inpainting",
        question="Which?",
        versions=[ours["inpainting"]],
        photos=photos,
        takes_files=True,
    )
    source = packed(tmp_path / "theirs.zip", photos[:3], filled)
    adding.add_outputs(study=study, card=adding.Card("lama", "Big LaMa"), source=source)
    page = open_page(admin, width=width)
    for name, *at in (("rivals", study.number), ("study", study.number), ("import_model",)):
        page.goto(reverse(name, args=at))
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
    page.goto("/studies/new/?stage=free")
    expect(page.get_by_text("A free study rates any sets of pictures")).to_be_visible()
