"""Partial convolution against NVIDIA's layer, and group masks against full-channel masks."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.networks.partial_conv import GroupedPartialConv2d, PartialConv2d

GOLDEN = sorted((Path(__file__).parent / "golden").glob("partialconv_*.npz"))


def tensors(path):
    with np.load(path) as file:
        return {key: torch.from_numpy(np.array(file[key])) for key in file.files}


def layer_of(g, cls=PartialConv2d):
    out, inputs = g["weight"].shape[:2]
    shape = [tuple(g[key].tolist()) for key in ("stride", "padding", "dilation")]
    layer = cls(
        inputs, out, tuple(g["weight"].shape[2:]), *shape, "bias" in g, bool(g["multi_channel"])
    ).double()
    layer.conv.weight.data.copy_(g["weight"])
    if "bias" in g:
        layer.conv.bias.data.copy_(g["bias"])
    return layer


def close(found, wanted):
    torch.testing.assert_close(found, wanted, rtol=1e-6, atol=1e-7)


def test_there_are_fifteen_golden_files():
    assert len(GOLDEN) == 15


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_layer_equals_golden_vectors(path):
    g = tensors(path)
    layer, image = layer_of(g), g["input"].requires_grad_()
    answer, mask = layer(image, g["mask"])
    answer.backward(g["grad_output"])
    close(answer, g["output"])
    assert (mask == g["mask_out"][:, : mask.shape[1]]).all()
    close(image.grad, g["grad_input"])
    close(layer.conv.weight.grad, g["grad_weight"])
    if "bias" in g:
        close(layer.conv.bias.grad, g["grad_bias"])


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_all_valid_mask_is_partial_convolution_as_padding(path):
    g = tensors(path)
    answer, _ = layer_of(g)(g["input"], torch.ones_like(g["mask"]))
    close(answer, g["output_no_mask"])


@pytest.mark.parametrize("seed", range(6))
def test_group_masks_equal_full_channel_masks(seed):
    rng = np.random.default_rng(seed)
    kernel, stride = int(rng.choice([1, 3, 5, 7])), int(rng.integers(1, 3))
    dilation, padding = int(rng.integers(1, 3)), int(rng.integers(0, 4))
    size, counts = rng.integers(15, 24, 2), rng.integers(1, 5, 3)
    generator = torch.Generator().manual_seed(seed)
    maps = [torch.randn(2, int(c), *size, generator=generator).double() for c in counts]
    masks = [(torch.rand(2, 1, *size, generator=generator) > 0.4).double() for _ in counts]
    layer = GroupedPartialConv2d(
        int(counts.sum()), 4, kernel, stride, padding, dilation, multi_channel=True
    ).double()
    found, grown = layer.join(list(zip(maps, masks, strict=True)))
    full = torch.cat([m.expand_as(x) for x, m in zip(maps, masks, strict=True)], 1)
    wanted, wanted_mask = layer(torch.cat(maps, 1), full)
    torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-12)
    assert (grown == wanted_mask[:, :1]).all()


def test_what_lies_under_a_hole_never_matters_not_even_nan():
    layer = PartialConv2d(3, 4, 3, padding=1)
    image, mask = torch.rand(1, 3, 9, 9), torch.ones(1, 1, 9, 9)
    mask[..., 2:5, 2:5] = 0
    wanted, _ = layer(image, mask)
    found, _ = layer(torch.where(mask > 0, image, torch.nan), mask)
    assert torch.equal(found, wanted)


def test_zero_padding_counts_as_hole():
    ratio, _ = PartialConv2d(1, 1, 3, padding=1).ratio(torch.ones(1, 1, 8, 8), 1)
    assert ratio[0, 0, [0, 0, 4], [0, 4, 4]].tolist() == pytest.approx([2.25, 1.5, 1.0])


def test_an_all_hole_window_answers_zero_bias_included():
    layer = PartialConv2d(1, 2, 3)
    answer, mask = layer(torch.rand(1, 1, 5, 5), torch.zeros(1, 1, 5, 5))
    assert not answer.any() and not mask.any()


def test_a_mask_of_the_wrong_width_is_refused():
    with pytest.raises(ValueError, match="mask has 2 channels"):
        PartialConv2d(3, 1, 3)(torch.rand(1, 3, 5, 5), torch.ones(1, 2, 5, 5))
