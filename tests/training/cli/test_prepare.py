"""From a folder of photos to a run, and from a run to shipped weights."""

import json

import pytest
import torch
from PIL import Image

from photos.files import sha256
from training.cli import export_weights, prepare
from training.networks import weights
from training.networks.registry import build
from training.recipes import preset
from training.run_folder import Item, RunFolder, Spec
from training.trainers import checkpoint

HEADER = "file\tsplit\tlicence\tsource\tnote\n"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "photos"
    path.mkdir()
    for index in range(40):
        Image.new("RGB", (40, 30), (index, 9, 9)).save(path / f"p{index}_t1.png")
    return path


def table(folder, *rows):
    (folder / "SOURCES.tsv").write_text(HEADER + "".join("\t".join(row) + "\n" for row in rows))


def prepared(folder, *more):
    run = folder.parent / "run"
    line = [str(folder), str(run), "--stage", "inpainting", "--recipe", "tiny", *more]
    return prepare.main(line), RunFolder(run)


def test_a_plain_folder_is_split_by_group(folder):
    code, run = prepared(folder)
    items = run.items()
    assert code == 0 and len(items) == 40
    assert 0 < sum(item.split == "validation" for item in items) < 15
    assert {item.group for item in items} == {f"p{index}" for index in range(40)}
    assert run.spec().detached and run.spec().recipe == preset("inpainting", "tiny")


def test_the_table_gives_split_and_licence_and_none_means_out(folder):
    table(
        folder,
        ("p0_t1.png", "train", "CC-BY-4.0", "site", "author Ada"),
        ("p1_t1.png", "val", "CC0-1.0", "site", ""),
        ("p2_t1.png", "train", "no licence stated", "site", ""),
        ("p3_t1.png", "train", "", "site", ""),
        ("p4_t1.png", "pool", "CC0-1.0", "site", ""),
    )
    _, run = prepared(folder)
    found = [(item.split, item.licence, item.source) for item in run.items()]
    assert found == [
        ("train", "CC-BY-4.0", "site, author Ada"),
        ("validation", "CC0-1.0", "site"),
    ]


def test_tiles_of_one_original_share_a_group():
    names = ("a/alps_t1.jpg", "a/alps_t2.jpg", "a/alps_crop12.png")
    assert {prepare.group_of(name) for name in names} == {"a/alps"}


def test_photos_can_be_left_out(folder):
    _, run = prepared(folder, "--exclude", "p1_", "--exclude", "p2_")
    assert len(run.items()) == 38


def test_photos_are_weighed_by_the_last_rule_that_fits(folder):
    _, run = prepared(folder, "--weight", "p=2", "--weight", "p1_=0.5")
    weights_of = {item.group: item.weight for item in run.items()}
    assert (weights_of["p1"], weights_of["p2"]) == (0.5, 2.0)


def test_some_are_held_out_by_digest_whatever_the_table_says(folder):
    table(folder, *((f"p{k}_t1.png", "train", "CC0-1.0", "s", "") for k in range(20)))
    _, run = prepared(folder, "--hold-out", "/p1=4")
    held = {item.image_sha256 for item in run.items() if item.split == "validation"}
    among = sorted(item.image_sha256 for item in run.items() if "/p1" in item.image)
    assert held == set(among[:4]) and len(among) == 11


def test_choices_of_the_recipe_can_be_set(folder):
    _, run = prepared(folder, "--set", "hole_weight=2", "--set", "features=a.pth")
    assert (run.spec().recipe.hole_weight, run.spec().recipe.features) == (2, "a.pth")


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--set", "holes=2", "no field 'holes'"),
        ("--set", "stage=colorization", "no field 'stage'"),
        ("--set", "size=33", "size must be a multiple of 16"),
        ("--set", "size=big", "size must be a whole number"),
        ("--weight", "p1_", "want PART=WEIGHT"),
        ("--weight", "p1_=-1", "want PART=WEIGHT"),
        ("--hold-out", "p1_=few", "want PART=COUNT"),
        ("--parent", "nowhere.safetensors", "nowhere.safetensors"),
    ],
)
def test_a_wrong_choice_is_named(folder, capsys, option, value, reason):
    assert prepared(folder, option, value)[0] == 2
    assert reason in capsys.readouterr().err


def test_a_run_can_go_on_from_weights(folder, tmp_path):
    start = tmp_path / "start.safetensors"
    start.write_bytes(b"weights")
    _, run = prepared(folder, "--parent", str(start))
    parent = run.spec().parent
    assert run.file(parent["path"]).read_bytes() == b"weights"
    assert parent["sha256"] == sha256(start)


def test_an_empty_folder_is_said(tmp_path, capsys):
    assert prepared(tmp_path / "nothing")[0] == 2
    assert "no usable photo" in capsys.readouterr().err


def test_shipping_from_what_is_no_run_is_a_sentence(tmp_path, capsys):
    assert export_weights.main([str(tmp_path), str(tmp_path / "out.safetensors")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_shipped_weights_are_half_precision_and_credit_their_authors(tmp_path):
    run = RunFolder(tmp_path / "run")
    items = [Item(image="a.png", licence="CC-BY-4.0", source="site alps, author Ada")]
    run.write(Spec(recipe=preset("segmentation", "tiny")), items)
    card = {"stage": "segmentation", "network": "lite", "arguments": {"width": 8}}
    network = build("segmentation", "lite", width=8)
    encoder = {"file": "resnet18-f37072fd.pth", "sha256": "f37072fd"}
    weights.save(run.best, network, card | {"images_seen": 4, "encoder": encoder})
    target = tmp_path / "out" / "segmentation.safetensors"
    assert export_weights.main([str(run.path), str(target), "--notes", "weak on stains"]) == 0
    card = json.loads(target.with_suffix(".json").read_text())
    author, encoder = card["credits"]
    assert author == "site alps, author Ada (CC-BY-4.0)"
    assert "resnet18-f37072fd.pth (torchvision, BSD-3-Clause), trained on ImageNet" in encoder
    assert card["data"] == ["site alps: CC-BY-4.0"] and card["notes"] == "weak on stains"
    assert target.stat().st_mode & 0o777 == 0o644


def test_what_a_run_will_lack_and_how_a_batch_is_shared_is_said(folder, capsys):
    code, run = prepared(folder, "--recipe", "article", "--processes", "3")
    said = capsys.readouterr().out
    assert code == 0 and "No features of vgg16" in said
    assert "A step takes 9 crops where the recipe says 8: 3 processes" in said
    code, run = prepared(folder, "--recipe", "article", "--features", "vgg.pth")
    assert run.spec().recipe.features == "vgg.pth"
    assert "No features" not in capsys.readouterr().out


def test_whoever_has_a_parent_lacks_no_encoder(tmp_path):
    recipe = preset("segmentation", "article")
    assert prepare.started_from(recipe, tmp_path).encoder is None
    assert prepare.started_from(recipe, None) is recipe


def test_the_last_average_ships_where_it_is_asked_for(tmp_path):
    """Without the best one's score: it was another network's."""
    run = RunFolder(tmp_path / "run")
    run.write(Spec(recipe=preset("segmentation", "tiny")), [Item(image="a.png")])
    best, last = (build("segmentation", "lite", width=8) for _ in range(2))
    card = {"stage": "segmentation", "network": "lite", "arguments": {"width": 8}, "score": 0.6}
    weights.save(run.best, best, card | {"images_seen": 14, "blended": [10, 4]})
    average = checkpoint.prefixed("average", last.state_dict())
    checkpoint.save(run.resume, average, {"images": 8, "steps": 2, "notes": {"parent_images": 10}})
    target = tmp_path / "last.safetensors"
    assert export_weights.main([str(run.path), str(target), "--last"]) == 0
    network, card = weights.load(target)
    assert card["images_seen"] == 18 and card["steps"] == 2
    assert "score" not in card and "blended" not in card
    for name, value in last.state_dict().items():
        assert torch.allclose(network.state_dict()[name].float(), value.float(), atol=1e-3), name
