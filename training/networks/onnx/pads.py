"""Zero padding in front of a convolution belongs to it: a Pad of its own copies the whole map.

Beside the copy it costs the runtime two changes of memory layout, for only its convolutions know
the blocked one. The sums are the same, so the answers are the same to the last bit.
"""

from collections import defaultdict

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator
from onnx.utils import Extractor


def merge_pads(model: onnx.ModelProto) -> int:
    """Move zero Pads of rows and columns, in place, into the convolutions that alone read them.

    Returns how many. Batch, channels and what depends on the input's size stay as they are.
    """
    graph, readers = model.graph, defaultdict(list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    known = Extractor(onnx.shape_inference.infer_shapes(model))
    outputs = {value.name for value in graph.output}
    merged = 0
    for pad in [node for node in graph.node if node.op_type == "Pad"]:
        users = readers[pad.output[0]]
        amounts = _amounts(known, pad)
        convolved = users and all(user.op_type == "Conv" for user in users)
        if amounts is None or not convolved or pad.output[0] in outputs:
            continue
        for user in users:
            _pad_more(user, amounts)
            user.input[0] = pad.input[0]
        graph.node.remove(pad)
        merged += 1
    return merged


def _amounts(known: Extractor, pad: onnx.NodeProto) -> list[int] | None:
    """top, left, bottom, right of a zero Pad of N x C x H x W; None for any other."""
    mode = next((each.s for each in pad.attribute if each.name == "mode"), b"constant")
    names = [name for name in pad.input[1:] if name]
    values = [value for name in names if (value := _constant(known, name)) is not None]
    if mode != b"constant" or len(values) < len(names):
        return None
    pads, filler = values[0], values[1] if len(values) > 1 else np.zeros(1)
    if pads.size != 8 or pads.min() < 0 or pads[[0, 1, 4, 5]].any() or filler.any():
        return None
    return [int(pads[k]) for k in (2, 3, 6, 7)]


def _constant(known: Extractor, name: str) -> NDArray[np.generic] | None:
    """The value of a name that depends on no input; None where it depends on one."""
    try:
        part = known.extract_model([], [name])
        return np.asarray(ReferenceEvaluator(part).run(None, {})[0])
    except (ValueError, RuntimeError, KeyError):
        return None


def _pad_more(conv: onnx.NodeProto, amounts: list[int]) -> None:
    own = next((each for each in conv.attribute if each.name == "pads"), None)
    before = list(own.ints) if own else [0, 0, 0, 0]
    if own:
        conv.attribute.remove(own)
    pads = [int(here + more) for here, more in zip(before, amounts, strict=True)]
    conv.attribute.append(onnx.helper.make_attribute("pads", pads))
