"""The export beside the weights, and the card as Markdown with front matter that YAML reads."""

import json

import pytest

from photos import storage
from tests.training.builders import version
from training.cards.markdown import card_markdown, front_matter
from training.models import ModelVersion
from training.networks.onnx.export import NAMES

pytestmark = pytest.mark.django_db
CARD = {
    "network": "lite",
    "arguments": {"width": 8},
    "licences": ["CC0", "CC BY 4.0"],
    "training_photos": 12,
    "notes": ["Weak on <b>lace</b>", "a | b"],
}


def of(stage, **card):
    return card_markdown(
        name="A [net]",
        stage=stage,
        card=CARD | card,
        metrics={"score": 0.51234},
        sha256="f" * 64,
        sizes=[("onnx", 1_500_000), ("safetensors", 2_000_000)],
    )


@pytest.mark.parametrize("stage", ["segmentation", "inpainting", "colorization"])
def test_the_card_says_what_it_takes_to_run_it(stage):
    text = of(stage)
    inputs, output = NAMES[stage]
    assert all(f"`{name}`" in text for name in [*inputs, output])
    assert "onnx: 1.5 MB, read by `onnxruntime`" in text
    assert "| Score |  | 0.5123 |" in text
    assert "f" * 64 in text


def test_front_matter_is_closed_and_quoted():
    lines = front_matter("inpainting", CARD | {"network": 'li"te\n---'}).splitlines()
    assert (lines[0], lines[-1]) == ("---", "---")
    values = dict(line.split(": ", 1) for line in lines[1:-1])
    assert json.loads(values["tags"]) == ["photo-restoration", "inpainting", 'li"te\n---']
    assert json.loads(values["training_data_licences"]) == ["CC BY 4.0", "CC0"]
    assert values["pipeline_tag"] == "image-to-image"


def test_what_a_card_holds_is_no_markup():
    text = of("inpainting")
    assert "<b>" not in text
    assert "# A \\[net]" in text


def test_both_files_and_the_card_are_given_out(reviewer, sign_in):
    row = version("net", weights=storage.put(b"weights", "application/octet-stream"), card=CARD)
    client = sign_in(reviewer)
    base = f"/training/models/{row.pk}/"
    assert client.get(base + "onnx/").status_code == 404
    ModelVersion.objects.update(onnx=storage.put(b"graph", "application/octet-stream"))
    answer = client.get(base + "onnx/")
    assert answer.getvalue() == b"graph"
    assert answer["Content-Disposition"].endswith('.onnx"')
    card = client.get(base + "card.md")
    assert card["Content-Type"].startswith("text/markdown")
    assert card.content.startswith(b"---\n")
    page = client.get(base).content.decode()
    assert "As ONNX" in page
    assert "Card as Markdown" in page


def test_a_yardstick_has_no_card(reviewer, sign_in):
    row = ModelVersion.objects.filter(builtin="telea").first() or version("telea", builtin="telea")
    assert sign_in(reviewer).get(f"/training/models/{row.pk}/card.md").status_code == 404
