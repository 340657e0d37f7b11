"""What a published network may use, and what is said when it wants more. Pure, no numpy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

MOST_BYTES = 2 * 2**30
CPU = "CPUExecutionProvider"
EXPORT = (
    " Export it as an ONNX graph where it was made: torch.onnx.export(model.eval(), (example,),"
    ' "network.onnx", opset_version=17).'
)
OTHERS = (
    (
        b"PK\x03\x04",
        "This is a TorchScript or pickled checkpoint, which runs code when it is read.",
    ),
    (b"\x80", "This is a pickled checkpoint, which runs code when it is read."),
    (b"\x89HDF", "This is a file of Keras, not an ONNX graph."),
    (b"ORTM", "This is a graph in ONNX Runtime's own form, not an ONNX file."),
)


class GraphError(Exception):
    """The graph is not run; the message is a sentence for whoever brought it."""


@dataclass(frozen=True)
class RunLimits:
    """Of the child: bytes of address space, seconds of one run on the wall, threads, and what of
    ONNX Runtime runs it. With a graphics card no bound of address space holds: it reserves more."""

    memory: int = 6 * 2**30
    seconds: int = 120
    threads: int = 1
    providers: tuple[str, ...] = (CPU,)

    @property
    def cpu_seconds(self) -> int:
        """Of computing, in one run."""
        return self.seconds * max(1, self.threads)

    @property
    def bounded(self) -> int:
        """The address space that is asked for; 0 is none."""
        return self.memory if self.providers == (CPU,) else 0

    @property
    def too_much_memory(self) -> str:
        return f"The graph takes more than the {self.memory / 2**30:.1f} GB that it is given."

    @property
    def too_long(self) -> str:
        return f"The graph computes longer than the {self.seconds} seconds of one run."


def refuse_other_files(path: Path) -> None:
    """Raises GraphError, with how to export, for what is plainly no ONNX graph."""
    if not path.is_file():
        raise GraphError(f"There is no file {path.name}.")
    if path.stat().st_size > MOST_BYTES:
        raise GraphError("The graph is larger than 2 GiB.")
    with path.open("rb") as file:
        refuse_other_kinds(file.read(8), path.name)


def refuse_other_kinds(head: bytes, name: str) -> None:
    """By a file's first bytes and its name's ending. Raises GraphError, with how to export."""
    for magic, said in OTHERS:
        if head.startswith(magic):
            raise GraphError(said + EXPORT)
    suffix = PurePath(name).suffix.lower()
    if suffix in (".safetensors", ".pth", ".pt", ".ckpt", ".pkl"):
        raise GraphError(f"A {suffix} file holds weights alone, without their network.{EXPORT}")
