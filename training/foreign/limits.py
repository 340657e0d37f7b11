"""What a published network may use, and what is said when it wants more. Pure, no numpy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath

from config.words.said import Said, Words, reason_of, said

MOST_BYTES = 2 * 2**30
CPU = "CPUExecutionProvider"
EXPORT = said("graph.how-to-export")
OTHERS = (
    (b"PK\x03\x04", said("graph.torchscript", export=EXPORT)),
    (b"\x80", said("graph.pickle", export=EXPORT)),
    (b"\x89HDF", said("graph.keras", export=EXPORT)),
    (b"ORTM", said("graph.runtimes-own", export=EXPORT)),
)


class GraphError(Exception):
    """The graph is not run: what it says is for whoever brought it, as a code with parameters."""

    @property
    def said(self) -> Words:
        return reason_of(self)


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
    def too_much_memory(self) -> Said:
        return said("graph.memory", gigabytes=self.memory / 2**30)

    @property
    def too_long(self) -> Said:
        return said("graph.too-long", seconds=self.seconds)


def refuse_other_files(path: Path) -> None:
    """Raises GraphError, with how to export, for what is plainly no ONNX graph."""
    if not path.is_file():
        raise GraphError(said("graph.no-file", name=path.name))
    if path.stat().st_size > MOST_BYTES:
        raise GraphError(said("graph.too-large"))
    with path.open("rb") as file:
        refuse_other_kinds(file.read(8), path.name)


def refuse_other_kinds(head: bytes, name: str) -> None:
    """By a file's first bytes and its name's ending. Raises GraphError, with how to export."""
    for magic, what in OTHERS:
        if head.startswith(magic):
            raise GraphError(what)
    suffix = PurePath(name).suffix.lower()
    if suffix in (".safetensors", ".pth", ".pt", ".ckpt", ".pkl"):
        raise GraphError(said("graph.weights-alone", suffix=suffix, export=EXPORT))
