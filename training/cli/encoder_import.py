"""Encoder weights an operator brings or fetches: checked, hashed, kept as safetensors."""

import hashlib
import json
import tempfile
import urllib.request
from pathlib import Path

from safetensors.torch import save_file

from config.errors import Refused
from photos.files import sha256
from training.networks.efficientnet_lite import HEAD, EfficientNetLite0
from training.networks.perceptual import PerceptualFeatures
from training.networks.published import kind_of, read_tensors
from training.networks.resnet import ResNet
from training.services.encoder_files import Encoder

# torchvision's own files; the end of the name is the start of the file's SHA-256
OFFICIAL = {
    "resnet18": "https://download.pytorch.org/models/resnet18-f37072fd.pth",
    "resnet34": "https://download.pytorch.org/models/resnet34-b627a593.pth",
    "resnet50": "https://download.pytorch.org/models/resnet50-0676ba61.pth",
    "vgg16": "https://download.pytorch.org/models/vgg16-397923af.pth",
}
SUFFIXES = {".pth", ".pt", ".safetensors"}
MAX_BYTES = 1 << 30  # bytes; VGG-16 with its head is 553 MB
TIMEOUT_SECONDS = 30.0  # seconds until the other side must answer


def import_file(path: Path, folder: Path, source: str = "") -> Encoder:
    """Checks the file key by key and keeps what an encoder needs of it in `folder`.

    The SHA-256 is that of the file as it came. Refused, in a sentence, where it does not fit.
    """
    if path.suffix not in SUFFIXES:
        raise Refused(f"{path.name} is neither .safetensors nor .pth.")
    try:
        tensors = read_tensors(path)
        kind = kind_of(tensors)
        _check(kind, path)
    except ValueError as error:
        raise Refused(f"{error}.") from error
    encoder = Encoder(kind, folder / f"{kind}.safetensors", sha256(path), source or path.name)
    folder.mkdir(parents=True, exist_ok=True)
    kept = {key: value.contiguous() for key, value in tensors.items() if not _is_head(kind, key)}
    facts = {"kind": kind, "sha256": encoder.sha256, "source": encoder.source}
    temporary = encoder.path.with_name(encoder.path.name + ".part")
    save_file(kept, temporary, {"encoder": json.dumps(facts)})
    temporary.replace(encoder.path)
    return encoder


def download(name: str, folder: Path) -> Encoder:
    """Fetches one of OFFICIAL and imports it. Refused where there is no way or another file."""
    if name not in OFFICIAL:
        raise Refused(f"There is no official {name}: one of {', '.join(OFFICIAL)}.")
    url = OFFICIAL[name]
    with tempfile.TemporaryDirectory(prefix="heirloom-encoder-") as scratch:
        path = Path(scratch) / url.rsplit("/", 1)[1]
        try:
            digest = _fetch(url, path)
        except OSError as error:
            raise Refused(
                f"{url} cannot be fetched from here ({error}). Bring the file by other means and "
                f"run: manage.py import_encoder {path.name}"
            ) from error
        if not digest.startswith(path.stem.rsplit("-", 1)[1]):
            raise Refused(f"{url} sent another file: its SHA-256 is {digest}.")
        return import_file(path, folder, url)


def _fetch(url: str, path: Path) -> str:
    """Writes what the address answers; its SHA-256."""
    digest, size = hashlib.sha256(), 0
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer, path.open("wb") as file:  # noqa: S310 - https constants
        while block := answer.read(1 << 20):
            size += len(block)
            if size > MAX_BYTES:
                raise OSError("it is larger than any file this can be")
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _check(kind: str, path: Path) -> None:
    if kind.startswith("resnet"):
        ResNet(int(kind.removeprefix("resnet"))).load_published(path)
    elif kind == "efficientnet-lite0":
        EfficientNetLite0(3).load_published(path)
    else:
        PerceptualFeatures.load(path, blocks=4 if kind == "vgg16" else 3)


def _is_head(kind: str, key: str) -> bool:
    heads = {"efficientnet-lite0": HEAD, "vgg16": ("classifier.",)}
    return key.startswith(heads.get(kind, ("fc.",)))
