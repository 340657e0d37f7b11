"""Rooms bring functions along; the room that asks imports none of them."""

from config.registry import demo_content
from jobs.monitoring.metric_sources import source
from photos.erasure import eraser


def rooms(functions):
    return [function.__module__.partition(".")[0] for function in functions]


def test_every_room_says_its_part_in_the_order_of_the_line():
    assert rooms(demo_content.all()) == ["accounts", "training", "pipeline", "evaluation"]
    assert rooms(source.all()) == ["jobs", "annotate", "pipeline", "evaluation"]
    assert rooms(eraser.all()) == ["annotate", "training", "pipeline", "evaluation"]


def test_asking_twice_finds_each_once():
    assert len(source.all()) == len({id(function) for function in source.all()})
