"""Folders stay small enough to be read at a glance, and a room's modules few and in layers."""

import pytest

from tests.rooms import Graph, files, graph

LISTS = {"training/networks", "training/augmentation"}  # flat lists of siblings


def test_no_folder_is_crowded():
    crowded = {
        folder: number
        for folder, number in files().items()
        if number > (24 if folder in LISTS else 15)
    }
    assert not crowded


@pytest.mark.parametrize("room", ["pipeline", "evaluation"])
def test_a_room_is_few_modules_in_layers(room):
    found = graph(room)
    assert len(found.arrows) <= 16
    assert found.count <= 30
    assert found.layers() <= 5
    assert not found.cycles()


@pytest.mark.parametrize("room", ["jobs", "photos", "annotate", "training"])
def test_no_folders_of_a_room_stand_on_each_other(room):
    assert not graph(room).cycles()


def test_arrows_layers_and_cycles_are_counted():
    chain = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset(), "d": frozenset("c")}
    assert (Graph(chain).count, Graph(chain).layers(), Graph(chain).cycles()) == (3, 3, [])
    ring = Graph(chain | {"c": frozenset("b")})
    assert sorted(ring.cycles()) == ["b", "c"]
    assert ring.layers() == 2  # a and d stand on b and c, which count as one
