"""From a folder of photos to a run, and from a run to shipped weights."""

import json
from pathlib import Path

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
        ("p5_t1.png", "val", "no licence stated", "site", ""),
    )
    _, run = prepared(folder)
    found = [(item.split, item.licence, item.source) for item in run.items()]
    assert found == [
        ("train", "CC-BY-4.0", "site, author Ada"),
        ("validation", "CC0-1.0", "site"),
        ("validation", "no licence stated", "site"),
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


@pytest.fixture
def below_photos(tmp_path):
    """Photos below a folder whose own path holds every part that anybody might ask for."""
    root = tmp_path / "photos" / "prints" / "PAIRS"
    for index, name in enumerate(("photos/a.png", "portraits/b.png", "prints/c.png")):
        (root / name).parent.mkdir(parents=True)
        Image.new("RGB", (40, 30), (index, 9, 9)).save(root / name)
    return root


@pytest.mark.parametrize("written", ["from files", "from a table"])
@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        (("only", "photos/"), "a"),
        (("only", "/photos/"), "a"),
        (("only", "portraits"), "b"),
        (("only", "/"), "abc"),
        (("exclude", "prints/"), "ab"),
        (("exclude", "/prints/"), "ab"),
        (("exclude", "PAIRS"), "abc"),
    ],
)
def test_parts_are_looked_for_below_the_folder(below_photos, written, choice, kept):
    if written == "from a table":
        names = ("photos/a.png", "portraits/b.png", "prints/c.png")
        table(below_photos, *((name, "train", "CC0-1.0", "s", "") for name in names))
    option, part = choice
    items = prepare.items_of(below_photos, **{option: [part]})
    assert "".join(sorted(Path(item.image).stem for item in items)) == kept


def test_weights_and_holding_out_look_below_the_folder_too(below_photos):
    _, run = prepared(below_photos, "--weight", "/=3", "--weight", "prints/=2", "--weight", "k=9")
    weights_of = {Path(item.image).stem: item.weight for item in run.items()}
    assert weights_of == {"a": 3, "b": 3, "c": 2}
    _, run = prepared(below_photos, "--hold-out", "photos/=3")
    assert {Path(i.image).stem for i in run.items() if i.split == "validation"} >= {"a"}


def test_who_is_left_out_is_asked_for_below_the_folder_too(below_photos):
    table(below_photos, ("photos/a.png", "test", "", "", ""), ("prints/c.png", "test", "", "", ""))
    assert prepare.left_out(below_photos, only=["photos/"]) == {"of split test": 1}


def pairs_in(folder, level):
    folder.mkdir(parents=True)
    Image.new("RGB", (40, 30), (9, 9, level)).save(folder / "print_x_image.png")
    return folder


@pytest.mark.parametrize("part", ["PAIRS/", "/PAIRS/", "print_", "/", "{}/", "{}", "{}/print_"])
def test_labels_are_known_by_their_folder_as_well(folder, tmp_path, part):
    pairs = pairs_in(tmp_path / "out" / "PAIRS", 100)
    more = pairs_in(tmp_path / "PAIRS2", 101)
    rule = f"{part.format(pairs)}=12"
    _, run = prepared(folder, "--labels", str(pairs), "--labels", str(more), "--weight", rule)
    weights_of = {item.image: item.weight for item in run.items()}
    assert weights_of[str(pairs / "print_x_image.png")] == 12
    alone = 12 if part in ("print_", "/") else 1
    assert weights_of[str(more / "print_x_image.png")] == alone


@pytest.mark.parametrize("part", ["photos/", "out/", "{}1"])
def test_what_lies_above_the_labels_weighs_nothing(folder, tmp_path, part):
    pairs = pairs_in(tmp_path / "out" / "PAIRS", 100)
    _, run = prepared(folder, "--labels", str(pairs), "--weight", f"{part.format(pairs)}=12")
    assert {item.weight for item in run.items()} == {1}


def test_labels_of_one_name_are_told_apart_by_their_paths(folder, tmp_path):
    first, other = (pairs_in(tmp_path / name / "PAIRS", n) for n, name in enumerate("ab"))
    rule = f"{other}/=12"
    _, run = prepared(folder, "--labels", str(first), "--labels", str(other), "--weight", rule)
    weights_of = {item.image: item.weight for item in run.items()}
    assert weights_of[str(other / "print_x_image.png")] == 12
    assert weights_of[str(first / "print_x_image.png")] == 1


def test_some_are_held_out_by_digest_whatever_the_table_says(folder):
    table(folder, *((f"p{k}_t1.png", "train", "CC0-1.0", "s", "") for k in range(20)))
    _, run = prepared(folder, "--hold-out", "/p1=4")
    held = {item.image_sha256 for item in run.items() if item.split == "validation"}
    among = sorted(item.image_sha256 for item in run.items() if "/p1" in item.image)
    assert held == set(among[:4]) and len(among) == 11


def test_holding_out_lets_nothing_train_that_has_no_licence(folder):
    licences = ("CC0-1.0", "no licence stated")
    rows = ((f"p{k}_t1.png", "val", licences[k % 2], "s", "") for k in range(20))
    table(folder, *rows)
    _, run = prepared(folder, "--hold-out", "/p=4")
    training = [item for item in run.items() if item.split == "train"]
    assert len(training) == 6 and {item.licence for item in training} == {"CC0-1.0"}
    held = [item for item in run.items() if item.split == "validation"]
    assert sum(item.licence == "CC0-1.0" for item in held) == 4 and len(held) == 14


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
    unlicensed = {"licence": "no licence stated", "source": "web print"}
    items.append(Item(image="b.png", split="validation", **unlicensed))
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
