"""Dates in the person's zone: her setting, else the browser's, else the site's."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Preference

pytestmark = pytest.mark.django_db


def shown(client):
    return client.get(reverse("time_zone")).content.decode()


def test_a_setting_goes_before_the_browser_and_that_before_the_site(assessor, sign_in):
    client = sign_in(assessor)
    assert "UTC</strong>" in shown(client)
    client.cookies["time_zone"] = "Asia%2FTokyo"
    assert "JST</strong>" in shown(client)
    client.post(reverse("time_zone"), {"time_zone": "America/Phoenix"})
    assert "MST</strong>" in shown(client)
    again = sign_in(assessor)  # another browser
    assert "MST</strong>" in shown(again)
    client.post(reverse("time_zone"), {"time_zone": ""})
    assert "JST</strong>" in shown(client)


@pytest.mark.parametrize("name", ["Nowhere/Land", "../../etc/passwd", "", "localtime"])
def test_what_is_no_zone_is_passed_over(assessor, sign_in, name):
    client = sign_in(assessor)
    client.cookies["time_zone"] = name
    assert "UTC</strong>" in shown(client)
    if name:
        answer = client.post(reverse("time_zone"), {"time_zone": name})
        assert answer.status_code == 400 and not Preference.objects.exists()


def test_a_visitors_page_opens_with_any_cookie():
    client = Client()
    client.cookies["time_zone"] = "Europe%2FPrague"
    assert client.get("/").status_code == 200
