"""The second look is gathered, taught, cut and exported on a handful of small photographs."""

import argparse

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image

from photos.masks.classes import FRACTURE, IGNORE
from training.imaging.component_views import FIGURES, SIDE
from training.labels.shipped_labels import Label
from training.measuring.second_look import __main__ as command
from training.measuring.second_look.fitting import cut_at_loss, judged, taught, weights
from training.measuring.second_look.gathering import (
    LEAST,
    Gathered,
    Seen,
    chosen,
    of_held_out,
    of_label,
    of_sound,
    scaled,
)
from training.measuring.second_look.network import FEATURES, Encoder, Head, SecondLook, exported


def bright(luma):
    """A finder that takes all that is bright for damage."""
    return np.where(luma > 200, 3.0, -5.0).astype(np.float32)


def scene():
    """Two bright bars on grey; the first is painted as a fracture."""
    luma = np.full((200, 240), 90, np.uint8)
    luma[40:46, 30:200], luma[120:140, 60:90] = 250, 240
    classes = np.zeros_like(luma)
    classes[40:46, 30:200] = FRACTURE
    return luma, classes


def test_a_component_knows_its_share_of_damage():
    seen = Seen.of(bright, *scene())
    found = Gathered.joined(list(chosen(seen, (9, 9), np.random.default_rng(0), (0,))))
    assert found.views.shape == (2, 2, 3, SIDE, SIDE)
    assert found.damage.tolist() == [1.0, 0.0]
    assert found.areas.tolist() == [6 * 170, 20 * 30]


def test_what_is_undecided_or_small_is_left_out():
    luma, classes = scene()
    classes[120:140, 60:90] = IGNORE
    luma[180:184, 10:14] = 255
    assert LEAST > 16
    seen = Seen.of(bright, luma, classes)
    found = Gathered.joined(list(chosen(seen, (9, 9), np.random.default_rng(0), (0,))))
    assert found.areas.tolist() == [6 * 170]


def test_no_more_are_kept_than_asked_for():
    luma = np.full((400, 400), 90, np.uint8)
    for top in range(10, 380, 20):
        luma[top : top + 10, 20:40] = 250
    seen = Seen.of(bright, luma, np.zeros_like(luma))
    found = list(chosen(seen, (0, 5), np.random.default_rng(0)))
    assert len(found) == 10  # five at each cut
    assert all(one.damage[0] == 0 for one in found)


def test_a_painted_photograph_is_looked_at_in_three_sizes():
    luma, classes = scene()
    label = argparse.Namespace(name="print_x")
    found = of_label(bright, label, luma, classes)
    assert (found.damage > 0.9).sum() == (found.damage < 0.1).sum() == 6
    half = scaled(luma, classes, 0.6)
    assert half[0].shape == half[1].shape == (120, 144)
    assert (half[1] > 0).any()
    assert scaled(luma, classes, 10) is None


def test_a_sound_photograph_gives_mistakes_and_the_same_ones_again(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.stack([scene()[0]] * 3, axis=-1)).save(path)
    found = of_sound(bright, path, "a")
    assert (found.damage == 0).any()
    np.testing.assert_array_equal(found.views, of_sound(bright, path, "a").views)


def test_gathered_comes_back_from_its_file(tmp_path):
    kept = of_held_out(bright, *scene())
    kept.save(tmp_path / "x.npz")
    for name, value in vars(Gathered.load(tmp_path / "x.npz")).items():
        np.testing.assert_array_equal(value, getattr(kept, name))
    assert len(Gathered.joined([]).damage) == 0


def test_real_damage_and_large_components_weigh_more():
    damage = np.array([1, 1, 0, 0], np.float32)
    areas = np.array([200, 200, 200, 200])
    real, drawn, beside, sound = weights(damage, areas, ["print", "sound", "print", "sound"])
    assert real == pytest.approx(20 * drawn)
    assert drawn < beside < sound < real
    small, large = weights(damage[:2], np.array([60, 2000]), ["sound", "sound"])
    assert large > small


def test_held_out_photographs_are_asked_in_three_sizes_at_both_cuts():
    found = of_held_out(bright, *scene())
    assert len(found.damage) == 2 * 2 * 3
    assert sorted(np.round(found.damage).tolist()) == [0.0] * 6 + [1.0] * 6


def test_a_head_learns_what_tells_the_two_apart():
    rng = np.random.default_rng(0)
    damage = (rng.random(1500) < 0.5).astype(np.float32)
    seen = rng.normal(0, 1, (1500, FEATURES + FIGURES)).astype(np.float32)
    seen[:, :20] += 2 * damage[:, None]
    head = taught(seen, damage, np.ones(1500, np.float32))
    assert ((judged(head, seen) > 0) == (damage > 0)).mean() > 0.95


def test_a_head_answers_with_the_mean_of_its_members():
    torch.manual_seed(0)
    head, seen = Head().eval(), torch.randn(4, FEATURES + FIGURES)
    head.cut.fill_(0.5)
    with torch.inference_mode():
        said = torch.stack([member(seen)[:, 0] for member in head.members])
        assert not torch.allclose(said[0], said[1])
        torch.testing.assert_close(head(seen), said.mean(0) - 0.5)


def test_the_cut_gives_up_no_more_than_the_share_allowed():
    logits = np.array([-3.0, -2.0, -1.0, 0.5, 2.0], np.float32)
    pixels = np.array([0, 10, 20, 300, 670], np.float32)
    assert -2.0 < cut_at_loss(logits, pixels, 0.02) <= -1.0
    assert cut_at_loss(logits, pixels, 0.0) == pytest.approx(-2.0, abs=1e-3)


def test_the_exported_network_answers_as_torch_does(tmp_path):
    torch.manual_seed(0)
    network = SecondLook(Encoder(), Head()).eval()
    exported(network, tmp_path / "look.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "look.onnx")
    views = torch.randint(0, 255, (3, 2, 3, SIDE, SIDE)).float()
    figures = torch.randn(3, FIGURES)
    with torch.inference_mode():
        wanted = network(views, figures).numpy()
    answer = session.run(None, {"views": views.numpy(), "figures": figures.numpy()})[0]
    np.testing.assert_allclose(answer, wanted, atol=1e-4)


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """Two sound photographs, a painted one for training and one held out."""
    folder = tmp_path / "data" / "photos"
    folder.mkdir(parents=True)
    luma, classes = scene()
    rows = ["file\tsplit\tlicence\tsource\tnote"]
    for name in ("a", "b"):
        Image.fromarray(np.stack([luma] * 3, axis=-1)).save(folder / f"{name}.png")
        rows.append(f"photos/{name}.png\ttrain\tCC0-1.0\tmine\t")
    (tmp_path / "data" / "SOURCES.tsv").write_text("\n".join(rows) + "\n")
    painted = [_label("print_a", "train"), _label("print_b", "validation"), _label("c", "test")]
    monkeypatch.setattr(command, "pairs", lambda _: ((one, luma, classes) for one in painted))
    monkeypatch.setattr(command, "marker_of", lambda _: bright)
    monkeypatch.setattr(command.OnnxDetector, "load", lambda _: None)
    monkeypatch.setattr(command, "Encoder", lambda _: Encoder())
    return tmp_path


def _label(name, split):
    facts = dict.fromkeys(Label.__dataclass_fields__, "") | {"name": name, "split": split}
    return Label(**facts)


def test_the_command_makes_a_network_and_goes_on_where_it_stopped(photos, capsys):
    given = [str(photos / "data"), str(photos / "kept"), str(photos / "look.onnx")]
    given += ["--weights", "finder", "--encoder", "any"]
    assert command.main([*given, "--part", "1", "2"]) == 0
    half = set((photos / "kept").iterdir())
    assert len(half) == 2 and not (photos / "look.onnx").exists()
    assert command.main(given) == 0
    files = {path.name for path in (photos / "kept").glob("*.npz")}
    assert len(files) == 4 and "held__print_b.npz" in files
    assert "components of 3 photographs" in capsys.readouterr().out
    assert (photos / "look.onnx").stat().st_size > 1000


def test_without_a_painted_photograph_it_says_so(photos, monkeypatch, capsys):
    monkeypatch.setattr(command, "pairs", lambda _: iter(()))
    given = [str(photos / "data"), str(photos / "kept"), str(photos / "look.onnx")]
    assert command.main([*given, "--weights", "finder", "--encoder", "any"]) == 2
    assert "nothing gathered" in capsys.readouterr().err
