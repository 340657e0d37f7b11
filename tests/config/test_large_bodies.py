"""Large bodies: where files are taken, from whom, and no more at once than there is room for."""

import io
import re
from collections import namedtuple
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from config.web import disk_reserve
from pipeline.views.forms import MAX_FILES_PER_UPLOAD
from tests.conftest import person
from tests.test_architecture import views
from tests.test_permissions import address

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")
ROOT = Path(__file__).resolve().parents[2]
TWO_GIGABYTES = 2_000_000_000


class Unreadable(io.BytesIO):
    def read(self, *_):
        raise AssertionError("the body was read")


def send(client, path, size, **headers):
    return client.generic(
        "POST", path, b"", "multipart/form-data; boundary=x",
        **{
            "CONTENT_LENGTH": str(size), "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "wsgi.input": Unreadable(), **headers,
        },
    )  # fmt: skip


def test_no_other_address_reads_two_gigabytes():
    """Every address of the site that is not there for files, as a stranger."""
    client = Client(raise_request_exception=False)
    tried = 0
    for route, _ in views():
        path = address(route) if "(?P" not in route else "/admin/x/"
        if path.startswith(disk_reserve.FOR_ALL):
            continue
        answer = send(client, path, TWO_GIGABYTES)
        assert answer.status_code in (404, 413, 301), path
        tried += answer.status_code == 413
    assert tried > 100


def test_assessors_bring_files_to_their_own_room_alone(sign_in, assessor, settings):
    settings.DISK_RESERVE_BYTES = 0
    client = sign_in(assessor)
    client.raise_request_exception = False
    assert send(client, "/account/password/", 3_000_000).status_code == 413
    assert send(client, "/studies/new/", 3_000_000).status_code == 413
    with pytest.raises(AssertionError, match="the body was read"):
        client.raise_request_exception = True
        send(client, "/annotate/photos/", 3_000_000)
    voter = Client(raise_request_exception=False)
    voter.force_login(person("one voter", "voter"))
    assert send(voter, "/annotate/photos/", 3_000_000).status_code == 413


def forms_with_files():
    """(where it goes by the name of its view, or None; its page) of every form with files."""
    for template in (ROOT / "templates").rglob("*.html"):
        for form in re.findall(r"<form[^>]*multipart/form-data[^>]*>", template.read_text()):
            action = re.search(r"action=\"{% url '([\w-]+)'", form)
            yield action and action[1], str(template.relative_to(ROOT / "templates"))


def address_of(name):
    """With a number or an id of nothing wherever the address wants one."""
    route = get_resolver().reverse_dict.getlist(name)[0][0][0][0]
    return "/" + re.sub(r"%\(\w+\)s", "00000000-0000-0000-0000-000000000000", route)


OWN_ADDRESS = {  # forms without an action: the view of their page
    "evaluation/rivals.html": "/studies/14/rivals/",
    "training/import.html": "/training/models/import/",
    "annotate/photos.html": "/annotate/photos/",
}


def test_every_form_with_files_sends_them_where_files_are_taken(sign_in, admin, settings):
    settings.DISK_RESERVE_BYTES = 0
    client, tried = sign_in(admin), 0
    client.raise_request_exception = False
    for action, page in forms_with_files():
        path = OWN_ADDRESS[page] if action is None else address_of(action)
        assert send(client, path, 3_000_000).status_code not in (413, 403), page
        tried += 1
    assert tried >= 7


def test_what_admins_bring_others_do_not(sign_in, reviewer, voter):
    for path in ("/studies/14/rivals/", "/training/models/import/"):
        for someone in (reviewer, voter):
            client = sign_in(someone)
            client.raise_request_exception = False
            assert send(client, path, 3_000_000).status_code == 413


def test_a_form_of_more_than_it_may_bring_is_refused(settings):
    assert disk_reserve.FILES == MAX_FILES_PER_UPLOAD
    settings.SCAN_MAX_BYTES = 10_000_000
    client = Client(raise_request_exception=False)
    answer = send(client, "/api/v1/restorations/", 20 * 10_000_000 + 1_000_001)
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


def test_many_at_once_do_not_share_one_room(settings, monkeypatch):
    """Each fits by itself and all of them do not: what is announced elsewhere is counted."""
    settings.DISK_RESERVE_BYTES = 1_000_000_000
    monkeypatch.setattr(
        disk_reserve.shutil, "disk_usage", lambda place: Usage(10**12, 0, 1_500_000_000)
    )
    with disk_reserve.arriving.counted(400_000_000):
        answer = send(Client(raise_request_exception=False), "/restore/", 400_000_000)
        assert answer.status_code == 507
    with pytest.raises(AssertionError, match="the body was read"):
        send(Client(), "/restore/", 400_000_000)
    assert disk_reserve.arriving.bytes == 0
