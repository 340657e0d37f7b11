"""A thing said is kept as code and parameters, and read back; older sentences stay sentences."""

import json

import pytest
from django.template import Context, Template

from config.errors import Refused
from config.words.said import Said, as_text, from_text, plain, read, said
from config.words.wall import codes_that_say, for_programs, in_words
from jobs.models import Job

DISK = said("notice.disk", free=3.456)


def test_a_thing_said_is_json_and_back():
    assert DISK.as_json() == {"code": "notice.disk", "with": {"free": 3.456}}
    assert read(json.loads(json.dumps(DISK.as_json()))) == DISK
    assert from_text(as_text(DISK)) == DISK


@pytest.mark.parametrize("text", ["", "An older sentence.", '{"code": 3}', '{"code": "broken'])
def test_a_plain_sentence_stays_as_it_is(text):
    assert from_text(text) == read(text) == in_words(text) == text


def test_it_is_put_into_words_where_it_is_shown():
    assert str(DISK) == in_words(DISK.as_json()) == "The disk is nearly full: 3.5 GB are free."
    shown = Template("{{ kept|words }} {{ thing }} {{ old|words }}").render(
        Context({"kept": DISK.as_json(), "thing": DISK, "old": "It is <b>old</b>."})
    )
    assert shown == f"{DISK} {DISK} It is &lt;b&gt;old&lt;/b&gt;."


def test_what_another_release_said_is_shown_as_its_code():
    assert str(said("disk.of-tomorrow", free=1)) == "disk.of-tomorrow"
    assert (
        str(said("notice.disk", room=1)) == str(said("notice.disk", free="much")) == "notice.disk"
    )


def test_a_count_chooses_the_form():
    assert str(said("engine.beyond", count=1)).startswith("1 more mark was left")
    assert str(said("engine.beyond", count=12)).startswith("12 more marks were left")
    assert str(said("run.saw", count=12_000)) == "saw 12,000 pictures"


def test_things_said_stand_in_each_other():
    why = [said("import.file", file=name, why=said("scan.empty")) for name in "ab"]
    told = said("import.refused", files=why)
    assert str(told) == "a: This file is empty. b: This file is empty. Nothing was imported."
    assert str(read(json.loads(json.dumps(plain(told))))) == str(told)
    assert str(said("verdict.still-in", names=["a", "b"])) == "Still in: a, b."


def test_programs_are_told_both():
    found = for_programs({"reasons": [DISK.as_json()], "text": DISK.as_json(), "old": "As it was."})
    assert found["reasons"] == [found["text"]] == [str(DISK)]
    assert found["reasons_said"] == [DISK.as_json()] and found["text_said"] == DISK.as_json()
    assert found["old"] == "As it was." and "old_said" not in found


def test_a_refusal_says_what_is_to_be_kept():
    assert Refused(DISK).said == DISK and str(Refused(DISK)) == str(DISK)
    assert Refused("Plainly no.").said == "Plainly no."


@pytest.mark.django_db
def test_a_column_keeps_both(client):
    Job.objects.create(kind="x", title="new", error=DISK)
    Job.objects.create(kind="x", title="old", error="It was full.")
    new, old = (Job.objects.get(title=title).error for title in ("new", "old"))
    assert (new, old) == (DISK, "It was full.") and isinstance(new, Said)
    assert Job.objects.filter(error=DISK).get().title == "new"
    Job.objects.update(error=as_text(DISK))
    assert {job.error for job in Job.objects.all()} == {DISK}


def test_words_lead_to_their_codes():
    assert '{"code": "notice.disk"' in codes_that_say("disk is NEARLY full")
    assert codes_that_say("words that nobody says") == []
