"""A candidate beside production: warnings, a second admin, a lone admin's day, undo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import person
from tests.training.builders import measured, photo, scratched, tiny, version
from training import services
from training.models import Promotion, PromotionRequest
from training.services.judging import promoting
from training.services.judging.beside import beside_production

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(db):
    scratched(1)
    photo(2)
    return services.freeze_snapshot(name="Spring")


@pytest.fixture
def production(snapshot):
    row = version("old net")
    services.promote(version=row, reason="first")
    measured(row, snapshot, value=30.0)
    return row


@pytest.fixture
def candidate(production):
    return version("new net")


def warnings(row):
    return " ".join(map(str, beside_production(row).warnings))


def test_one_that_is_better_on_the_same_photographs_goes_in_at_once(admin, candidate, snapshot):
    measured(candidate, snapshot, value=30.5)
    assert warnings(candidate) == ""
    done = promoting.ask_or_promote(version=candidate, reason="better", by=admin)
    assert Promotion.objects.current("inpainting") == done


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"value": 29.0}, "worse than old net: PSNR inside holes, dB 29 beside 30"),
        ({"value": None}, "undefined"),
        ({"value": 31.0, "pictures": 19}, "few photographs: 19"),
        ({"value": 31.0, "trained_on": 2}, "own training photographs: 2 of 20"),
        ({"value": 31.0, "digest": "b"}, "never measured on the same photographs as old net"),
        ({"value": 31.0, "part": "validation"}, "never measured on the same photographs"),
    ],
)
def test_what_speaks_against_it_is_said(candidate, snapshot, facts, said):
    measured(candidate, snapshot, **facts)
    assert said in warnings(candidate)


@pytest.mark.parametrize("origin", ["shipped", "file"])
def test_what_nobody_here_trained_may_have_seen_the_photographs(
    production, snapshot, origin, admin
):
    row = version("from elsewhere", origin=origin)
    measured(row, snapshot, value=31.0)
    assert "learnt from is not known" in warnings(row)
    assert isinstance(promoting.ask_or_promote(version=row, reason="better", by=admin), PromotionRequest)  # fmt: skip


def test_a_network_taught_on_from_such_a_one_has_a_note_and_goes_in(production, snapshot):
    run = services.train_later(recipe=tiny("inpainting"), snapshot=snapshot)
    run.parent = version("from elsewhere", origin="shipped")
    run.save()
    row = version("taught on", run=run)
    measured(row, snapshot, value=31.0)
    found = beside_production(row)
    assert found.warnings == [] and "began from from elsewhere" in str(found.notes[0])


def test_what_was_never_measured_is_warned_of(candidate):
    assert "never measured" in warnings(candidate)


@pytest.mark.parametrize(("stage", "better", "worse"), [
    ("segmentation", 0.6, 0.4), ("inpainting", 31.0, 29.0), ("colorization", 50.0, 70.0),
])  # fmt: skip
def test_each_stage_knows_which_way_is_better(snapshot, stage, better, worse):
    middle = (better + worse) / 2
    old = version("old", stage=stage)
    services.promote(version=old, reason="first")
    measured(old, snapshot, value=middle)
    for name, value in (("good", better), ("bad", worse), ("same", middle)):
        measured(version(name, stage=stage), snapshot, value=value)
    found = {row.version.name: warnings(row.version) for row in snapshot.evaluations.all()}
    assert "worse" in found["bad"]
    assert found["good"] == found["same"] == ""


def test_a_second_admin_grants_it(admin, candidate, sign_in):
    other = person("olga", "admin")
    page = f"/training/models/{candidate.pk}/promote/"
    text = sign_in(admin).get(page).content.decode()
    assert "never measured" in text
    assert "a second admin has to grant it" in text
    short = sign_in(admin).post(page, {"reason": "x"})
    assert short.status_code == 400 and "Say it in a sentence" in short.content.decode()
    sign_in(admin).post(page, {"reason": "I like it best"})
    request = PromotionRequest.objects.get()
    assert Promotion.objects.current("inpainting").version.name == "old net"
    decide = f"/training/promotions/{request.pk}/decide/"
    assert sign_in(admin).post(decide, {"do": "grant"}).status_code in (302, 409)
    assert Promotion.objects.current("inpainting").version.name == "old net"
    assert "Grant" in sign_in(other).get("/training/production/").content.decode()
    sign_in(other).post(decide, {"do": "grant"})
    done = Promotion.objects.current("inpainting")
    assert (done.version, done.promoted_by) == (candidate, other)
    assert "I like it" in str(done.reason)
    assert "asked by amir" in str(done.reason)
    assert "never measured" in str(done.reason)


def test_a_lone_admin_waits_a_day(admin, candidate):
    request = promoting.ask_or_promote(version=candidate, reason="I like it", by=admin)
    with pytest.raises(services.versions.Refused, match="24 hours"):
        promoting.grant(request, by=admin)
    PromotionRequest.objects.update(asked_at=timezone.now() - timedelta(hours=24, seconds=1))
    request.refresh_from_db()
    promoting.grant(request, by=admin)
    assert Promotion.objects.current("inpainting").version == candidate


def test_the_day_does_not_help_where_there_is_another_admin(admin, candidate):
    person("olga", "admin")
    request = promoting.ask_or_promote(version=candidate, reason="I like it", by=admin)
    PromotionRequest.objects.update(asked_at=timezone.now() - timedelta(days=9))
    request.refresh_from_db()
    with pytest.raises(services.versions.Refused, match="second admin"):
        promoting.grant(request, by=admin)


def test_an_admin_who_left_is_no_other(admin, candidate):
    gone = person("olga", "admin")
    gone.is_active = False
    gone.save()
    assert not promoting.other_admins(admin)


def test_it_is_decided_once(admin, candidate):
    other = person("olga", "admin")
    request = promoting.ask_or_promote(version=candidate, reason="I like it", by=admin)
    with pytest.raises(services.versions.Refused, match="waits for a decision"):
        promoting.ask_or_promote(version=candidate, reason="again", by=other)
    promoting.withdraw(request, by=admin)
    with pytest.raises(services.versions.Refused, match="decided on this before"):
        promoting.grant(request, by=other)
    assert Promotion.objects.count() == 1


def test_what_changed_since_it_was_asked_for_asks_again(admin, candidate, snapshot):
    """The second admin reads warnings of the day on which it was asked for."""
    other = person("olga", "admin")
    measured(candidate, snapshot, value=30.5, pictures=19)
    request = promoting.ask_or_promote(version=candidate, reason="I like it", by=admin)
    best = version("best net")
    measured(best, snapshot, value=32.0)
    services.promote(version=best, reason="better still")
    with pytest.raises(services.versions.Refused, match="worse than best net"):
        promoting.grant(request, by=other)
    promoting.withdraw(request, by=other)
    assert Promotion.objects.current("inpainting").version == best


def test_what_runs_already_is_not_promoted_again(admin, production, candidate):
    with pytest.raises(services.versions.Refused, match="in production already"):
        promoting.ask_or_promote(version=production, reason="again", by=admin)
    request = promoting.ask_or_promote(version=candidate, reason="I like it", by=admin)
    services.promote(version=candidate, reason="won a study")
    with pytest.raises(services.versions.Refused, match="in production already"):
        promoting.grant(request, by=person("olga", "admin"))


def test_weights_whose_export_differs_are_not_even_asked_for(admin, production):
    with pytest.raises(services.versions.Refused, match="did not pass the gate"):
        promoting.ask_or_promote(version=version("odd", passed=False), reason="x", by=admin)


def test_production_undoes_on_its_own_page(admin, sign_in, candidate, snapshot):
    measured(candidate, snapshot, value=31.0)
    promoting.ask_or_promote(version=candidate, reason="better", by=admin)
    text = sign_in(admin).get("/training/production/").content.decode()
    assert "Put old net back" in text
    click = {"seen": Promotion.objects.current("inpainting").pk}
    back = "/training/production/inpainting/back/"
    assert f'name="seen" value="{click["seen"]}"' in sign_in(admin).get(back).content.decode()
    assert sign_in(admin).post(back).status_code == 409
    sign_in(admin).post(back, click)
    assert sign_in(person("olga", "admin")).post(back, click).status_code == 409
    assert Promotion.objects.current("inpainting").version.name == "old net"
