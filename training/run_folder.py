"""The run folder: the whole contract between whoever starts a training and the loop. No torch."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from photos.files import write_whole
from training.recipes import Recipe, from_json

FORMAT = 1
UNPACKED = "unpacked"  # decoded pictures, there while a run trains
RESUMABLE = 75  # EX_TEMPFAIL: stopped by SIGTERM, the resume file is there
EXIT = "exit"  # the code of several processes, which torchrun keeps to itself
Value = float | None


class RunError(ValueError):
    """The folder cannot be trained on; the message is the job's reason."""


class Busy(RunError):
    """Another process trains in the folder: no fault of the run, which goes on later."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of items.jsonl: a photo, perhaps its mask, and what may be said of it.

    Paths are relative to the run folder, or absolute. The mask is a PNG of one byte per pixel
    with bits 1 fracture, 2 scuff, 4 hole, 128 ignore. `colour_hints` are strokes by the photo's
    owner: [{"points": [[x, y], ...], "width": px, "colour": [r, g, b] or null}, ...].
    """

    image: str
    image_sha256: str = ""
    mask: str | None = None
    mask_sha256: str = ""
    split: Literal["train", "validation"] = "train"
    group: str = ""
    weight: float = 1.0
    licence: str = ""
    source: str = ""
    colour_hints: list[dict[str, Any]] | None = None
    mask_origin: str = ""
    """Who made the mask: a value of DefectMask.Origin; empty where a folder says nothing."""

    @property
    def nameless(self) -> Item:
        """The same with digests alone, as an erased photo may stay."""
        return replace(
            self,
            image=self.image_sha256,
            mask=self.mask_sha256 or None,
            group="erased",
            licence="",
            source="",
            colour_hints=None,
        )


@dataclass(frozen=True, kw_only=True)
class Spec:
    """spec.json: what to train. `snapshot` is the digest of the items' origin."""

    recipe: Recipe
    seed: int = 0
    snapshot: str = ""
    parent: dict[str, str] | None = None
    """{"path", "sha256"} of the weights to start from."""
    device: str = "cpu"
    threads: int = 1
    detached: bool = False
    """True when the run shall outlive the process that started it."""
    workers: int = 0
    """Processes that draw samples beside each process that trains; 0 = a thread."""
    unpack: bool = False
    """Whether pictures are decoded once, into files that are mapped into memory."""
    reserve: int = 1_000_000_000
    """Bytes of the disk that unpacking leaves free."""
    tuned: bool = False
    """On cards: compiled, and with cuDNN's fastest algorithms; no longer the same to the bit."""
    format: int = field(default=FORMAT)


class RunFolder:
    """Reads and writes the files of one run; every write is whole or absent."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def resume(self) -> Path:
        return self.path / "resume.safetensors"

    @property
    def best(self) -> Path:
        return self.path / "best.safetensors"

    def write(self, spec: Spec, items: list[Item]) -> None:
        """Fill an empty folder; called once, by whoever starts the run."""
        self.path.mkdir(parents=True, exist_ok=True)
        values = {entry.name: getattr(spec, entry.name) for entry in fields(spec)}
        values |= {"recipe": spec.recipe.to_json(), "stage": spec.recipe.stage}
        self._write_items(items)
        write_whole(self.path / "spec.json", json.dumps(values, indent=1).encode())

    def spec(self) -> Spec:
        """Raises RunError where spec.json is missing or of another format."""
        try:
            values = json.loads((self.path / "spec.json").read_text())
        except (OSError, ValueError) as error:
            raise RunError(f"spec.json cannot be read: {error}") from error
        if values.get("format") != FORMAT:
            raise RunError(f"spec.json has format {values.get('format')}, want {FORMAT}")
        values.pop("stage", None)
        recipe = from_json(values.pop("recipe"))
        known = {entry.name for entry in fields(Spec)}
        return Spec(recipe=recipe, **{key: values[key] for key in values if key in known})

    def items(self) -> list[Item]:
        """Every line of items.jsonl. Raises RunError where none is there or one is malformed."""
        items = self._read_items()
        if not any(item.split == "train" for item in items):
            raise RunError("items.jsonl holds no training photo")
        return items

    def telling_of(self, images: Collection[str]) -> list[Item]:
        """Lines that say more than digests of the photos with these image digests.

        Raises RunError where the lines cannot be read.
        """
        if not (self.path / "items.jsonl").exists():
            return []
        said = (item for item in self._read_items() if item.image_sha256 in images)
        return [item for item in said if item != item.nameless]

    def forget(self, images: Collection[str]) -> None:
        """Keeps digests alone of the photos with these image digests; no resume follows that.

        Raises RunError or OSError.
        """
        if not (self.path / "items.jsonl").exists():
            return
        said = self._read_items()
        kept = [item.nameless if item.image_sha256 in images else item for item in said]
        if kept != said:
            self._write_items(kept)

    def _read_items(self) -> list[Item]:
        try:
            lines = (self.path / "items.jsonl").read_text().splitlines()
            return [Item(**json.loads(line)) for line in lines if line.strip()]
        except (OSError, ValueError, TypeError) as error:
            raise RunError(f"items.jsonl cannot be read: {error}") from error

    def _write_items(self, items: list[Item]) -> None:
        lines = "".join(json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in items)
        write_whole(self.path / "items.jsonl", lines.encode())

    def file(self, name: str) -> Path:
        """The file an item names."""
        return self.path / name

    def digest(self) -> str:
        """SHA-256 over recipe, seed and items: a resume must find the one it left."""
        spec = self.spec()
        parts = [spec.recipe.digest(), str(spec.seed), spec.snapshot]
        text = "\n".join(parts).encode() + (self.path / "items.jsonl").read_bytes()
        return hashlib.sha256(text).hexdigest()

    def metric(self, *, step: int, split: str, values: dict[str, Value], **more: Any) -> None:
        """Append one line per value to metrics.jsonl; None means undefined."""
        lines = [
            json.dumps({"step": step, **more, "split": split, "name": name, "value": value})
            for name, value in values.items()
        ]
        path = self.path / "metrics.jsonl"
        with path.open("a+b") as file:
            file.seek(max(0, file.tell() - 1))
            torn = file.read(1) not in (b"", b"\n")  # a killed process left half a line
            file.write((b"\n" if torn else b"") + ("\n".join(lines) + "\n").encode())
            file.flush()

    def metrics(self) -> dict[tuple[int, str, str], Value]:
        """The last value per (step, split, name): a resumed run repeats some steps."""
        path = self.path / "metrics.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        rows = [json.loads(line) for line in lines if line.endswith("}")]
        return {(row["step"], row["split"], row["name"]): row["value"] for row in rows}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder while training. Raises Busy when another process does."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy("another process trains in this folder") from error
            yield
