"""What a stranger's ONNX file is, read without running it. Called in a confined child alone.

Raises GraphError with a sentence for whoever brought the file.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import onnx

from config.words.said import Said, said
from photos.files import sha256
from training.foreign.adapters import Adapter
from training.foreign.limits import MOST_BYTES, GraphError

OUR_DOMAINS = ("", "ai.onnx", "com.microsoft")  # the standard's, and what every ONNX Runtime has
OLDEST_OPSET = 9
FLOAT = onnx.TensorProto.FLOAT
DEPTH = 16  # of graphs within graphs

Facts = dict[str, Any]


def examine(path: Path, adapter: Adapter, whole: Path) -> Facts:
    """What stands on the card of a graph that fits its adapter; it is written whole to `whole`.

    "files" are name, SHA-256 and bytes of each imported file, "parameters" a count, "output" the
    name of the output that is read. Raises GraphError.
    """
    model = _load(path)
    beside = _external(model, path)
    total = sum(each.stat().st_size for each in [path, *beside])
    if total > MOST_BYTES:
        raise GraphError(said("graph.together-too-large"))
    opset = _opset(model)
    _refuse_custom(model)
    _check_inputs(model.graph, adapter)
    output = _check_output(model.graph, adapter)
    onnx.load_external_data_for_model(model, str(path.parent))
    facts = {
        "files": [
            {"name": each.name, "sha256": sha256(each), "bytes": each.stat().st_size}
            for each in [path, *beside]
        ],
        "opset": opset,
        "nodes": sum(1 for _ in nodes(model.graph)),
        "parameters": sum(_count(tensor) for tensor in tensors(model.graph)),
        "output": output,
    }
    if beside:
        _inside(model)
        onnx.save(model, str(whole))
    else:
        whole.write_bytes(path.read_bytes())
    return facts


def _load(path: Path) -> onnx.ModelProto:
    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception as error:  # protobuf has its own
        raise GraphError(said("graph.no-graph")) from error
    if not model.graph.node or not model.graph.output:
        raise GraphError(said("graph.computes-nothing"))
    return model


def nodes(graph: onnx.GraphProto, depth: int = 0) -> Iterator[onnx.NodeProto]:
    """Every node, those of graphs within loops and branches too. Raises GraphError."""
    if depth > DEPTH:
        raise GraphError(said("graph.too-deep", depth=DEPTH))
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from nodes(inner, depth + 1)


def tensors(graph: onnx.GraphProto, depth: int = 0) -> Iterator[onnx.TensorProto]:
    """Every constant, wherever it stands."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            yield from [attribute.t, *attribute.tensors]
            for inner in [attribute.g, *attribute.graphs]:
                if depth < DEPTH:
                    yield from tensors(inner, depth + 1)


def _count(tensor: onnx.TensorProto) -> int:
    count = 1 if tensor.dims or tensor.data_type else 0
    for side in tensor.dims:
        count *= max(0, side)
    return count


def _lie_outside(found: Iterable[onnx.TensorProto]) -> list[onnx.TensorProto]:
    return [each for each in found if each.data_location == onnx.TensorProto.EXTERNAL]


def _everywhere(message: Any) -> Iterator[onnx.TensorProto]:
    """Every tensor of a message, wherever it stands: in functions and sparse constants too."""
    for field, value in message.ListFields():
        if field.message_type is None:  # numbers or texts
            continue
        for inner in [value] if hasattr(value, "ListFields") else value:
            if isinstance(inner, onnx.TensorProto):
                yield inner
            else:
                yield from _everywhere(inner)


def _external(model: onnx.ModelProto, path: Path) -> list[Path]:
    """The files of data that the graph names, each once: plain files in its own folder."""
    found: dict[str, Path] = {}
    outside = _lie_outside(tensors(model.graph))
    if len(_lie_outside(_everywhere(model))) > len(outside):
        raise GraphError(said("graph.data-elsewhere"))
    for tensor in outside:
        named = {each.key: each.value for each in tensor.external_data}.get("location", "")
        if not named or PurePosixPath(named).name != named or "\\" in named or named in (".", ".."):
            raise GraphError(said("graph.data-not-beside", file=repr(named[:80])))
        beside = path.parent / named
        try:
            kind = beside.lstat().st_mode
        except OSError as error:
            raise GraphError(said("graph.data-missing", file=named[:80])) from error
        if not stat.S_ISREG(kind):
            raise GraphError(said("graph.data-no-file", file=named[:80]))
        found[named] = beside
    return list(found.values())


def _inside(model: onnx.ModelProto) -> None:
    for tensor in _lie_outside(tensors(model.graph)):
        tensor.data_location = onnx.TensorProto.DEFAULT
        del tensor.external_data[:]


def _opset(model: onnx.ModelProto) -> int:
    versions = [each.version for each in model.opset_import if each.domain in ("", "ai.onnx")]
    newest = onnx.defs.onnx_opset_version()
    if not versions or not OLDEST_OPSET <= versions[0] <= newest:
        if not versions:
            raise GraphError(said("graph.no-opset", oldest=OLDEST_OPSET, newest=newest))
        raise GraphError(said("graph.opset", opset=versions[0], oldest=OLDEST_OPSET, newest=newest))
    return int(versions[0])


def _refuse_custom(model: onnx.ModelProto) -> None:
    own = [*nodes(model.graph), *(node for each in model.functions for node in each.node)]
    local = {(each.domain, each.name) for each in model.functions}
    for node in own:
        if node.domain not in OUR_DOMAINS and (node.domain, node.op_type) not in local:
            operator, domain = node.op_type[:60], node.domain[:60]
            raise GraphError(said("graph.operator", operator=operator, domain=domain))


def _check_inputs(graph: onnx.GraphProto, adapter: Adapter) -> None:
    constants = {tensor.name for tensor in graph.initializer}
    given = {value.name: value for value in graph.input if value.name not in constants}
    wanted = {each.name: each for each in adapter.inputs}
    if set(given) != set(wanted):
        raise GraphError(said("graph.other-inputs", wanted=_listed(wanted), given=_listed(given)))
    for name, each in wanted.items():
        shape = _shape(given[name], said("graph.input", name=name))
        channels, sides = _split(shape, each.layout)
        if channels not in (None, each.channels):
            raise GraphError(
                said("graph.input-channels", name=name, found=channels, wanted=each.channels)
            )
        _check_sides(sides, adapter, said("graph.input", name=name))


def _check_output(graph: onnx.GraphProto, adapter: Adapter) -> str:
    outputs = {value.name: value for value in graph.output}
    name = adapter.output.name or graph.output[0].name
    if name not in outputs:
        raise GraphError(said("graph.no-output", name=name, given=_listed(outputs)))
    shape = _shape(outputs[name], said("graph.output", name=name), ranked=False)
    if shape is not None:
        channels, _ = _split(shape, adapter.output.layout)
        if channels not in (None, adapter.output.channels):
            wanted = adapter.output.channels
            raise GraphError(
                said("graph.output-channels", name=name, found=channels, wanted=wanted)
            )
    return name


def _shape(value: onnx.ValueInfoProto, what: Said, *, ranked: bool = True) -> Any:
    """Its four sizes, None for one that is free."""
    kind = value.type.tensor_type
    if kind.elem_type != FLOAT:
        raise GraphError(said("graph.no-floats", what=what))
    if not kind.HasField("shape") and not ranked:
        return None
    if len(kind.shape.dim) != 4:
        raise GraphError(said("graph.dimensions", what=what, found=len(kind.shape.dim)))
    sides = [each.dim_value if each.HasField("dim_value") else None for each in kind.shape.dim]
    if sides[0] not in (None, 1):
        raise GraphError(said("graph.several", what=what, found=sides[0]))
    return sides


def _split(shape: list[int | None], layout: str) -> tuple[int | None, list[int | None]]:
    return (shape[1], shape[2:]) if layout == "NCHW" else (shape[3], shape[1:3])


def _check_sides(sides: list[int | None], adapter: Adapter, what: Said) -> None:
    for side, fixed in zip(sides, adapter.side or (None, None), strict=True):
        if side is not None and side != fixed:
            if fixed is None:
                raise GraphError(said("graph.fixed", what=what, side=side))
            raise GraphError(said("graph.fixed-otherwise", what=what, side=side, told=fixed))


def _listed(names: Any) -> str:
    return ", ".join(sorted(str(name)[:60] for name in names)[:8]) or "none"
