"""What gates, cards and reports of measuring say is put into words when it is shown, wholly."""

import json

import pytest

from config.words.pairs import said
from config.words.wall import in_words
from tests.config.words.fake_language import is_wholly_put_into_words, page
from tests.training.builders import version
from training import display_text
from training.cards import card_schema
from training.foreign.limits import GraphError
from training.foreign.process import LONGEST_REASON, _refusal

pytestmark = pytest.mark.django_db
DIFFERS = said("gate.differs", difference=0.0312, most=0.01)
LACKS = said("lacking.features", kind="vgg16")
NOTE = said("measured.holes", share=0.125, largest=96.4)
OLD = "Holes cover 12.5 % on average."


@pytest.fixture
def told():
    row = version(passed=False)
    row.gate["reason"] = DIFFERS
    table = {"title": "12 prints", "pictures": 2, "columns": [], "rows": [], "notes": [NOTE, OLD]}
    row.card |= {"lacks": [LACKS, "No words of an older one."], "tables": [table]}
    row.save()
    return row


def test_a_version(told, client, admin, sign_in):
    found = page(sign_in(admin), f"/training/models/{told.pk}/")
    assert is_wholly_put_into_words(found, [DIFFERS, LACKS, NOTE])
    assert OLD in found and "No words of an older one." in found


def test_programs_read_words_and_codes(told, admin, sign_in):
    found = sign_in(admin).get(f"/api/v1/versions/{told.pk}/").json()
    assert found["gate"]["reason"] == "A probability differs by 0.0312, above 0.01."
    assert found["gate"]["reason_said"] == DIFFERS
    assert found["card"]["lacks"][0] == in_words(LACKS)
    assert found["card"]["lacks_said"][0] == LACKS
    assert found["card"]["tables"][0]["notes"] == [in_words(NOTE), OLD]


@pytest.mark.parametrize("lacks", [["A sentence of an older card."], [LACKS], []])
def test_cards_of_every_release_are_taken(lacks):
    card = {"stage": "segmentation", "network": "lite", "arguments": {}, "lacks": lacks}
    card_schema.check(card)
    assert ("Trained without", "; ".join(map(in_words, lacks))) in display_text.facts(
        card
    ) or not lacks


@pytest.mark.parametrize("lacks", [["x" * 2001], [{"code": 3, "with": {}}], [7], "none"])
def test_what_is_neither_is_refused(lacks):
    card = {"stage": "segmentation", "network": "lite", "arguments": {}, "lacks": lacks}
    with pytest.raises(card_schema.CardError, match="lacks"):
        card_schema.check(card)


def test_a_graphs_child_is_believed_as_far_as_its_words_are_short():
    told = said("graph.no-output", name="x", given="y")
    assert str(GraphError(_refusal(told))) == "It has no output x; it has y."
    long = said("graph.no-output", name="x" * LONGEST_REASON, given="y")
    assert len(_refusal(long)) == 500 and isinstance(_refusal(long), str)
    assert _refusal("As an older child said it.") == "As an older child said it."
    assert json.loads(json.dumps(GraphError(_refusal(told)).said.as_json())) == told
