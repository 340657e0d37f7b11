"""Each mend attacked once more, in another way than its own test does."""

import io
import json
import logging
import socket
import time

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from safetensors.numpy import load_file, save_file

from accounts.models import ApiToken
from accounts.personal.forgetting import forget_person
from annotate.formats import coco
from annotate.services.owners import withdraw_leave
from config.errors import Refused
from config.web.log_privacy import RoutesOnly
from config.web.logging import Ids
from config.words.said import read
from photos.models import Photo
from pipeline.services import safe_http
from tests.annotate.builders import ready_photo
from tests.conftest import person
from tests.pipeline.api.test_tus import api, begin, path  # noqa: F401
from tests.test_architecture import views

FORGED = "2026-01-01 00:00:00,000 ERROR root: forged"
TEXTS = [f"eve\n{FORGED}", f"eve\r{FORGED}", f"eve\u2028{FORGED}", "eve\x1b[2K\x1b[1A", "eve\x85x"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("where", ["message", "argument", "error"])
def test_no_text_of_a_stranger_is_a_line_of_the_log(text, where):
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        logging.Formatter("{asctime} {levelname} {name}{ids}: {message}", style="{")
    )
    [handler.addFilter(each) for each in (Ids(), RoutesOnly())]
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "said", (), None)
    if where == "message":
        record.msg = text
    elif where == "argument":
        record.msg, record.args = "agent %s", (text,)
    else:
        try:
            raise ValueError(text)
        except ValueError as error:
            record.exc_info = (ValueError, error, error.__traceback__)
    handler.handle(record)
    written = out.getvalue()
    assert "eve" in written and "\x1b" not in written
    lines = written.splitlines()  # all that a reader may take for an end of a line
    assert not any(line.startswith(("2026-01-01", "forged")) for line in lines)
    assert len(lines) == len(written.rstrip("\n").split("\n"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "forwarded", "locked"),
    [
        (0, "{n}.1.1.1", True),  # no proxy of ours: whatever is claimed is not read
        (1, "{n}.1.1.1, 198.51.100.9", True),  # entries further left are the caller's own
        (2, "{n}.1.1.1, 198.51.100.9, 10.0.0.7", True),
        (2, "{n}.1.1.1, , 198.51.100.9,, 10.0.0.7", True),  # empty entries move nobody along
        (1, "198.51.100.9:{n}", True),  # another port is no other caller
        (1, "::ffff:198.51.100.9", True),
        (1, "203.0.113.{n}", False),  # that many callers, each with a count of its own
    ],
)
def test_no_forged_header_gives_new_tries(settings, assessor, proxies, forwarded, locked):
    settings.PROXY_COUNT, settings.AXES_ENABLED = proxies, True
    cache.clear()
    for number in range(1, 8):
        headers = {"x-forwarded-for": forwarded.format(n=number)}
        answer = Client(REMOTE_ADDR="10.0.0.1", headers=headers).post(
            "/account/login/", {"username": "ada", "password": "wrong"}
        )
    assert (answer.status_code in (403, 429)) == locked


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["thumbnail", "preview", "working"])
def test_a_known_tag_does_not_open_what_was_withdrawn(sign_in, assessor, kind):
    photo = ready_photo()
    Photo.objects.filter(pk=photo.pk).update(origin="visitor", training_allowed=True)
    client, at = sign_in(assessor), f"/annotate/photos/{photo.pk}/files/{kind}/"
    before = client.get(at)
    assert before.status_code == 200
    assert "max-age=3600" in before["Cache-Control"] and "private" in before["Cache-Control"]
    b"".join(before.streaming_content)
    photo.refresh_from_db()
    withdraw_leave(photo=photo)
    for more in ({"If-None-Match": before["ETag"]}, {"Range": "bytes=0-99"}):
        assert client.get(at, headers=more).status_code == 404
    assert client.head(at).status_code == 404


@pytest.mark.django_db
def test_a_forgotten_person_keeps_neither_session_nor_token():
    zdenka = person("zdenka", "assessor")
    client = Client()
    client.force_login(zdenka)
    _, secret = ApiToken.objects.make(user=zdenka, name="x", scopes=["masks:read"])
    assert client.get("/annotate/").status_code == 200
    forget_person(User.objects.get(pk=zdenka.pk))
    assert client.get("/annotate/").status_code == 302
    token = {"Authorization": f"Bearer {secret}"}
    assert Client(headers=token).get("/api/v1/masks/export/").status_code == 401


@pytest.mark.django_db
def test_a_token_in_use_ends_with_the_password_at_the_next_request(sign_in, stranger):
    _, secret = ApiToken.objects.make(user=stranger, name="x", scopes=["restorations:read"])
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/restorations/").status_code == 200
    elsewhere = sign_in(stranger)
    said = {"old_password": "correct horse", "new_password1": "Quite another 7",
            "new_password2": "Quite another 7", "revoke_tokens": "on"}  # fmt: skip
    own = Client()
    own.force_login(stranger)
    assert own.post("/account/password/", said).status_code == 302
    assert program.get("/api/v1/restorations/").status_code == 401
    assert elsewhere.get("/account/data/").status_code == 302  # the other browser is out too


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["-1", "1e9", "9" * 400, "٣", "0x10", " 5 ", "", "nan"])
def test_no_strange_length_begins_an_upload(api, length):  # noqa: F811
    answer = api.post(
        "/api/v1/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": length}
    )
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "url",
    [
        "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]:443/", "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/", "https://[::127.0.0.1]/", "https://[fe80::1%25lo]/",
        "https://127.0.0.1/", "https://a@127.0.0.1/", "https://b.example\\@127.0.0.1/",
        "https://[::1]:22/", "https://①②⑦.0.0.1/",
    ],
)  # fmt: skip
def test_no_dress_of_loopback_is_asked(url):
    with pytest.raises(safe_http.Blocked):
        safe_http.check_url(url)


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost"])
def test_what_the_resolver_takes_for_loopback_is_not_asked(host):
    with pytest.raises(safe_http.Blocked):
        safe_http.resolve(host, 443)


def test_a_name_that_changes_its_mind_is_asked_where_it_was_checked(monkeypatch):
    """Public at the first look-up, loopback from then on: there is one look-up."""
    answers = iter(["93.184.216.34", *["127.0.0.1"] * 9])
    asked, tried = [], []

    def look_up(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address, *_):
        tried.append(address[0])
        raise OSError("nobody is there")

    monkeypatch.setattr(safe_http.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(safe_http.socket, "create_connection", connect)
    with pytest.raises(OSError, match="nobody"):
        safe_http.post("https://rebind.example/", b"", {})
    assert (asked, tried) == (["rebind.example"], ["93.184.216.34"])


def test_a_name_with_one_private_address_among_its_own_is_not_asked(monkeypatch):
    found = [(0, 0, 0, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(safe_http.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(safe_http.Blocked):
        safe_http.resolve("two.example", 443)


@pytest.mark.slow
@pytest.mark.parametrize("of", ["running_var", "num_batches", "bias"])
def test_a_number_that_is_none_fails_the_gate_wherever_it_hides(tmp_path, of):
    from training.cards import model_cards
    from training.services import export_check, shipped_weights

    source = shipped_weights.FOLDER / "segmentation.safetensors"
    tensors = dict(load_file(source))
    floats = [name for name in tensors if tensors[name].dtype.kind == "f"]
    name = ([name for name in floats if of in name] or floats)[-1]
    tensors[name] = tensors[name].copy()
    tensors[name].flat[0] = np.nan
    target = tmp_path / "w.safetensors"
    save_file(tensors, target, {"card": json.dumps(model_cards.read(source))})
    result = export_check.judge({target: "segmentation"}, tmp_path / "rooms")[0].result
    assert not result["passed"] and "no number" in str(read(result["reason"]))


def bomb(**more):
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, **more}
    image = {"id": 1, "file_name": "a.png", "width": 12, "height": 12}
    categories = [{"id": 1, "name": "fracture"}]
    return json.dumps(
        {"images": [image], "annotations": [annotation], "categories": categories}
    ).encode()


@pytest.mark.parametrize(
    "more",
    [
        {"segmentation": {"size": [100_000, 100_000], "counts": [0, 10**10]}},
        {"segmentation": {"size": [12, 12], "counts": [0, 10**18]}},
        {"segmentation": {"size": [12, 12], "counts": "o" * 500_000}},
        {"segmentation": {"size": [12, 12], "counts": [0] * 400_000}},
        {"segmentation": {"size": [12, 12], "counts": [-5, 149]}},
        {"segmentation": [[1e308, -1e308, 1e308, 1e308, -1e308, 1e308]]},
        {"segmentation": [[0, 0, 10**9, 0, 10**9, 10**9, 0, 10**9]]},
        {"segmentation": [[0.5] * 300_001]},
        {"bbox": [0, 0, 10**9, 10**9]},
    ],
)
def test_a_bomb_of_coco_costs_little_and_is_a_mask_or_a_sentence(more):
    began = time.process_time()
    try:
        found = coco.read(bomb(**more), "a.png", 12, 12)
    except (ValueError, Refused) as reason:
        assert str(reason)
    else:
        assert found.shape == (12, 12)
    assert time.process_time() - began < 3


@pytest.mark.django_db
def test_no_page_number_is_a_fault(sign_in, admin):
    client = sign_in(admin)
    lists = [f"/{route}" for route, _ in views() if "<" not in route]
    odd = ["-1", "9" * 60, "NaN", "1e9", "\x00", "٣"]
    for at in lists:
        if at.startswith(("/admin", "/metrics", "/account/logout")):
            continue
        for number in odd:
            assert client.get(at, {"page": number}).status_code < 500, (at, number)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Ёлка 1950", "елка"), ("елка", "Ё"), ("Елка", "е\u0308лка"), ("Foto\u00adgraf", "fotograf"),
        ("Fotograf", "foto\u200bgraf"), ("e\u0301\u0302\u0303te", "ete"), ("❤\ufe0f Oma", "❤ oma"),
        ("\u202eamO", "amo"), ("Ｏｍａ", "oma"),
    ],
)  # fmt: skip
def test_letters_that_only_look_different_are_found(title, words):
    row = Photo.objects.create(title=title)
    assert list(Photo.objects.search(words)) == [row]
