import hashlib

import pytest
from django.core.management import CommandError, call_command

from config.errors import Refused
from evaluation import services
from evaluation.models import Study
from evaluation.services import exports, votes
from tests.conftest import person
from tests.evaluation.conftest import make_version, open_now, position_of
from training.models import Promotion

WORD = "The one voter is our chief curator, whose eye we trust."


@pytest.fixture
def blocked(study, voter, admin, later):
    """One voter alone has found a winner: a guard blocks."""
    best = position_of(study, "hazel")
    for _ in range(60):
        try:
            ballot = votes.next_ballot(study=study, voter=voter)
        except Refused:
            break
        outcome = "right" if ballot.slots[1] == best else "left"
        votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=3, reasons=["dull"])
    services.close_study(study=study, by=admin)
    return study


@pytest.fixture
def second_admin(db):
    return person("anna", "admin")


def test_one_word_is_not_enough(blocked, admin):
    assert services.override_guards(study=blocked, by=admin, text=WORD) == 1
    with pytest.raises(Refused, match="A guard blocks"):
        services.promote_winner(study=blocked, by=admin)
    with pytest.raises(Refused, match="second admin"):
        services.override_guards(study=blocked, by=admin, text=WORD)


def test_two_admins_with_a_text_each_override_a_guard(blocked, admin, second_admin):
    for someone in (admin, second_admin):
        services.override_guards(study=blocked, by=someone, text=WORD)
    promotion = services.promote_winner(study=blocked, by=admin)
    assert promotion.version.name == "hazel"
    assert "amir overrides a guard" in str(promotion.reason) and "anna" in str(promotion.reason)


def test_an_override_needs_a_sentence_and_an_admin(blocked, admin, voter):
    with pytest.raises(Refused, match="Say in a sentence"):
        services.override_guards(study=blocked, by=admin, text="because")
    with pytest.raises(Refused, match="Only admins"):
        services.override_guards(study=blocked, by=voter, text=WORD)


def test_a_promotion_carries_the_hash_of_the_export(blocked, admin, second_admin):
    for someone in (admin, second_admin):
        services.override_guards(study=blocked, by=someone, text=WORD)
    promotion = services.promote_winner(study=blocked, by=admin)
    assert promotion.export_digest == hashlib.sha256(exports.as_zip(blocked)).hexdigest()


def test_the_result_page_asks_for_the_second_word(blocked, admin, second_admin, sign_in):
    first, second = sign_in(admin), sign_in(second_admin)
    page = f"/studies/{blocked.number}/results/"
    for client in (first, second):
        assert "Promote all the same" in client.get(page).content.decode()
        client.post(f"/studies/{blocked.number}/override/", {"text": WORD})
    said = second.get(page).content.decode()
    assert said.count(WORD) == 2 and "against a guard" in said
    second.post(f"/studies/{blocked.number}/promote/")
    assert Promotion.objects.current("inpainting").version.name == "hazel"
    assert "Promote all the same" not in first.get(page).content.decode()


def test_the_result_page_tells_everything(blocked, admin, sign_in):
    page = sign_in(admin).get(f"/studies/{blocked.number}/results/").content.decode()
    for part in ("Evidence over time", "What was wrong", "Voters", "Agreement of voters", "dull"):
        assert part in page, part


def test_the_six_best_are_proposed_with_production_first(db):
    versions = [make_version(f"v{k}", metrics={"margin": k / 10}) for k in range(8)]
    Promotion.objects.create(stage="inpainting", version=versions[0], reason="first")
    names = [version.name for version in services.propose("inpainting")]
    assert names == ["v0", "v7", "v6", "v5", "v4", "v3"]


def test_colour_versions_are_proposed_by_the_smallest_error(db):
    for name, error in (("bold", 200.0), ("calm", 90.0), ("unmeasured", None)):
        metrics = {} if error is None else {"chroma_mse/network": error, "chroma_mse/grey": 300.0}
        make_version(name, "colorization", metrics=metrics)
    assert [v.name for v in services.propose("colorization")] == ["calm", "bold", "unmeasured"]


def test_a_click_ticks_the_proposed(db, admin, sign_in):
    version = make_version("only", metrics={"margin": 1.0})
    form = sign_in(admin).get("/studies/new/?stage=inpainting&propose").context["form"]
    assert form.initial["versions"] == [version.pk]


def test_a_draft_can_be_changed_and_an_open_study_cannot(draft, versions, photos):
    services.change_study(
        study=draft, question="Which one?", versions=versions[:2], photos=photos[:3], cap=99
    )
    assert (draft.candidates.count(), draft.photos.count(), draft.cap) == (2, 3, 99)
    open_now(draft)
    with pytest.raises(Refused, match="stays as it is"):
        services.change_study(study=draft, question="?", versions=versions, photos=photos, cap=100)


def test_a_draft_can_be_deleted_and_an_open_study_cannot(draft, study):
    with pytest.raises(Refused, match="stays in the record"):
        services.delete_draft(study=study)


def test_weights_of_categories_make_the_headline(draft, photos, voters, admin, later):
    photos[0].album = "rare"
    photos[0].save()
    Study.objects.filter(pk=draft.pk).update(weights={"rare": 1, "north": 1})
    draft.refresh_from_db()
    study = open_now(draft)
    for turn in range(14):
        ballot = votes.next_ballot(study=study, voter=voters[turn % 6])
        outcome = ("left", "right")[turn % 2]
        votes.cast_vote(ballot=ballot, voter=voters[turn % 6], outcome=outcome, seconds=3)
    decision = services.close_study(study=study, by=admin)
    head, parts = decision["headline"], decision["categories"]
    assert head["weights"] == {"north": 0.5, "rare": 0.5}
    for name, value in head["strengths"].items():
        mean = (parts["north"][name] + parts["rare"][name]) / 2
        assert value == pytest.approx(mean, abs=1e-9)


def test_the_colour_plates_are_kept_as_yes_or_no(study, voter, sign_in):
    from evaluation.stimuli import colour_plates
    from evaluation.views.voters import _seed

    client = sign_in(voter)
    plates = f"/studies/{study.number}/colours/"
    assert client.get(f"{plates}0")["Content-Type"] == "image/png"
    assert client.get(f"{plates}2").status_code == 404
    right = [str(colour_plates.number(_seed(voter.pk), plate)) for plate in range(2)]
    body = dict(zip(("first", "second"), right, strict=True))
    client.post(f"/studies/{study.number}/colours/", body)
    assert study.colour_checks.get().passed
    client.post(f"/studies/{study.number}/colours/", {"first": "1", "second": ""})
    assert not study.colour_checks.get().passed


def test_tally_prints_a_study_and_its_look_is_logged(study, admin, capsys):
    call_command("tally", f"--as={admin}", study=study.number)
    assert "There is no clear difference." in capsys.readouterr().out
    assert [peek.user for peek in study.peeks.all()] == [admin]
    services.close_study(study=study, by=admin)
    call_command("tally", "--json", study=study.number)
    assert '"state": "closed"' in capsys.readouterr().out
    assert study.peeks.count() == 1


def test_tally_knows_no_study_that_was_never_open(draft):
    with pytest.raises(CommandError) as error:
        call_command("tally", study=draft.number)
    assert error.value.returncode == 2


@pytest.mark.parametrize("who", [[], ["--as=nobody-here"]])
def test_tally_of_an_open_study_asks_who_looks(study, who):
    with pytest.raises(CommandError) as error:
        call_command("tally", *who, study=study.number)
    assert error.value.returncode == 2 and "--as" in str(error.value)
    assert not study.peeks.exists()


def test_the_export_of_an_open_study_is_a_look(study, admin, sign_in):
    assert sign_in(admin).get(f"/studies/{study.number}/export/").status_code == 200
    assert [peek.user for peek in study.peeks.all()] == [admin]
    services.close_study(study=study, by=admin)
    assert sign_in(admin).get(f"/studies/{study.number}/export/").status_code == 200
    assert study.peeks.count() == 1
