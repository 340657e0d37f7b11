"""Who may open which page, and what each page says and does."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from jobs.models import Job, State
from photos import erasure
from tests.training.builders import measured, photo, scratched, tiny, version
from training import services
from training.models import DatasetSnapshot, Promotion, TrainingRun

pytestmark = pytest.mark.django_db
CAST = ("assessor", "reviewer", "voter", "admin", "stranger", None)
PAGES = ("snapshots", "snapshot", "runs", "run", "versions", "version", "production")
ACTS = ("snapshots/freeze", "runs/new", "run/cancel", "run/resume", "version/promote", "rollback")


@pytest.fixture
def run():
    scratched(1)
    photo(2)
    snapshot = services.freeze_snapshot(name="S")
    return services.train_later(recipe=tiny(), snapshot=snapshot)


@pytest.fixture
def address(run):
    """Addresses by short name; one row of everything exists."""
    made = version()
    services.promote(version=made, reason="first")
    named = {"snapshot": f"snapshots/{run.snapshot_id}", "run": f"runs/{run.pk}"}
    named |= {"version": f"models/{made.pk}", "versions": "models"}
    named |= {"rollback": "production/inpainting/back"}

    def of(name):
        first, _, rest = name.partition("/")
        return f"/training/{named.get(first, first)}/{rest + '/' if rest else ''}"

    return of


@pytest.fixture
def client_of(request, sign_in, client):
    return lambda who: sign_in(request.getfixturevalue(who)) if who else client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", CAST)
def test_reviewers_and_admins_look_nobody_else(who, page, address, client_of):
    answer = client_of(who).get(address(page))
    wanted = 200 if who in ("reviewer", "admin") else 302 if who is None else 403
    assert answer.status_code == wanted


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", [who for who in CAST if who != "admin"])
def test_only_admins_act(who, act, address, client_of):
    answer = client_of(who).post(address(act))
    assert answer.status_code == (302 if who is None else 403)
    assert (TrainingRun.objects.count(), Promotion.objects.count()) == (1, 1)
    if who is None:
        assert "/account/login/" in answer["Location"]


def test_an_admin_freezes_a_snapshot(admin, sign_in, address):
    scratched(3)
    values = {"name": "Spring", "seed": 4, "validation_share": 0.2, "include_clean": "on"}
    answer = sign_in(admin).post(address("snapshots/freeze"), values, follow=True)
    made = DatasetSnapshot.objects.get(name="Spring")
    assert (made.created_by, made.seed) == (admin, 4)
    assert made.digest in answer.content.decode()


def test_a_bad_share_is_named_on_the_page(admin, sign_in, address):
    values = {"name": "Spring", "seed": 4, "validation_share": 0.9}
    answer = sign_in(admin).post(address("snapshots/freeze"), values)
    assert answer.status_code == 400
    assert "less than or equal to 0.5" in answer.content.decode()


def test_an_empty_snapshot_is_refused_on_the_page(admin, sign_in):
    values = {"name": "Spring", "seed": 4, "validation_share": 0.2}
    headers = {"referer": "http://testserver/training/snapshots/"}
    answer = sign_in(admin).post(
        "/training/snapshots/freeze/", values, headers=headers, follow=True
    )
    assert "an empty snapshot" in answer.content.decode()


def test_the_page_counts_what_would_be_frozen(reviewer, sign_in, admin, address):
    text = sign_in(admin).get(address("snapshots")).content.decode()
    assert "<strong>1</strong> photograph with an accepted mask" in text
    assert "Freeze one now" not in sign_in(reviewer).get(address("snapshots")).content.decode()


def test_an_admin_starts_a_run(admin, sign_in, run):
    address = "/training/runs/new/?stage=inpainting"
    values = {"recipe": "tiny", "snapshot": run.snapshot_id, "seed": 9, "images": 40}
    sign_in(admin).post(address, values)
    made = TrainingRun.objects.get(stage="inpainting")
    assert (made.recipe["images"], made.seed, made.created_by) == (40, 9, admin)


@pytest.fixture
def brought(settings, tmp_path):
    """A ResNet-18 that an operator imported."""
    settings.ENCODERS_ROOT = tmp_path
    facts = {"kind": "resnet18", "sha256": "0" * 64, "source": "resnet18-theirs.pth"}
    path = tmp_path / "resnet18.safetensors"
    save_file({"conv1.weight": np.zeros(1)}, path, {"encoder": json.dumps(facts)})
    return path


def test_a_run_starts_from_an_imported_encoder(admin, sign_in, run, brought):
    values = {"recipe": "article", "snapshot": run.snapshot_id, "seed": 9, "encoder": "resnet18"}
    sign_in(admin).post("/training/runs/new/?stage=segmentation", values)
    assert TrainingRun.objects.get(seed=9).recipe["encoder"] == str(brought)


def test_the_article_takes_what_was_imported_and_names_what_was_not(admin, sign_in, run, brought):
    facts = {"kind": "vgg16", "sha256": "0" * 64, "source": "vgg16-theirs.pth"}
    vgg = brought.with_name("vgg16.safetensors")
    save_file({"features.0.weight": np.zeros(1)}, vgg, {"encoder": json.dumps(facts)})
    client = sign_in(admin)
    pages = {}
    for seed, stage in enumerate(("segmentation", "inpainting"), start=20):
        values = {"recipe": "article", "snapshot": run.snapshot_id, "seed": seed}
        answer = client.post(f"/training/runs/new/?stage={stage}", values, follow=True)
        pages[stage] = answer.content.decode()
    assert TrainingRun.objects.get(seed=20).recipe["encoder"] == str(brought)
    assert TrainingRun.objects.get(seed=21).recipe["features"] == str(vgg)
    assert not any("Trained without" in page for page in pages.values())
    vgg.unlink()
    answer = client.post(f"/training/runs/new/?stage={stage}", values | {"seed": 22}, follow=True)
    assert "No features of vgg16" in answer.content.decode()


def test_a_batch_that_cards_cannot_share_is_said_when_the_run_is_made(
    admin, sign_in, run, settings, monkeypatch
):
    settings.TRAIN_DEVICE = "cuda"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2,3")
    values = {"recipe": "lite", "snapshot": run.snapshot_id, "seed": 9}
    answer = sign_in(admin).post("/training/runs/new/?stage=inpainting", values, follow=True)
    assert "A step takes 8 crops where the recipe says 6: 4 processes" in answer.content.decode()


def test_an_encoder_of_another_network_is_a_bad_request(admin, sign_in, run, brought):
    values = {"recipe": "lite", "snapshot": run.snapshot_id, "seed": 9, "encoder": "resnet18"}
    answer = sign_in(admin).post("/training/runs/new/?stage=colorization", values)
    assert answer.status_code == 400
    assert "lite takes efficientnet-lite0, not resnet18." in answer.content.decode()


def test_a_recipe_of_no_stage_is_a_bad_request(admin, sign_in, run):
    values = {"recipe": "huge", "snapshot": run.snapshot_id, "seed": 9}
    assert sign_in(admin).post("/training/runs/new/", values).status_code == 400
    assert sign_in(admin).get("/training/runs/new/?stage=poetry").status_code == 404


def test_cancel_and_resume(admin, sign_in, address, run):
    sign_in(admin).post(address("run/cancel"))
    assert Job.objects.get(pk=run.job_id).state == State.CANCELLED
    assert "Try again" in sign_in(admin).get(address("run")).content.decode()
    sign_in(admin).post(address("run/resume"))
    assert Job.objects.get(pk=run.job_id).state == State.QUEUED


def test_the_live_part_reloads_the_page_when_the_run_ends(admin, sign_in, address, run):
    headers = {"hx-request": "true"}
    live = sign_in(admin).get(address("run"), headers=headers)
    assert "<html" not in live.content.decode()
    assert "HX-Refresh" not in live
    services.cancel_run(run)
    assert sign_in(admin).get(address("run"), headers=headers)["HX-Refresh"] == "true"


def test_curves_come_with_the_numbers_behind_them(admin, sign_in, address, run):
    for step, value in ((8, 0.25), (16, 0.5)):
        run.metrics.create(
            step=step, epoch=1, seconds=1.0, split="validation", name="score", value=value
        )
    text = sign_in(admin).get(address("run")).content.decode()
    assert "<polyline" in text
    assert "0.5000" in text


def test_a_sample_is_served_by_its_name_alone(admin, sign_in, run):
    folder = run.folder / "samples"
    folder.mkdir(parents=True)
    (folder / "0000008_0.png").write_bytes(b"picture")
    (run.folder / "spec.json").write_text("secret")
    client = sign_in(admin)
    address = f"/training/runs/{run.pk}/samples/"
    assert b"".join(client.get(address + "0000008_0.png").streaming_content) == b"picture"
    assert client.get(address + "..%2Fspec.json").status_code == 404


def test_promoting_asks_for_a_reason(admin, sign_in, run):
    made = version()
    measured(made, run.snapshot)
    address = f"/training/models/{made.pk}/promote/"
    assert sign_in(admin).post(address, {"reason": ""}).status_code == 400
    sign_in(admin).post(address, {"reason": "sharper lines"})
    row = Promotion.objects.get()
    assert (row.version, row.reason, row.promoted_by) == (made, "sharper lines", admin)


def test_weights_whose_gate_failed_offer_no_promotion(admin, sign_in):
    made = version(passed=False)
    text = sign_in(admin).get(f"/training/models/{made.pk}/").content.decode()
    assert "a picture differs." in text
    assert "Beside production" not in text
    page = sign_in(admin).get(f"/training/models/{made.pk}/promote/").content.decode()
    assert "Put into production" not in page


def test_a_card_shows_its_tables(admin, sign_in):
    table = {
        "title": "12 plates",
        "pictures": 12,
        "notes": ["Seed 0."],
        "columns": ["network", "Sato"],
    }
    table["rows"] = [["auc", 0.9, 0.5], ["dice", 0.3, None]]
    shown = version("net", stage="segmentation", card={"tables": [table]})
    page = sign_in(admin).get(f"/training/models/{shown.pk}/").content.decode()
    assert "12 plates" in page and "ROC AUC" in page and "Seed 0." in page
    assert '<td class="num">–</td>' in page


def test_rollback_asks_before_it_acts(admin, sign_in):
    for name in ("first", "second"):
        services.promote(version=version(name), reason="better")
    address = "/training/production/inpainting/back/"
    assert "Put first back" in sign_in(admin).get(address).content.decode()
    assert Promotion.objects.count() == 2
    sign_in(admin).post(address, {"seen": Promotion.objects.current("inpainting").pk})
    assert Promotion.objects.current("inpainting").version.name == "first"


def test_an_erased_photo_leaves_no_picture_on_the_snapshot_page(admin, sign_in, run):

    item = run.snapshot.items.exclude(mask_digest="").get()
    erasure.erase_photo(photo=item.photo)
    text = sign_in(admin).get(f"/training/snapshots/{run.snapshot_id}/").content.decode()
    assert f"/training/items/{item.pk}/thumbnail/" not in text


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("name", ["versions", "runs"])
def test_the_api_is_for_admins(who, name, client_of, run):
    version()
    answer = client_of(who).get(f"/api/v1/{name}/")
    assert answer.status_code == (200 if who == "admin" else 401 if who is None else 403)
    if who == "admin":
        one = answer.json()["results"][0]
        assert client_of(who).get(f"/api/v1/{name}/{one['id']}/").json()["stage"] == one["stage"]
