import json

import pytest
import torch

from config.words.pairs import said
from training import display_text
from training.cli import card_tables
from training.networks import weights
from training.networks.registry import build

REPORT = {
    "pictures": 2,
    "notes": [said("measured.on", folder="plates", count=2, seed=0), "As older tools said it."],
    "methods": {
        "network": {"best_tolerant_f1": 0.5, "recall_fold": 0.25, "ms": 3.0},
        "Sato": {"best_tolerant_f1": None, "ms": 9.0},
    },
}


@pytest.fixture
def file(tmp_path):
    card = {"stage": "segmentation", "network": "lite", "arguments": {"width": 8}, "seed": 4}
    path = tmp_path / "segmentation.safetensors"
    weights.save(path, build("segmentation", "lite", width=8), card)
    return path


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.json"
    path.write_text(json.dumps(REPORT))
    return path


def test_a_report_becomes_a_table_of_the_card(file, report):
    before = weights.load(file)[0].state_dict()
    for _ in range(2):  # the same title is replaced
        assert card_tables.main([str(file), f"12 plates={report}"]) == 0
    network, card = weights.load(file)
    [found] = card["tables"]
    assert found["title"] == "12 plates" and found["columns"] == ["network", "Sato"]
    assert found["rows"] == [["best_tolerant_f1", 0.5, None], ["recall_fold", 0.25, None]]
    assert card["seed"] == 4 and file.with_suffix(".json").exists()
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_measures_are_told_in_words(file, report):
    card_tables.main([str(file), f"12 plates={report}"])
    [table] = display_text.tables(weights.read_card(file))
    assert [measure for measure, _ in table["rows"]] == [
        "F1 within 2 px, at its own best threshold",
        "Fold found",
    ]
    assert table["notes"] == ["plates: 2 pictures, seed 0.", "As older tools said it."]


@pytest.mark.parametrize("text", ["{}", "nonsense", '{"methods": {}}'])
def test_what_is_no_report_is_said(file, report, text, capsys):
    report.write_text(text)
    assert card_tables.main([str(file), f"x={report}"]) == 2
    assert capsys.readouterr().err
    assert "tables" not in weights.read_card(file)
