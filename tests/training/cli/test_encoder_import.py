"""Encoder weights come in checked and hashed, or are refused in a sentence."""

import hashlib
import io
import re
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from django.core.management import CommandError, call_command
from safetensors.torch import load_file

from config.errors import Refused
from training.cli import encoder_import
from training.networks.perceptual import PerceptualFeatures
from training.networks.resnet import ResNet
from training.services import encoder_files


@pytest.fixture
def published(tmp_path):
    """A ResNet-18 as torchvision writes it, with its head."""
    path = tmp_path / "resnet18-theirs.pth"
    torch.save(ResNet(18).state_dict() | {"fc.weight": torch.zeros(2, 512)}, path)
    return path


def test_a_resnet_is_recognised_hashed_and_kept_without_its_head(published, tmp_path):
    found = encoder_import.import_file(published, tmp_path / "kept")
    assert found.kind == "resnet18"
    assert found.sha256 == hashlib.sha256(published.read_bytes()).hexdigest()
    assert "fc.weight" not in load_file(found.path)
    ResNet(18, "full").load_published(found.path)


def test_what_was_brought_is_listed_and_nothing_else(published, tmp_path):
    found = encoder_import.import_file(published, tmp_path / "kept")
    (tmp_path / "kept" / "other.safetensors").write_bytes(b"something else")
    assert encoder_files.kept(tmp_path / "kept") == [found]
    assert encoder_files.kept(tmp_path / "nowhere") == []


def test_vgg_weights_serve_the_perceptual_loss(tmp_path):
    features = PerceptualFeatures("vgg16", blocks=4)
    torch.save({key: tensor for tensor, key in features._keys()}, tmp_path / "vgg.pth")
    found = encoder_import.import_file(tmp_path / "vgg.pth", tmp_path / "kept")
    assert PerceptualFeatures.load(found.path).backbone == "vgg16"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"layer2.0.bn1.weight": None}, "layer2.0.bn1.weight is missing"),
        ({"layer2.0.bn1.weight": torch.zeros(3)}, "layer2.0.bn1.weight is (3,), wanted (128,)"),
        ({"layer9.weight": torch.zeros(3)}, "layer9.weight is unknown"),
        ({"conv1.weight": torch.zeros(3)}, "conv1.weight is (3,)"),
    ],
)
def test_a_key_that_does_not_fit_is_named(published, tmp_path, change, says):
    tensors = torch.load(published) | change
    torch.save({k: v for k, v in tensors.items() if v is not None}, published)
    with pytest.raises(Refused) as refusal:
        encoder_import.import_file(published, tmp_path / "kept")
    assert says in str(refusal.value)
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors", "a.txt"])
def test_what_holds_no_weights_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"no weights at all")
    with pytest.raises(Refused, match=name):
        encoder_import.import_file(tmp_path / name, tmp_path / "kept")


def test_a_download_is_checked_against_the_hash_in_its_name(published, tmp_path, monkeypatch):
    content = published.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: io.BytesIO(content))
    with pytest.raises(Refused, match="another file"):
        encoder_import.download("resnet18", tmp_path)
    url = f"https://example.org/resnet18-{digest[:8]}.pth"
    monkeypatch.setitem(encoder_import.OFFICIAL, "resnet18", url)
    assert encoder_import.download("resnet18", tmp_path).source == url


def test_without_internet_the_command_says_what_to_do(tmp_path, monkeypatch, settings):
    settings.ENCODERS_ROOT = tmp_path

    def offline(*_, **__):
        raise OSError("no way there")

    monkeypatch.setattr("urllib.request.urlopen", offline)
    with pytest.raises(CommandError, match="Bring the file by other means") as refusal:
        call_command("import_encoder", download="resnet18")
    assert refusal.value.returncode == 2


def test_the_command_says_where_the_weights_are(published, tmp_path, settings, capsys):
    settings.ENCODERS_ROOT = tmp_path / "kept"
    call_command("import_encoder", str(published))
    said = capsys.readouterr().out
    assert "resnet18" in said and "SHA-256" in said and "--encoder" in said


@pytest.mark.parametrize(("kind", "option"), [("resnet18", "--encoder"), ("vgg16", "--features")])
def test_the_command_names_a_module_that_takes_the_file(kind, option, monkeypatch, capsys):
    found = SimpleNamespace(kind=kind, path="kept.pth", sha256="12", source="a file")
    monkeypatch.setattr(encoder_import, "import_file", lambda *_: found)
    call_command("import_encoder", "theirs.pth")
    name, named = re.search(r"python -m (\S+) \.\.\. (\S+)", capsys.readouterr().out).groups()
    place = find_spec(name)
    if place.submodule_search_locations:
        place = find_spec(f"{name}.__main__")
    assert named == option
    assert f'"{option}"' in Path(place.origin).read_text()
