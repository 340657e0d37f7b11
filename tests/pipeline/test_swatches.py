"""The lab's own named colours: who may keep them, what is refused, and that painters get them."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from pipeline.models import LabSwatch
from pipeline.services.adjusting import colour_swatches

pytestmark = pytest.mark.django_db
PAGE = "/restorations/swatches/"
GUARD = {"group": "Uniforms", "name": "Town guard", "rgb": "#2B3550", "source": "coat of 1911"}


@pytest.fixture
def browser(sign_in, admin):
    return sign_in(admin)


def palette(client):
    groups = client.get("/colours/swatches.json").json()["groups"]
    return {group["name"]: [each["name"] for each in group["swatches"]] for group in groups}


def test_an_added_colour_is_listed_audited_and_in_the_palette(browser, client):
    shipped = palette(client)
    assert browser.post(PAGE, GUARD).status_code == 302
    row = LabSwatch.objects.get()
    assert (row.rgb, row.exact) == ("#2b3550", False)
    page = browser.get(PAGE).content.decode()
    assert "Town guard" in page and 'fill="#2b3550"' in page and "(approximate)" in page
    now = palette(client)
    assert now["Uniforms"] == [*shipped["Uniforms"], "Town guard"]
    assert list(now) == list(shipped)
    [group] = [g for g in colour_swatches.library() if g.name == "Uniforms"]
    assert group.swatches[-1].rgb == (0x2B, 0x35, 0x50)
    assert AuditEvent.objects.filter(route=PAGE[1:], method="POST").exists()


def test_a_new_group_comes_last_and_a_known_one_keeps_its_spelling(browser, client):
    browser.post(PAGE, GUARD | {"group": "Town choir"})
    browser.post(PAGE, GUARD | {"group": "uniforms"})
    browser.post(PAGE, GUARD | {"group": "TOWN CHOIR", "name": "Scarf", "exact": "on"})
    found = palette(client)
    assert list(found)[-1] == "Town choir" and found["Town choir"] == ["Town guard", "Scarf"]
    assert found["Uniforms"][-1] == "Town guard"
    assert LabSwatch.objects.get(name="Scarf").exact


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"source": " "}, "required"),
        ({"rgb": "red"}, "valid value"),
        ({"rgb": "#12345"}, "valid value"),
        ({"rgb": "#2b3550\n"}, None),
        ({"name": "n" * 61}, "at most 60"),
        ({"group": "g" * 41}, "at most 40"),
        ({"name": "scarlet"}, "already"),
    ],
)
def test_what_is_no_colour_is_refused_in_a_sentence(wrong, said, browser):
    answer = browser.post(PAGE, GUARD | wrong)
    if said is None:  # white space around it is no fault
        assert LabSwatch.objects.get().rgb == "#2b3550"
        return
    assert answer.status_code == 400 and said in answer.content.decode()
    assert not LabSwatch.objects.exists()


def test_a_name_stands_once_in_a_group(browser):
    browser.post(PAGE, GUARD)
    answer = browser.post(PAGE, GUARD | {"name": "TOWN GUARD"})
    assert answer.status_code == 400 and "already" in answer.content.decode()
    assert browser.post(PAGE, GUARD | {"group": "Cloth"}).status_code == 302
    row = LabSwatch.objects.get(group="Cloth")
    assert browser.post(f"{PAGE}{row.pk}/", GUARD).status_code == 400
    with pytest.raises(IntegrityError), transaction.atomic():
        LabSwatch.objects.create(**GUARD | {"rgb": "#000000", "name": "town Guard"})
    with pytest.raises(IntegrityError), transaction.atomic():
        LabSwatch.objects.create(**GUARD | {"name": "Another", "rgb": "red"})


def test_one_is_changed_and_removed(browser, client):
    browser.post(PAGE, GUARD)
    row = LabSwatch.objects.get()
    assert "Town guard" in browser.get(f"{PAGE}{row.pk}/").content.decode()
    changed = GUARD | {"rgb": "#30405c", "name": "Town guard, 1911"}
    assert browser.post(f"{PAGE}{row.pk}/", changed).status_code == 302
    assert palette(client)["Uniforms"][-1] == "Town guard, 1911"
    failed = browser.post(f"{PAGE}{row.pk}/", changed | {"name": "Scarlet"}).content.decode()
    assert "<h1>Town guard, 1911</h1>" in failed
    assert browser.get(f"{PAGE}{row.pk}/remove/").status_code == 405
    assert browser.post(f"{PAGE}{row.pk}/remove/", {"sure": "1"}).status_code == 302
    assert not LabSwatch.objects.exists()
    assert browser.post(f"{PAGE}{row.pk}/remove/", {"sure": "1"}).status_code == 404


def test_there_is_an_end_to_them(browser, monkeypatch):
    monkeypatch.setattr(colour_swatches, "MOST", 1)
    browser.post(PAGE, GUARD)
    answer = browser.post(PAGE, GUARD | {"name": "Another"})
    assert answer.status_code == 400 and "remove one first" in answer.content.decode()
    row = LabSwatch.objects.get()
    assert browser.post(f"{PAGE}{row.pk}/", GUARD | {"source": "a coat"}).status_code == 302


@pytest.mark.parametrize("role", ["reviewer", "assessor", "voter", "stranger"])
def test_nobody_but_an_admin_enters(role, sign_in, request):
    browser = sign_in(request.getfixturevalue(role))
    row = LabSwatch.objects.create(**GUARD | {"rgb": "#2b3550"})
    for address in (PAGE, f"{PAGE}{row.pk}/", f"{PAGE}{row.pk}/remove/"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, GUARD).status_code == 403
    assert LabSwatch.objects.get().name == "Town guard"


def test_names_are_text_and_never_markup(browser):
    browser.post(PAGE, GUARD | {"name": "<b>Guard</b>", "group": '"><svg>'})
    page = browser.get(PAGE).content.decode()
    assert "<b>Guard" not in page and "&lt;b&gt;Guard" in page and '"><svg>' not in page
    assert browser.get(f"{PAGE}{uuid.uuid4()}/").status_code == 404


# Monk Skin Tone scale (skintone.google) and ColorChecker Classic (X-Rite, ColorData-1p_EN.pdf)
MONK = [
    "f6ede4",
    "f3e7db",
    "f7ead0",
    "eadaba",
    "d7bd96",
    "a07e56",
    "825c43",
    "604134",
    "3a312a",
    "292420",
]
CHECKER = {"Dark skin": (115, 82, 68), "Light skin": (194, 150, 130),
           "Blue sky": (98, 122, 157), "Foliage": (87, 108, 67)}  # fmt: skip


def test_exact_colours_are_those_that_their_sources_publish():
    every = {each.name: each for group in colour_swatches.given() for each in group.swatches}
    for tone, wanted in enumerate(MONK, 1):
        found = every[f"Skin {tone}"]
        assert bytes(found.rgb).hex() == wanted and f"tone {tone} " in found.source
    assert {name: every[name].rgb for name in CHECKER} == CHECKER
    exact = {name for name, each in every.items() if each.exact}
    assert exact == {f"Skin {n}" for n in range(1, 11)} | {*CHECKER, "Grey, no colour"}


API = "/api/v1/swatches/"
KEPT = GUARD | {"rgb": [43, 53, 80]}


def test_a_program_keeps_them_too(browser, client):
    made = browser.post(f"{API}lab/", KEPT, "application/json")
    assert made.status_code == 201 and made.json()["rgb"] == [43, 53, 80]
    one = f"{API}lab/{made.json()['id']}/"
    assert browser.get(f"{API}lab/").json() == [made.json()]
    [uniforms] = [g for g in client.get(API).json()["groups"] if g["name"] == "Uniforms"]
    assert uniforms["swatches"][-1] == {
        "name": "Town guard",
        "rgb": [43, 53, 80],
        "source": "coat of 1911",
        "exact": False,
    }
    changed = browser.put(one, KEPT | {"exact": True, "rgb": [0, 0, 255]}, "application/json")
    assert (changed.status_code, changed.json()["exact"]) == (200, True)
    assert LabSwatch.objects.get().rgb == "#0000ff"
    assert browser.delete(one).status_code == 204 and not LabSwatch.objects.exists()
    assert browser.put(one, KEPT, "application/json").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"rgb": [43, 53]}, "rgb", "at least 3"),
        ({"rgb": [43, 53, 256]}, "rgb", "255"),
        ({"rgb": "#2b3550"}, "rgb", "list"),
        ({"name": 5}, "name", "valid string"),
        ({"name": "n" * 61}, "name", "60"),
        ({"name": "scarlet"}, "name", "already"),
        ({"source": ""}, "source", "blank"),
    ],
)
def test_a_program_is_told_what_is_no_colour(wrong, field, said, browser):
    answer = browser.post(f"{API}lab/", KEPT | wrong, "application/json")
    assert answer.status_code == 400 and said in str(answer.json()[field])
    assert not LabSwatch.objects.exists()
