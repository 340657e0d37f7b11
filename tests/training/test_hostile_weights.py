"""Weight files from elsewhere: a wrong card is refused, weights with NaN or of others fail the gate."""

import json
from functools import partial

import numpy as np
import pytest
from django.test import Client
from safetensors.numpy import load_file, save_file

from config.errors import Refused
from config.words.wall import in_words
from tests.training.builders import weight_file
from training import display_text, services
from training.cards import card_schema, model_cards
from training.cards.card_schema import KNOWN, CardError, parsed
from training.services import export_check, shipped_weights

pytestmark = pytest.mark.django_db
CARD = {"stage": "inpainting", "network": "lite", "arguments": {}}
SHIPPED = sorted(shipped_weights.FOLDER.glob("*.safetensors"))
WRONG = [
    None,
    True,
    7,
    -1e9,
    1e300,
    "x" * 30_000,
    [],
    [[]],
    [None],
    {},
    {"x": {"x": []}},
    ["a", 1],
    "\0",
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_fits_the_schema(path):
    assert model_cards.read(path)["stage"] == path.stem


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "no object"),
        ("{", "no JSON"),
        ('{"stage": NaN}', "no number"),
        (json.dumps(CARD)[:-1] + ', "metrics": {"x": 1e999}}', "not finite"),
        (json.dumps(CARD)[:-1] + ', "x": -Infinity}', "no number"),
        (json.dumps(CARD)[:-1] + ', "seed": 9007199254740999999}', "53 bits"),
        ('{"x": ' + "[" * 50 + "]" * 50 + "}", "nested"),
        ("[" * 100_000, "no JSON"),
        (json.dumps({**CARD, "arguments": {"width": 10**6}}), "arguments"),
        (json.dumps({**CARD, "arguments": {"__class__": 1}}), "arguments"),
        (json.dumps({**CARD, "threshold": {"fracture": "0.5"}}), "threshold"),
        (json.dumps({**CARD, "threshold": {"fracture": 1.5}}), "threshold"),
        (json.dumps({**CARD, "mean_chroma": [1]}), "mean_chroma"),
        (json.dumps({**CARD, "tables": [{"title": "x", "columns": [], "rows": [[]]}]}), "tables"),
        (json.dumps({"stage": "inpainting"}), "network"),
        (" " * 5_000_000, "longer"),
    ],
)
def test_a_wrong_card_is_refused_with_the_reason(text, reason):
    with pytest.raises(CardError, match=reason):
        parsed(text)


@pytest.mark.parametrize("key", KNOWN)
@pytest.mark.parametrize("value", WRONG, ids=lambda value: str(value)[:12])
def test_whatever_a_key_holds_is_refused_or_every_page_shows_it(
    key, value, tmp_path, sign_in, admin
):
    """The siblings: no type at any key ends in a fault later."""
    card = {**CARD, key: value}
    path = weight_file(tmp_path, card=card)
    try:
        version, _ = services.versions.add_version(path=path, name="", origin="file")
    except Refused as reason:
        assert str(reason).endswith(".")
        return
    display_text.facts(version.card)
    client: Client = sign_in(admin)
    assert client.get(f"/training/models/{version.pk}/").status_code == 200
    assert client.get("/training/models/").status_code == 200


def verdict_of(tmp_path, change, card=None):
    """What the gate says of the shipped network of segmentation after a change."""
    source = shipped_weights.FOLDER / "segmentation.safetensors"
    tensors = change(dict(load_file(source)))
    path = tmp_path / "w.safetensors"
    save_file(tensors, path, {"card": json.dumps(card or model_cards.read(source))})
    return export_check.judge({path: "segmentation"}, tmp_path / "rooms")[0].result


def with_value(tensors, value, *, last=False):
    name = [name for name in sorted(tensors) if tensors[name].dtype.kind == "f"][-1 if last else 0]
    changed = tensors[name].copy()
    changed.flat[-1] = value
    return {**tensors, name: changed}


@pytest.mark.slow
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_one_number_that_is_none_fails_the_gate(tmp_path, value):
    result = verdict_of(tmp_path, partial(with_value, value=value))
    assert not result["passed"] and "no number" in in_words(result["reason"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "card",
    [
        {"stage": "segmentation", "network": "albunet", "arguments": {}},
        {"stage": "segmentation", "network": "unheard", "arguments": {}},
        {"stage": "segmentation", "network": "lite0", "arguments": {"odd": 1}},
        {"stage": "inpainting", "network": "lite", "arguments": {}},
    ],
)
def test_weights_of_another_network_than_the_card_names_fail_the_gate(tmp_path, card):
    result = verdict_of(tmp_path, dict, card)
    assert not result["passed"] and "none of the network" in in_words(result["reason"])


def test_the_schema_knows_every_key_that_is_read():
    """A new use of a card has to say what it expects."""
    import re

    from tests.test_architecture import sources

    read = set()
    for path in sources():
        if path.name == "card_schema.py" or {"recipes", "trainers"} & set(path.parts):
            continue
        read |= set(re.findall(r'\bcard(?:\.get\(|\[)"(\w+)"', path.read_text()))
        read |= set(re.findall(r'by_class\([\w.]*card, "(\w+)"', path.read_text()))
    unknown = read - set(KNOWN) - {"one_cut", "seed", "positive_weight", "calibrated_on"}
    assert not unknown, unknown
    assert card_schema.NEEDED == ("stage", "network", "arguments")
