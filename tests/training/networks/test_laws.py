"""Laws that every registered network obeys, whatever its stage."""

import numpy as np
import pytest
import torch

from photos.files import sha256
from tests.training.networks import stand_in_timm
from training.imaging.colour import luma as luma_of
from training.imaging.colour import merge_chroma
from training.imaging.colour_views import FOUR, predict_chroma
from training.networks import timm_unet, weights
from training.networks.onnx.export import example, to_onnx
from training.networks.pull_push import push_pull
from training.networks.registry import NETWORKS, STAGES, build

SMALL = {
    ("segmentation", "lite0"): {"widths": [16, 12, 8, 8]},
    ("segmentation", "lite"): {"width": 8},
    ("segmentation", "albunet"): {"stem": "std"},
    ("segmentation", "timm"): {"encoder": "small", "width": 16},
    ("inpainting", "lite"): {"width": 4, "levels": 4},
    ("inpainting", "plain"): {"width": 4, "levels": 4, "norm": "abn"},
    ("colorization", "lite"): {"widths": [16, 16, 16, 16]},
    ("colorization", "lite_unet"): {"width": 8, "norm": "abn"},
    ("colorization", "albunet"): {"depth": 18},
    ("colorization", "timm"): {"encoder": "coarse", "width": 16},
    # after the slash: the same network with a choice of its own switched
    ("segmentation", "albunet/half"): {"stem": "half"},
    ("segmentation", "albunet/full"): {"stem": "full"},
    ("segmentation", "albunet/abn"): {"stem": "std", "norm": "abn"},
    ("colorization", "albunet/abn"): {"depth": 18, "norm": "abn"},
    ("segmentation", "lite/full"): {"width": 4, "stem": "full"},
    ("segmentation", "lite/pool"): {"width": 4, "stem": "pool"},
    ("inpainting", "lite/ordinary"): {"width": 4, "levels": 4, "partial": False},
    ("inpainting", "plain/ordinary"): {"width": 4, "levels": 4, "partial": False},
}
CHANNELS = {"segmentation": 3, "inpainting": 3, "colorization": 2}
every = pytest.mark.parametrize(("stage", "name"), SMALL, ids=lambda value: value)
exported = pytest.mark.parametrize(
    ("stage", "name"),
    [pytest.param(*key, marks=[pytest.mark.slow] * ("albunet" in key[1])) for key in SMALL],
)
inpainters = pytest.mark.parametrize("name", [n for s, n in SMALL if s == "inpainting"])


@pytest.fixture(autouse=True)
def _timm(monkeypatch):
    monkeypatch.setattr(timm_unet, "_timm", lambda: stand_in_timm)


def network_of(stage, name):
    """A small network whose zero-started layers are woken."""
    torch.manual_seed(5)
    network = build(stage, name.split("/")[0], **SMALL[stage, name])
    for parameter in network.parameters():
        if not parameter.any():
            parameter.data.normal_(0, 0.1)
    return network


def inputs_of(stage, height, width, seed=0):
    generator = torch.Generator().manual_seed(seed)
    if stage != "inpainting":
        return (torch.rand(1, 1, height, width, generator=generator),)
    mask = (torch.rand(1, 1, height, width, generator=generator) > 0.2).float()
    return torch.rand(1, 3, height, width, generator=generator), mask


def test_every_registered_network_is_tested():
    plain = {key for key in SMALL if "/" not in key[1]}
    assert plain == {(s, n) for s in STAGES for n in NETWORKS[s]}


@every
@torch.no_grad()
@pytest.mark.parametrize("size", [(17, 23), (64, 48), (1, 1), (130, 67)])
def test_every_size_comes_back_at_its_size(stage, name, size):
    if stage == "inpainting" and size == (1, 1):
        size = (2, 3)
    answer = network_of(stage, name).eval()(*inputs_of(stage, *size))
    assert answer.shape == (1, CHANNELS[stage], *size)
    assert answer.isfinite().all()


@every
def test_gradients_reach_every_parameter(stage, name):
    network = network_of(stage, name).train()
    pictures = [torch.cat([x, x.flip(-1)]) for x in inputs_of(stage, 64, 96)]
    network(*pictures).square().mean().backward()
    unreached = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert not unreached


@every
@torch.no_grad()
def test_saved_and_loaded_networks_answer_alike(stage, name, tmp_path):
    network = network_of(stage, name).eval()
    card = {"stage": stage, "network": name.split("/")[0], "arguments": SMALL[stage, name]}
    weights.save(tmp_path / "w.safetensors", network, card, dtype=torch.float32)
    loaded, found = weights.load(tmp_path / "w.safetensors")
    pictures = inputs_of(stage, 33, 40)
    assert found == card and not loaded.training
    assert torch.equal(loaded(*pictures), network(*pictures))


@exported
@torch.no_grad()
def test_the_onnx_export_equals_torch(stage, name, tmp_path):
    network = network_of(stage, name)
    network.train()(*[torch.cat([x, x]) for x in example(network, stage, 2, 2)])  # wake statistics
    assert to_onnx(network, tmp_path / "n.onnx", stage) < 1e-4
    assert network.training


@every
@torch.no_grad()
def test_eval_answers_do_not_depend_on_the_batch(stage, name):
    network = network_of(stage, name).eval()
    first, second = inputs_of(stage, 64, 64, seed=1), inputs_of(stage, 64, 64, seed=2)
    both = network(*[torch.cat(pair) for pair in zip(first, second, strict=True)])
    torch.testing.assert_close(both[:1], network(*first), rtol=1e-4, atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("name", [n for s, n in SMALL if s == "colorization"])
def test_four_views_know_no_left_and_right(name):
    network = network_of("colorization", name).eval()

    def answer(plane):
        return network(torch.from_numpy(plane)[None, None])[0].permute(1, 2, 0).numpy()

    luma = np.random.default_rng(5).random((48, 64), np.float32)
    wanted = predict_chroma(answer, luma, FOUR)
    found = predict_chroma(answer, np.ascontiguousarray(luma[:, ::-1]), FOUR)[:, ::-1]
    np.testing.assert_allclose(found, wanted, atol=2e-3 * max(1.0, float(np.abs(wanted).max())))


@torch.no_grad()
@pytest.mark.parametrize("name", [n for s, n in SMALL if s == "colorization"])
def test_no_colour_network_touches_luma(name):
    luma = np.random.default_rng(4).integers(0, 256, (40, 56), np.uint8)
    planes = torch.from_numpy(luma[None, None].astype(np.float32) / 255)
    chroma = network_of("colorization", name).eval()(planes)[0].numpy() + 128
    rgb = merge_chroma(luma, chroma[0], chroma[1])
    assert np.abs(luma_of(rgb).astype(int) - luma).max() <= 1


@torch.no_grad()
@inpainters
@pytest.mark.parametrize("content", [torch.nan, torch.inf, 1e9])
def test_hole_content_never_reaches_the_answer(name, content):
    network = network_of("inpainting", name).eval()
    rgb, mask = inputs_of("inpainting", 40, 56)
    wanted = network(rgb, mask)
    assert torch.equal(network(torch.where(mask > 0, rgb, content), mask), wanted)


@torch.no_grad()
@inpainters
def test_valid_pixels_come_back_bit_identical(name):
    rgb, mask = inputs_of("inpainting", 40, 56)
    answer = network_of("inpainting", name).eval()(rgb, mask)
    valid = mask.expand_as(rgb) > 0
    assert torch.equal(answer[valid], rgb[valid])
    assert not torch.equal(answer[~valid], rgb[~valid])


@torch.no_grad()
def test_a_fresh_inpainter_is_push_pull():
    network = build("inpainting", "lite", width=4, levels=4).eval()
    rgb, mask = inputs_of("inpainting", 64, 64)
    assert torch.equal(network(rgb, mask), push_pull(rgb * mask, mask, 4))


@torch.no_grad()
def test_push_pull_keeps_constants_and_fills_everything_from_one_pixel():
    rgb, mask = torch.full((1, 3, 64, 64), 0.3), torch.zeros(1, 1, 64, 64)
    mask[..., 63, 0] = 1
    torch.testing.assert_close(push_pull(rgb * mask, mask, 3), rgb)


@torch.no_grad()
def test_chroma_stays_in_its_range():
    network = network_of("colorization", "lite_unet").eval()
    network.last.weight.data *= 1e4
    assert network(torch.rand(1, 1, 32, 32)).abs().max() <= 127.5


def test_unknown_names_are_named():
    with pytest.raises(ValueError, match="unknown stage 'x'"):
        build("x", "lite")
    with pytest.raises(ValueError, match="unknown segmentation network 'big'"):
        build("segmentation", "big")


def test_weights_with_a_missing_key_do_not_load(tmp_path):
    network = build("segmentation", "lite", width=8)
    del network.last
    card = {"stage": "segmentation", "network": "lite", "arguments": {"width": 8}}
    weights.save(tmp_path / "w.safetensors", network, card)
    with pytest.raises(RuntimeError, match=r"last\.weight"):
        weights.load(tmp_path / "w.safetensors")


def test_the_card_stands_beside_the_weights_too(tmp_path):
    card = {"stage": "segmentation", "network": "lite", "arguments": {"width": 8}, "note": "ü"}
    path = tmp_path / "w.safetensors"
    weights.save(path, build("segmentation", "lite", width=8), card)
    assert weights.read_card(path) == card
    assert '"ü"' in path.with_suffix(".json").read_text(encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["w.json", "w.safetensors"]
    assert len(sha256(path)) == 64


@torch.no_grad()
def test_half_precision_weights_stay_close(tmp_path):
    network = network_of("segmentation", "lite").eval()
    card = {"stage": "segmentation", "network": "lite", "arguments": {"width": 8}}
    weights.save(tmp_path / "w.safetensors", network, card)
    loaded, _ = weights.load(tmp_path / "w.safetensors")
    picture = inputs_of("segmentation", 48, 48)
    np.testing.assert_allclose(loaded(*picture), network(*picture), atol=0.02)
