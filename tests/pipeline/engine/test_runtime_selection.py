"""Both runtimes are measured; the fastest that answers like torch is kept and used."""

import json

import numpy as np
import pytest
import torch

from config.words.wall import in_words
from photos.files import sha256
from pipeline.engine import runtime_selection
from pipeline.engine.networks import open_network
from pipeline.engine.runtime_selection import Choice, differs, fastest, remember, remembered
from tests.pipeline.engine.tiny import ARGUMENTS, weight_file
from training.networks.onnx.export_check import QUIETEST, decibels
from training.trainers import precision


@pytest.mark.parametrize("stage", ARGUMENTS)
def test_what_was_measured_is_remembered_for_this_host(stage, tmp_path, monkeypatch):
    monkeypatch.setattr(runtime_selection, "SIDE", 64)
    monkeypatch.setattr(precision, "precision_of", lambda _: torch.float32)  # as on most laptops
    path = weight_file(tmp_path, stage)
    choice = runtime_selection.choose(path, tmp_path, threads=1)
    assert set(choice.seconds) == {"torch", "onnx"}
    assert choice.engine == min(choice.seconds, key=choice.seconds.get)
    assert remembered(tmp_path, sha256(path)) == choice
    monkeypatch.setattr(runtime_selection, "host", lambda: "another")
    assert remembered(tmp_path, sha256(path)) is None


def test_auto_takes_what_was_chosen(tmp_path):
    path = weight_file(tmp_path, "segmentation")
    assert open_network(path, exports=tmp_path).run.name == "onnx"
    remember(tmp_path, sha256(path), Choice("torch", "faster here"))
    assert open_network(path, name="again", exports=tmp_path).run.name == "torch"


def test_the_fastest_that_is_off_is_passed_over():
    def exact(picture):
        for _ in range(20):
            np.sort(picture.ravel())
        return picture[..., None]

    choice = fastest("segmentation", {"torch": exact, "onnx": lambda p: p[..., None] + 0.2})
    assert choice.engine == "torch"
    assert "onnx is off by" in in_words(choice.why)


def test_an_answer_without_numbers_never_passes():
    wanted = np.zeros((4, 4, 1), np.float32)
    for stage in ARGUMENTS:
        assert differs(stage, "onnx", wanted, wanted) is None
        assert differs(stage, "onnx", np.full_like(wanted, np.nan), wanted)


def test_a_damaged_note_is_no_choice(tmp_path):
    remember(tmp_path, "abc", Choice("onnx", "why"))
    (note,) = tmp_path.glob("abc.*.json")
    for text in ("{", json.dumps({"engine": "onnx", "colour": 3})):
        note.write_text(text)
        assert remembered(tmp_path, "abc") is None


def test_the_gate_hears_no_number_as_silence():
    wanted = np.zeros((4, 4, 1), np.float32)
    assert decibels(wanted, wanted, 1.0) == 200.0
    assert decibels(np.full_like(wanted, np.nan), wanted, 1.0) == 0.0 < QUIETEST
    assert decibels(np.full_like(wanted, np.inf), wanted, 1.0) == 0.0
