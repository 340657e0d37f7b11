"""Losses at places where their values are known."""

import pytest
import torch

from training.networks import losses
from training.networks.discriminator import Discriminator, SelfAttention
from training.networks.perceptual import PerceptualFeatures

COUNTED = torch.ones(1, 1, 4, 4)


def test_positives_weigh_as_told():
    logits, truth = torch.zeros(1, 1, 4, 4), torch.ones(1, 1, 4, 4)
    loss = losses.weighted_bce(logits, truth, COUNTED, torch.tensor([5.0]))
    assert loss.item() == pytest.approx(5 * 0.693147, rel=1e-5)


@pytest.mark.parametrize("name", ["weighted_bce", "dice_loss"])
def test_ignored_pixels_have_no_gradient(name):
    logits = torch.zeros(1, 3, 4, 4, requires_grad=True)
    counted = COUNTED.clone()
    counted[..., :2, :] = 0
    more = (torch.ones(3),) if name == "weighted_bce" else ()
    getattr(losses, name)(logits, torch.ones(1, 3, 4, 4), counted, *more).backward()
    assert not logits.grad[..., :2, :].any() and logits.grad[..., 2:, :].all()


def test_dice_of_a_perfect_answer_is_zero():
    truth = torch.zeros(1, 1, 4, 4)
    truth[..., 1] = 1
    assert losses.dice_loss(truth * 200 - 100, truth, COUNTED).item() == pytest.approx(0, abs=1e-6)


def test_weights_follow_the_recipe_and_stay_in_range():
    defects, cleans = torch.tensor([100.0, 1.0, 0.0]), torch.tensor([2500.0, 1e6, 1e6])
    assert losses.positive_weights(defects, cleans, "sqrt").tolist() == [5, 200, 200]
    assert losses.positive_weights(defects, cleans, "full").tolist() == [25, 200, 200]
    assert losses.positive_weights(defects, cleans, "none").tolist() == [1, 1, 1]


def test_the_prior_is_the_optimum_of_the_weighted_loss():
    defects, cleans, w = torch.tensor([20.0]), torch.tensor([980.0]), torch.tensor([7.0])
    prior = losses.prior_logits(defects, cleans, w).requires_grad_()
    truth = torch.zeros(1, 1, 1, 1000)
    truth[..., :20] = 1
    logits = prior.view(1, 1, 1, 1).expand_as(truth)
    losses.weighted_bce(logits, truth, torch.ones(1, 1, 1, 1000), w).backward()
    assert prior.grad.item() == pytest.approx(0, abs=1e-6)


def test_hole_and_valid_pixels_are_parted():
    mask = COUNTED.clone()
    mask[..., :1] = 0
    truth = torch.zeros(1, 3, 4, 4)
    valid, hole = losses.valid_and_hole_l1(truth + torch.where(mask > 0, 0.25, 0.5), truth, mask)
    assert (valid.item(), hole.item()) == (pytest.approx(0.25), pytest.approx(0.5))


def test_variation_looks_at_the_dilated_hole_only():
    mask = torch.ones(1, 1, 9, 9)
    mask[..., 4, 4] = 0
    picture = torch.zeros(1, 3, 9, 9)
    picture[..., 0] = 1
    assert losses.total_variation(picture, mask) == 0
    picture[..., 4, 4] = 1
    assert losses.total_variation(picture, mask) > 0


def test_gram_matrices_stay_finite_in_half_precision():
    assert losses.gram(torch.full((1, 8, 64, 64), 100.0).half()).isfinite().all()


def test_hinge_losses_at_their_corners():
    one = torch.ones(2, 1, 3, 3)
    assert losses.hinge_discriminator(one, -one) == 0
    assert losses.hinge_discriminator(-one, one) == 4
    assert losses.hinge_generator(one) == -1


def test_chroma_is_judged_by_l1_or_squared_where_the_error_is_small():
    wanted, off = torch.zeros(1, 2, 4, 4), torch.full((1, 2, 4, 4), 0.1)
    assert float(losses.chroma_loss(off, wanted)) == pytest.approx(0.1)
    squared = float(losses.chroma_loss(off, wanted, squared_below=0.2))
    assert squared == pytest.approx(0.5 * 0.1**2 / 0.2)  # Huber (1964), divided by its bound
    above = float(losses.chroma_loss(off, wanted, squared_below=0.05))
    assert above == pytest.approx(0.1 - 0.5 * 0.05)
    half = torch.ones(1, 1, 4, 4)
    half[..., :2] = 3
    assert float(losses.chroma_loss(off, wanted, weight=half)) == pytest.approx(0.2)


def test_doubt_goes_to_the_mean_when_squared_and_to_the_median_else():
    """Of ten pixels that look alike eight are grey: the best single answer."""
    wanted = torch.zeros(1, 2, 1, 10)
    wanted[..., :2] = 0.5
    tries = torch.linspace(0, 0.5, 51)
    best = {
        bound: float(
            min(tries, key=lambda t: losses.chroma_loss(t.expand(1, 2, 1, 10), wanted, bound))
        )
        for bound in (0.0, 1.0)
    }
    assert best[0.0] == 0 and best[1.0] == pytest.approx(0.1, abs=0.011)


def test_feature_losses_vanish_on_equal_pictures_and_pass_gradients():
    features = PerceptualFeatures("vgg16", blocks=2).train()
    assert not features.training and not any(p.requires_grad for p in features.parameters())
    picture, other = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16, requires_grad=True)
    found = features(picture)
    assert [m.shape[1] for m in found] == [64, 128]
    assert losses.feature_l1(found, features(picture)) == 0
    (losses.feature_l1(features(other), found) + losses.style_l1(features(other), found)).backward()
    assert other.grad.any()


@pytest.mark.parametrize("backbone", ["hed", "vgg16"])
def test_features_load_from_a_file_and_name_what_is_missing(backbone, tmp_path):
    features = PerceptualFeatures(backbone, blocks=1)
    tensors = {key: torch.randn_like(target) for target, key in features._keys()}
    torch.save(tensors, tmp_path / "vgg.pth")
    loaded = PerceptualFeatures.load(tmp_path / "vgg.pth", blocks=1)
    assert loaded.backbone == backbone
    assert all(torch.equal(target, tensors[key]) for target, key in loaded._keys())
    missing = list(tensors)[-1]
    del tensors[missing]
    torch.save(tensors, tmp_path / "vgg.pth")
    with pytest.raises(ValueError, match=missing):
        PerceptualFeatures.load(tmp_path / "vgg.pth", blocks=1)


def test_attention_starts_as_nothing_and_pools_large_maps():
    layer = SelfAttention(16)
    x = torch.rand(1, 16, 40, 40)
    assert torch.equal(layer(x), x)


def test_the_discriminator_is_stable_in_eval_and_reaches_all_parameters():
    judge = Discriminator(8)
    picture = torch.rand(2, 3, 64, 64)
    for _ in range(2):
        judge(picture).mean().backward()
    judge.eval()
    assert torch.equal(judge(picture), judge(picture))
    for part in judge.modules():
        if isinstance(part, SelfAttention):
            part.weight.data.fill_(0.3)
    judge(picture).square().mean().backward()
    assert not [n for n, p in judge.named_parameters() if not p.grad.any()]


def test_thin_lines_weigh_more_than_wide_ones_and_sound_pixels_one():
    truth = torch.zeros(1, 1, 64, 64)
    truth[..., 10, :], truth[..., 40:60, :] = 1, 1
    weight = losses.thinness(truth)
    assert weight[0, 0, 10, 32] > 1.5 and weight[0, 0, 50, 32] == pytest.approx(0.67, abs=0.03)
    assert weight[0, 0, 25, 32] == 1


def test_damage_of_any_class_is_its_strongest():
    logits = torch.tensor([-1.0, 2.0, 0.5]).view(1, 3, 1, 1)
    truth = torch.tensor([0.0, 0.0, 1.0]).view(1, 3, 1, 1)
    logit, damaged = losses.any_damage(logits, truth)
    assert logit.item() == 2 and damaged.item() == 1


def test_naming_a_class_counts_damaged_pixels_alone():
    logits = torch.zeros(1, 3, 1, 2)
    logits[0, 1, 0, 0] = 30  # sure of class 1 where it is class 1; the other pixel is sound
    truth = torch.zeros(1, 3, 1, 2)
    truth[0, 1, 0, 0] = 1
    counted = torch.ones(1, 1, 1, 2)
    assert losses.class_cross_entropy(logits, truth, counted).item() == pytest.approx(0, abs=1e-6)
    truth[0, 2, 0, 0] = 1  # of two classes the rarer names it
    assert losses.class_cross_entropy(logits, truth, counted).item() == pytest.approx(30, abs=1e-3)


def test_rare_colours_are_looked_up_by_the_true_chroma():
    table = torch.arange(32 * 32.0).reshape(32, 32)
    wanted = (torch.tensor([[100.0, 200.0], [128.0, 128.0]]) - 128) / 127.5
    found = losses.rebalanced(wanted.T.reshape(1, 2, 1, 2), table)
    assert found.shape == (1, 1, 1, 2)
    assert found.flatten().tolist() == [12 * 32 + 25, 16 * 32 + 16]
    extreme = losses.rebalanced(torch.tensor([1.0, -1.0]).reshape(1, 2, 1, 1), table)
    assert torch.isfinite(extreme).all()
