"""A code beside the password, wherever one signs in; failures count, codes open once."""

import re
from html import unescape

import cv2
import numpy as np
import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RecoveryCode
from accounts.second_factor import codes, qr
from tests.conftest import person

pytestmark = pytest.mark.django_db
WORDS = {"username": "amir", "password": "correct horse"}
DOORS = ["/account/login/", "/admin/login/", "/api/v1/token/"]


def code_of(user, later=0):
    """Of the next steps: each opens once."""
    device = TOTPDevice.objects.get(user=user)
    made = TOTP(device.bin_key, device.step, device.t0, device.digits, later)
    return f"{made.token():06}"


@pytest.fixture
def recovery(admin):
    codes.new_device(admin)
    return codes.confirm(admin, code_of(admin))


def enters(path, client=None, **given):
    answer = (client or Client()).post(path, WORDS | given)
    return "token" in answer.json() if "api" in path else answer.status_code == 302


@pytest.mark.parametrize("path", DOORS)
def test_every_door_asks_for_the_code(admin, recovery, path):
    assert not enters(path) and not enters(path, code="000000") and not enters(path, code="x" * 20)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = code_of(admin, 1)
    assert enters(path, code=code) and not enters(path, code=code)


@pytest.mark.parametrize("path", DOORS)
def test_a_recovery_code_opens_once(recovery, path):
    assert enters(path, code=recovery[0].upper()) and not enters(path, code=recovery[0])
    assert recovery[1].replace("-", "") not in str(list(RecoveryCode.objects.values()))


@pytest.mark.parametrize("path", DOORS)
def test_wrong_codes_lock_out_like_wrong_passwords(admin, recovery, path, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        assert not enters(path, code="000000") if "api" not in path else Client().post(path, WORDS)
    answer = Client().post("/account/login/", WORDS | {"code": recovery[0]})
    assert answer.status_code == 429


def test_without_one_nothing_is_asked(admin):
    assert all(enters(path) for path in DOORS)


def test_setting_up_shows_codes_once_and_ends_other_sessions(admin, sign_in):
    other, client = sign_in(admin), sign_in(admin)
    assert TOTPDevice.objects.count() == 0
    page = client.get("/account/second-factor/").content.decode()
    assert "data-key" in page
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 400
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    said = client.post("/account/second-factor/", {"code": code_of(admin)}).content.decode()
    assert b"password or code is wrong" in Client().post("/account/login/", WORDS).content
    assert said.count("data-recovery") == codes.RECOVERY_CODES
    page = client.get("/account/second-factor/").content.decode()
    assert "data-key" not in page and "data-recovery" not in page
    assert other.get("/account/data/").status_code == 302
    assert client.post("/account/second-factor/off/", {"code": "000000"}).status_code == 409
    assert codes.has_device(admin)


def read(page):
    """What a telephone sees: the modules of the page's path, six pixels each."""
    side = int(re.search(r'class="qr" viewBox="0 0 (\d+) \1"', page)[1])
    picture = np.full((side, side), 255, np.uint8)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", page):
        picture[int(y), int(x)] = 0
    return cv2.QRCodeDetector().detectAndDecode(np.kron(picture, np.ones((6, 6), np.uint8)))[0]


@pytest.mark.parametrize("name", ["amir", "Zoë Groß"])
def test_the_code_on_the_page_says_what_the_link_does(sign_in, name):
    user = person(name, "admin")
    TOTPDevice.objects.create(user=user, name="app", confirmed=False, key="0f" * 20)
    page = sign_in(user).get("/account/second-factor/").content.decode()
    address = unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1])
    assert read(page) == address and "secret=B4HQ6DYPB4HQ6DYPB4HQ6DYPB4HQ6DYP" in address


def test_the_longest_name_fits_a_code():
    device = TOTPDevice(user=person("ß" * 150), name="app", key="0f" * 20)
    assert qr.drawn(device.config_url).side <= 177 + 2 * qr.QUIET


def test_staff_without_one_see_only_the_set_up_where_it_is_required(
    settings, sign_in, voter, admin
):
    settings.SECOND_FACTOR = "required"
    client = sign_in(person("rolf", "reviewer"))
    assert client.get("/annotate/reviews/").headers["Location"] == "/account/second-factor/"
    assert client.get("/account/second-factor/").status_code == 200
    assert sign_in(admin).get("/admin/").headers["Location"] == "/account/second-factor/"
    assert sign_in(voter).get("/studies/").status_code == 200
    assert Client().post("/api/v1/token/", WORDS).status_code == 400


def test_an_admin_takes_it_from_somebody_whose_telephone_is_lost(admin, recovery, sign_in):
    rolf = person("rolf", "reviewer")
    codes.new_device(rolf)
    codes.confirm(rolf, code_of(rolf))
    client = sign_in(admin)
    client.post(f"/account/people/{rolf.pk}/second-factor/")
    assert not codes.has_device(rolf)
    assert client.post(f"/account/people/{admin.pk}/second-factor/").status_code == 409
    assert codes.has_device(admin)
