"""Many masks at once: one word, one comment; nobody his own; what is returned judges nobody."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from annotate import services
from annotate.models import Agreement, DefectMask, Import, Review
from config.errors import Refused
from tests.annotate.builders import painted, ready_photo

pytestmark = pytest.mark.django_db
State = DefectMask.State


def imported(by=None, count=3):
    row = Import.objects.create(name="set.zip", created_by=by, state="done")
    masks = [
        services.import_mask(photo=ready_photo(title=f"p{n}"), pixels=painted(seed=n))
        for n in range(count)
    ]
    DefectMask.objects.update(brought=row)
    return DefectMask.objects.filter(pk__in=[mask.pk for mask in masks]), row


def say(client, masks, verdict, comment="", **more):
    ticked = [f"{mask.pk}:{mask.revision}" for mask in masks]
    said = {"mask": ticked, "verdict": verdict, "comment": comment, **more}
    return client.post(reverse("annotate_review_many"), said, follow=True)


def test_many_are_accepted_at_once_but_not_by_who_brought_them(sign_in, reviewer, admin):
    masks, _ = imported(by=reviewer)
    page = say(sign_in(reviewer), masks, "accepted").content.decode()
    assert "You brought this mask in" in page and not masks.filter(state=State.ACCEPTED)
    say(sign_in(admin), masks, "accepted", "fine")
    assert masks.filter(state=State.ACCEPTED).count() == 3
    assert set(Review.objects.values_list("comment", "reviewer__username")) == {("fine", "amir")}


def test_accepted_elsewhere_is_an_admins_word_and_no_review(sign_in, reviewer, admin):
    masks, _ = imported(by=admin)
    assert "Only admins" in say(sign_in(reviewer), masks, "elsewhere", "x").content.decode()
    assert "Say why" in say(sign_in(admin), masks, "elsewhere").content.decode()
    say(sign_in(admin), masks, "elsewhere", "checked in the old tool")
    assert (
        masks.filter(state=State.ACCEPTED, accepted_because="checked in the old tool").count() == 3
    )
    assert not Review.objects.exists()
    event = AuditEvent.objects.filter(of__verdict="elsewhere", of__masks="3").get()
    assert event.of["because"] == "checked in the old tool" and event.name == "amir"


def test_a_start_goes_to_the_next_painter(sign_in, reviewer, assessor):
    masks, _ = imported(count=1)
    say(sign_in(reviewer), masks, "start")
    mask = DefectMask.objects.get()
    assert mask.state == State.DRAFT
    begun = services.claim_assignment(assessor=assessor).mask
    assert begun.parent == mask and (services.read_mask(begun) == painted(seed=0)).all()


def test_a_stale_choice_and_an_empty_one_are_refused(sign_in, reviewer):
    masks, _ = imported(count=1)
    DefectMask.objects.update(revision=2)
    client = sign_in(reviewer)
    ticked = {"mask": f"{masks[0].pk}:1", "verdict": "accepted"}
    page = client.post(reverse("annotate_review_many"), ticked, follow=True)
    assert "changed since you saw it" in page.content.decode()
    for wrong in ({}, {"mask": "x", "verdict": "accepted"}, {"mask": "x:1", "verdict": "no"}):
        assert client.post(reverse("annotate_review_many"), wrong).status_code == 409


def test_what_is_returned_judges_neither_people_nor_the_network(reviewer):
    masks, _ = imported(count=2)
    one, two = masks
    facts = {"photo": one.photo, "dice": 1, "tolerant_f1": 1, "cl_dice": 1}
    Agreement.objects.create(second=one, first=two, digests="a", **facts)
    Agreement.objects.create(second=one, kind="network", weights="w", digests="b", **facts)
    kept = Agreement.objects.create(second=two, kind="network", weights="w", digests="c", **facts)
    services.review_mask(reviewer=reviewer, mask=one, verdict="returned", comment="No.")
    assert list(Agreement.objects.all()) == [kept]


def test_reviews_come_in_pages_with_their_masks(sign_in, reviewer, monkeypatch):
    monkeypatch.setattr("annotate.views.review.PAGE", 2)
    masks, row = imported(count=3)
    services.import_mask(photo=ready_photo(title="other"), pixels=painted(seed=9))
    client = sign_in(reviewer)
    first = client.get(reverse("annotate_reviews"), {"import": row.pk}).content.decode()
    assert "page 1 of 2" in first and "other" not in first
    address = reverse("annotate_overlay", args=[masks[0].pk])
    assert first.count("overlay.png?small") == 2
    assert len(client.get(f"{address}?small").content) < len(client.get(address).content)
    assert client.get(reverse("annotate_reviews"), {"import": "x"}).status_code == 200


def test_undo_takes_all_of_an_import_while_nothing_was_built_on_it(sign_in, reviewer, admin):
    masks, row = imported(by=reviewer)
    services.review_mask(reviewer=admin, mask=masks[0], verdict="accepted")
    client = sign_in(reviewer)
    answer = client.post(reverse("annotate_import_undo", args=[row.pk]), {"sure": "1"})
    assert answer.status_code == 409 and "review was made" in answer.content.decode()
    assert masks.count() == 3
    Review.objects.all().delete()
    client.post(reverse("annotate_import_undo", args=[row.pk]), {"sure": "1"})
    assert not masks.exists()
    row.refresh_from_db()
    assert row.state == "undone"


def test_only_a_waiting_import_is_a_start(reviewer):
    photo = ready_photo()
    mask = services.import_mask(photo=photo, pixels=painted(), accepted=True)
    with pytest.raises(Refused, match="not waiting"):
        services.decide(by=reviewer, mask=mask, verdict="start", comment="")
