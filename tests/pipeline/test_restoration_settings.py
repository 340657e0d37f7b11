"""Settings of a restoration between a row's JSON and their types."""

import pytest

from config.errors import Refused
from pipeline.models import Restoration, RestorationSettings


def test_they_are_written_back_as_they_were():
    kept = {"careful": True, "strength": 0.35, "colourise": True, "grain": False}
    assert Restoration(settings=kept).chosen == RestorationSettings(True, 0.35, True, False)
    assert RestorationSettings.from_json(kept).as_json() == kept


def test_what_a_row_does_not_say_is_as_before_anybody_could_choose():
    assert Restoration(settings={}).chosen == RestorationSettings(False, 0.5, False, True)
    assert RestorationSettings.from_json({"strength": 1}).strength == 1


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        ({"careful": "yes"}, "“careful” is yes or no, not 'yes'"),
        ({"grain": 1}, "“grain” is yes or no, not 1"),
        ({"strength": 1.5}, "“strength” is a number from 0 to 1, not 1.5"),
        ({"strength": True}, "“strength” is a number from 0 to 1, not True"),
        ({"strength": "0.5"}, "“strength” is a number from 0 to 1"),
        ({"speed": 3}, "There is no setting “speed”"),
    ],
)
def test_what_is_no_choice_is_refused_in_a_sentence(kept, sentence):
    with pytest.raises(Refused, match=sentence):
        RestorationSettings.from_json(kept)
