"""Runs, curves, snapshots, evaluations, studies for programs: scopes do what they say."""

import pytest
from django.test import Client

from accounts.models import ApiToken
from tests.training.builders import measured, photo, scratched, version
from training import services
from training.models import TrainingRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(db):
    scratched(1)
    photo(2)
    return services.freeze_snapshot(name="Spring")


@pytest.fixture
def ask(admin):
    """``ask("training:read").get("runs/")`` with a token of that scope alone."""

    def of(*scopes):
        token = ApiToken.objects.make(user=admin, name="t", scopes=list(scopes))[1]
        client = Client(headers={"Authorization": f"Bearer {token}"})
        client.read = lambda path: client.get(f"/api/v1/{path}")
        client.send = lambda path, body=None: client.post(
            f"/api/v1/{path}", body or {}, content_type="application/json"
        )
        return client

    return of


def body(of, /, **more):
    given = {"stage": "segmentation", "recipe": "tiny", "snapshot": str(of.pk)}
    return given | more


def test_writing_begins_and_stops_a_run(ask, snapshot, admin):
    client = ask("training:write")
    made = client.send("runs/", body(snapshot, seed=3, changes=["batch=8"]))
    assert made.status_code == 201, made.content
    run = TrainingRun.objects.get()
    assert (run.seed, run.recipe["batch"], run.created_by) == (3, 8, admin)
    assert str(run.pk) == made.json()["id"]
    stopped = client.send(f"runs/{run.pk}/cancel/")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "cancelled")
    assert client.send(f"runs/{run.pk}/cancel/").status_code == 409


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"recipe": "huge"}, "recipe"),
        ({"snapshot": "00000000-0000-0000-0000-000000000007"}, "snapshot"),
        ({"parent": "00000000-0000-0000-0000-000000000007"}, "parent"),
        ({"changes": ["batch=four"]}, "changes"),
        ({"changes": ["encoder=/etc/passwd"]}, "changes"),
        ({"stage": "dating"}, "stage"),
        ({"cards": 0}, "cards"),
    ],
)
def test_what_does_not_fit_is_named(ask, snapshot, more, field):
    answer = ask("training:write").send("runs/", body(snapshot, **more))
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert not TrainingRun.objects.exists()


def test_reading_reads_and_does_no_more(ask, snapshot):
    run = ask("training:write").send("runs/", body(snapshot)).json()["id"]
    row = TrainingRun.objects.get(pk=run)
    row.metrics.create(step=8, epoch=1, seconds=2.0, split="train", name="loss", value=0.5)
    net = version("net")
    measured(net, snapshot, value=31.0)
    client = ask("training:read")
    curve = client.read(f"runs/{run}/curves/").json()["results"]
    assert curve == [
        {"step": 8, "epoch": 1, "seconds": 2.0, "split": "train", "name": "loss", "value": 0.5}
    ]
    counts = client.read(f"snapshots/{snapshot.pk}/").json()
    assert (counts["photos"], counts["masked"], counts["held_out"]) == (2, 1, 0)
    assert client.read("snapshots/").json()["count"] == 1
    found = client.read(f"versions/{net.pk}/evaluations/").json()["results"]
    assert found[0]["figures"] == {"version": {"psnr_holes": 31.0}}
    assert client.send("runs/", body(snapshot)).json()["code"] == "scope"
    assert client.send(f"runs/{run}/cancel/").status_code == 403
    assert ask("studies:read").read("runs/").status_code == 403
    assert client.read("runs/00000000-0000-0000-0000-000000000007/curves/").status_code == 404


def test_the_schema_is_a_page_without_script_from_elsewhere(client, db):
    answer = client.get("/api/")
    text = answer.content.decode()
    for said in (
        "/api/v1/runs/{id}/curves/",
        "FIELD=VALUE",
        "segmentation, inpainting",
        "changes[]",
    ):
        assert said.removesuffix("[]") in text
    assert "unpkg" not in text
    assert "cdn" not in text
    policy = answer["Content-Security-Policy"]
    assert policy == client.get("/gallery/")["Content-Security-Policy"]
