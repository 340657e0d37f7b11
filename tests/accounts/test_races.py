"""At once: codes, links, the last admins, and one draft for two heirs."""

import pytest
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.people import access, links
from accounts.personal.forgetting import forget_person
from accounts.second_factor import codes
from annotate.models import Assignment
from config.errors import Refused
from config.web.roles import admins
from tests.accounts.test_people import GOOD, begun, place  # noqa: F401
from tests.accounts.test_second_factor import code_of
from tests.annotate.test_races import at_once
from tests.conftest import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def test_of_six_who_send_one_code_at_once_one_is_let_in(admin):
    codes.new_device(admin)
    spare = codes.confirm(admin, code_of(admin))[0]
    fresh = code_of(admin, later=1)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    for code in (fresh, spare):
        said = at_once([lambda code=code: codes.opens(admin, code) for _ in range(6)])
        assert sum(answer is True for answer in said) == 1, said
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def test_six_who_bring_one_invitation_make_one_account(admin):
    link = links.invite(by=admin, roles=["voter"])[0]
    joins = [
        lambda n=n: links.join(link, username=f"new{n}", email="", password=GOOD) for n in range(6)
    ]
    said = at_once(joins)
    assert sum(isinstance(answer, User) for answer in said) == 1
    assert sum(isinstance(answer, Refused) for answer in said) == 5
    assert User.objects.filter(username__startswith="new").count() == 1


def test_an_invitation_and_the_end_of_whoever_wrote_it_at_once(admin):
    """Whichever comes first: nobody is let in after the account was closed."""
    otto = person("otto", "admin")
    link = links.invite(by=otto, roles=["admin"])[0]
    closed, joined = at_once(
        [
            lambda: access.deactivate(otto, by=admin),
            lambda: links.join(link, username="otto2", email="", password=GOOD),
        ]
    )
    assert closed == 0 and isinstance(joined, User | Refused)
    assert not link.use()


@pytest.mark.parametrize("act", ["closes", "takes the role of", "forgets"])
def test_of_two_admins_who_end_each_other_one_stays(act):
    bea, otto = person("bea", "admin"), person("otto", "admin")
    acts = {
        "closes": lambda a, b: access.deactivate(b, by=a),
        "takes the role of": lambda a, b: access.set_roles(b, ["voter"], by=a),
        "forgets": lambda a, b: forget_person(b),
    }
    said = at_once([lambda: acts[act](bea, otto), lambda: acts[act](otto, bea)])
    assert sum(isinstance(answer, Refused) for answer in said) == 1, said
    assert admins().count() == 1


@pytest.mark.usefixtures("place")
def test_a_draft_that_two_admins_hand_over_at_once_goes_once(admin, assessor, other_assessor):
    draft = begun(assessor)
    boss, third = person("bea", "admin"), person("tove", "assessor")
    at_once(
        [
            lambda: access.deactivate(assessor, by=admin, drafts_to=other_assessor),
            lambda: access.deactivate(assessor, by=boss, drafts_to=third),
            lambda: forget_person(assessor, drafts_to=third),
        ]
    )
    heirs = Assignment.objects.filter(photo=draft.photo).exclude(assessor=assessor)
    assert heirs.filter(state="open").count() == 1
