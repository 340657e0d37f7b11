"""Small graphs of exactly the signatures that published networks have, and hostile ones."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def const(name, value, kind=np.float32):
    return numpy_helper.from_array(np.asarray(value, kind), name)


def value(name, shape):
    return helper.make_tensor_value_info(name, FLOAT, shape)


def save(path, nodes, inputs, outputs, constants=(), opset=17, domains=()):
    graph = helper.make_graph(nodes, "made", inputs, outputs, list(constants))
    imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(d, 1) for d in domains)]
    onnx.save(helper.make_model(graph, opset_imports=imports, ir_version=8), path)
    return path


def _box(channels, size=5):
    """A depthwise mean over size x size."""
    return np.full((channels, 1, size, size), 1 / size**2, np.float32)


def _diffusion(picture, mask, rounds=8):
    """Nodes that fill `picture` (N x 3) where `mask` (N x 1) is 1 by a few rounds of blurring."""
    nodes = [
        helper.make_node("Sub", ["one", mask], ["sound"]),
        helper.make_node("Mul", [picture, "sound"], ["seen"]),
        helper.make_node("ReduceSum", ["seen", "axes"], ["total"], keepdims=1),
        helper.make_node("ReduceSum", ["sound", "axes"], ["area"], keepdims=1),
        helper.make_node("Div", ["total", "area"], ["mean"]),
        helper.make_node("Mul", ["mean", mask], ["start"]),
        helper.make_node("Add", ["seen", "start"], ["x0"]),
    ]
    for n in range(rounds):
        conv = {"kernel_shape": [5, 5], "pads": [2, 2, 2, 2], "group": 3}
        nodes += [
            helper.make_node("Conv", [f"x{n}", "box"], [f"b{n}"], **conv),
            helper.make_node("Mul", [f"b{n}", mask], [f"h{n}"]),
            helper.make_node("Add", ["seen", f"h{n}"], [f"x{n + 1}"]),
        ]
    constants = [const("one", 1.0), const("box", _box(3)), const("axes", [2, 3], np.int64)]
    return nodes, f"x{rounds}", constants


def lama(path, peak=255.0):
    """`image` and `mask`, 512 x 512; the answer 0..`peak`."""
    nodes, last, constants = _diffusion("image", "mask")
    nodes.append(helper.make_node("Mul", [last, "peak"], ["output"]))
    inputs = [value("image", [1, 3, 512, 512]), value("mask", [1, 1, 512, 512])]
    outputs = [value("output", [1, 3, 512, 512])]
    return save(path, nodes, inputs, outputs, [*constants, const("peak", peak)])


def lama_stacked(path):
    """One input of four channels, any multiple of 32; it fails where the hole is not zeroed."""
    ends = [const(n, v, np.int64) for n, v in (("a", [0]), ("b", [3]), ("c", [4]), ("ax", [1]))]
    nodes, last, constants = _diffusion("picture", "mask")
    nodes = [
        helper.make_node("Slice", ["input", "a", "b", "ax"], ["picture"]),
        helper.make_node("Slice", ["input", "b", "c", "ax"], ["mask"]),
        *nodes,
        helper.make_node("Mul", ["picture", "mask"], ["shown"]),  # what lies under the hole
        helper.make_node("Mul", ["shown", "much"], ["glare"]),
        helper.make_node("Add", [last, "glare"], ["output"]),
    ]
    constants = [*constants, *ends, const("much", 100.0)]
    inputs, outputs = [value("input", [1, 4, None, None])], [value("output", [1, 3, None, None])]
    return save(path, nodes, inputs, outputs, constants)


def ddcolor(path, a=20.0, b=30.0, side=512):
    """RGB of L alone in 0..1; the same a and b everywhere, in Lab units."""
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["grey", "none"], ["nothing"]),
        helper.make_node("Add", ["nothing", "tint"], ["output"]),
    ]
    constants = [const("none", 0.0), const("tint", np.reshape([a, b], (1, 2, 1, 1)))]
    shape = [1, 3, side, side]
    return save(
        path, nodes, [value("input", shape)], [value("output", [1, 2, side, side])], constants
    )


def deoldify(path, tint=(1.0, 0.8, 0.6), side=256):
    """Grey three times as 0..255; RGB 0..255, tinted and darker, so that its luma must go."""
    nodes = [helper.make_node("Mul", ["input", "tint"], ["output"])]
    shape = [1, 3, side, side]
    constants = [const("tint", np.reshape(tint, (1, 3, 1, 1)))]
    return save(path, nodes, [value("input", shape)], [value("output", shape)], constants)


def scratch(path):
    """Grey as -1..1; a logit that is high where the picture is brighter than around it."""
    nodes = [
        helper.make_node("Conv", ["input", "box"], ["mean"], kernel_shape=[15, 15], pads=[7] * 4),
        helper.make_node("Sub", ["input", "mean"], ["above"]),
        helper.make_node("Mul", ["above", "gain"], ["scaled"]),
        helper.make_node("Sub", ["scaled", "cut"], ["output"]),
    ]
    constants = [const("box", _box(1, 15)), const("gain", 20.0), const("cut", 8.0)]
    shape = [1, 1, None, None]
    return save(path, nodes, [value("input", shape)], [value("output", shape)], constants)


def siggraph17(path):
    """L as 0..100; a grows with L, b is its negative: the units of the input show in the answer."""
    nodes = [
        helper.make_node("Mul", ["input", "share"], ["a"]),
        helper.make_node("Neg", ["a"], ["b"]),
        helper.make_node("Concat", ["a", "b"], ["output"], axis=1),
    ]
    constants = [const("share", 0.2)]
    outputs = [value("output", [1, 2, None, None])]
    return save(path, nodes, [value("input", [1, 1, None, None])], outputs, constants)


PRESETS = {
    "lama": lama,
    "lama-stacked": lama_stacked,
    "ddcolor": ddcolor,
    "deoldify": deoldify,
    "bopbtl-scratch": scratch,
    "siggraph17": siggraph17,
}


# --- hostile ones, all with the signature of siggraph17 -------------------------------------------


def _plain(path, nodes, constants=(), **more):
    inputs = [value("input", [1, 1, None, None])]
    return save(path, nodes, inputs, [value("output", [1, 2, None, None])], constants, **more)


def huge(path):
    """A constant of 400 GB, added to the answer."""
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["large"]),
        helper.make_node("ReduceSum", ["large"], ["sum"], keepdims=0),
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("Add", ["two", "sum"], ["output"]),
    ]
    return _plain(path, nodes, [const("shape", [100_000, 1_000_000], np.int64)])


def endless(path):
    """A loop of 2**62 rounds."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["goes"]),
            helper.make_node("Add", ["x", "x"], ["y0"]),
            helper.make_node("Mul", ["y0", "half"], ["y"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            value("x", None),
        ],
        [helper.make_tensor_value_info("goes", TensorProto.BOOL, []), value("y", None)],
        [const("half", 0.5)],
    )
    nodes = [
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("Loop", ["rounds", "yes", "two"], ["output"], body=body),
    ]
    constants = [const("rounds", 2**62, np.int64), const("yes", True, bool)]
    return _plain(path, nodes, constants)


def not_a_number(path):
    nodes = [
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("Sub", ["two", "two"], ["zero"]),
        helper.make_node("Div", ["zero", "zero"], ["output"]),
    ]
    return _plain(path, nodes)


def custom(path):
    nodes = [helper.make_node("Evil", ["input"], ["output"], domain="their.own")]
    return _plain(path, nodes, domains=["their.own"])


def smaller(path):
    """Answers a quarter of the picture."""
    pool = {"kernel_shape": [2, 2], "strides": [2, 2]}
    nodes = [
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("MaxPool", ["two"], ["output"], **pool),
    ]
    return _plain(path, nodes)


def infinite(path):
    nodes = [
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("Div", ["two", "zero"], ["output"]),
    ]
    return _plain(path, nodes, [const("zero", 0.0)])


def restless(path):
    """Answers by what it is shown: whole pictures once, and many of them for a bright one."""
    nodes = [
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("ReduceMax", ["input"], ["most"], keepdims=0),
        helper.make_node("Cast", ["most"], ["cut"], to=TensorProto.INT64),
        helper.make_node("Max", ["cut", "one"], ["whole"]),
        helper.make_node("Reshape", ["whole", "one"], ["count"]),
        helper.make_node("Concat", ["count", "three"], ["times"], axis=0),
        helper.make_node("Tile", ["two", "times"], ["output"]),
    ]
    constants = [const("one", [1], np.int64), const("three", [1, 1, 1], np.int64)]
    return _plain(path, nodes, constants)


def too_large_for_its_bytes(path):
    """A constant of 2**60 numbers that has eight bytes."""
    nodes = [
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("Add", ["two", "large"], ["output"]),
    ]
    large = const("large", np.ones((1, 2, 1, 1)))
    large.dims[2] = 2**59
    return _plain(path, nodes, [large])


def nested(path, deep):
    """A branch within a branch, and so on."""
    answer = [value("output", [1, 2, None, None])]

    def leaf():
        node = helper.make_node("Concat", ["input", "input"], ["output"], axis=1)
        return helper.make_graph([node], "in", [], answer)

    inner = leaf()
    for _ in range(deep):
        node = helper.make_node("If", ["yes"], ["output"], then_branch=inner, else_branch=leaf())
        inner = helper.make_graph([node], "in", [], answer)
    return _plain(path, list(inner.node), [const("yes", True, bool)])


def _with_function(path, body):
    model = onnx.load(
        _plain(path, [helper.make_node("Twice", ["input"], ["output"], domain="mine")])
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("mine", 1)]
    model.functions.append(helper.make_function("mine", "Twice", ["x"], ["y"], body, opsets))
    model.opset_import.append(helper.make_opsetid("mine", 1))
    onnx.save(model, path)
    return path


def calls_itself(path):
    return _with_function(path, [helper.make_node("Twice", ["x"], ["y"], domain="mine")])


def _far(tensor, location):
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, word in (("location", str(location)), ("offset", "0"), ("length", "8")):
        tensor.external_data.add(key=key, value=word)
    return tensor


def function_outside(path, location):
    """A constant within a function whose bytes lie in `location`."""
    constant = helper.make_node("Constant", [], ["far"], value=const("far", np.ones((1, 2, 1, 1))))
    _far(constant.attribute[0].t, location)
    body = [
        constant,
        helper.make_node("Concat", ["x", "x"], ["two"], axis=1),
        helper.make_node("Add", ["two", "far"], ["y"]),
    ]
    return _with_function(path, body)


def sparse_outside(path, location):
    """A sparse constant whose values lie in `location`."""
    nodes = [
        helper.make_node("Reshape", ["far", "shape"], ["four"]),
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("Add", ["two", "four"], ["output"]),
    ]
    _plain(path, nodes, [const("shape", [1, 2, 1, 1], np.int64)])
    model = onnx.load(path)
    values = _far(const("far", np.ones(2)), location)
    where = const("where", [0, 1], np.int64)
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, where, [2]))
    model.graph.sparse_initializer[0].values.name = "far"
    onnx.save_model(model, path)
    return path


def outside(path, location):
    """A constant whose bytes lie in `location`."""
    nodes = [
        helper.make_node("Concat", ["input", "input"], ["two"], axis=1),
        helper.make_node("Add", ["two", "far"], ["output"]),
    ]
    _plain(path, nodes, [const("far", np.ones((1, 2, 1, 1)))])
    model = onnx.load(path)
    _far(model.graph.initializer[0], location)
    path.write_bytes(model.SerializeToString())
    return path
