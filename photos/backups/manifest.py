"""What a complete backup says about itself."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.errors import Refused
from photos import storage as blobs

NAME, LIST = "backup.json", "blobs.tsv"
FORMAT = 1


class Damaged(Refused):
    """Something is not what its digest says."""


@dataclass(frozen=True)
class Manifest:
    """Digests, counts, and the state of the tables; `left_out` are files the site itself lacked."""

    made_at: str
    vendor: str
    database: str
    database_sha256: str
    list_sha256: str
    blobs: int
    bytes: int
    migrations: list[str]
    left_out: list[str] = field(default_factory=list)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        try:
            found = cls(**json.loads((folder / NAME).read_text()))
        except FileNotFoundError:
            raise Damaged(f"{folder} is no complete backup: {NAME} is missing.") from None
        except (ValueError, TypeError):
            raise Damaged(f"{NAME} in {folder} is damaged.") from None
        if found.format != FORMAT:
            raise Damaged(f"{folder} has format {found.format}; this release reads {FORMAT}.")
        return found


def path_of(folder: Path, digest: str) -> Path:
    return folder / "blobs" / blobs.key_of(digest)


def listed(folder: Path) -> Iterator[tuple[str, int]]:
    """Digest and size of every file of the backup."""
    with (folder / LIST).open() as lines:
        for line in lines:
            digest, size = line.split("\t")
            yield digest, int(size)
