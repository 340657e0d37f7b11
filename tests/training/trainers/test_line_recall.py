import numpy as np
import torch
from torch import nn

from training.trainers.validation.line_recall import line_recall


class Marks(nn.Module):
    """Marks what is lighter (or darker) than its grey picture, as a blind network would."""

    def __init__(self, sign):
        super().__init__()
        self.sign = sign

    def forward(self, luma):
        change = self.sign * (luma - 0.5) * 255 - 10
        return change.repeat(1, 3, 1, 1)


def found(network):
    grey = [np.full((200, 200), 128, np.uint8)] * 3
    return line_recall(network, grey, 0.0, torch.device("cpu"))


def test_a_network_that_sees_light_lines_alone_has_a_worst_cell_of_nothing():
    light = found(Marks(1))
    assert light["worst"] == 0 and light["dark"] == 0 and light["mean"] > 0.3


def test_a_network_that_sees_dark_lines_is_told_so():
    assert found(Marks(-1))["dark"] > 0.9


def test_without_a_picture_there_is_no_figure():
    assert line_recall(Marks(1), [], 0.0, torch.device("cpu")) == {}
