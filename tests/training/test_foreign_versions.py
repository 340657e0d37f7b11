"""Published networks become versions of the site: command, card, gate, licences."""

import io

import pytest
from django.core.management import CommandError, call_command

from config.errors import Refused
from photos import storage
from tests.training.foreign import made
from training.foreign import adapters, licences
from training.models import ModelVersion
from training.services import gate
from training.services.foreign import foreign_versions

pytestmark = pytest.mark.django_db
WORDS = {"licence": "Apache-2.0", "source": "https://example.org/net", "title": "Theirs"}


@pytest.fixture(autouse=True)
def small(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.IMPORTED_MEMORY_MEGABYTES, settings.IMPORTED_SECONDS = 3000, 20
    settings.TORCH_THREADS = 1


def all_imported():
    return ModelVersion.objects.filter(origin="imported")


def imported(path, preset, **more):
    adapter = adapters.preset(preset)
    card = foreign_versions.Card(**(WORDS | more))
    return foreign_versions.import_model(path=path, adapter=adapter, card=card)


def command(path, *more, stage="inpainting", **words):
    out = io.StringIO()
    said = [part for name, word in (WORDS | words).items() for part in (f"--{name}", word)]
    call_command("import_model", str(path), "--stage", stage, *said, *more, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("peak", [1.0, 255.0])
def test_a_lama_of_either_range_is_imported_and_its_range_measured(tmp_path, peak):
    said = command(made.lama(tmp_path / "lama.onnx", peak), "--adapter", "lama")
    version = all_imported().get()
    assert version.weights_sha256 in said
    assert version.origin == "imported" and version.is_usable and version.is_imported
    assert version.card["adapter"]["output"]["range"] == [0, int(peak)]
    assert version.card["licences"] == ["Apache-2.0"]
    assert version.card["graph"]["files"][0]["name"] == "lama.onnx"
    assert version.gate["seconds_per_megapixel"] > 0
    assert 50 < version.gate["memory_megabytes"] < 3000
    assert version.pictures.count() == 3
    assert storage.read(version.weights) == (tmp_path / "lama.onnx").read_bytes()


@pytest.mark.parametrize("preset", sorted(set(made.PRESETS) - {"lama"}))
def test_every_preset_is_imported(tmp_path, preset):
    version = imported(made.PRESETS[preset](tmp_path / "net.onnx"), preset)
    assert version.stage == adapters.preset(preset).stage
    assert version.name == "Theirs" and not version.is_noncommercial


def test_a_file_of_ones_own_describes_a_network(tmp_path):
    text = (adapters.PRESETS / "siggraph17.toml").read_text()
    own = tmp_path / "own.toml"
    own.write_text(text.replace('name = "siggraph17"', 'name = "own"'))
    path = made.siggraph17(tmp_path / "net.onnx")
    command(path, "--adapter-file", str(own), stage="colorization")
    assert all_imported().get().card["adapter"]["name"] == "own"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"licence": "free for all!"}, "SPDX"),
        ({"source": "from a friend"}, "https://"),
        ({"title": " "}, "title"),
    ],
)
def test_without_licence_source_and_title_nothing_is_imported(tmp_path, words, said):
    with pytest.raises(CommandError, match=said) as error:
        command(made.lama(tmp_path / "lama.onnx"), "--adapter", "lama", **words)
    assert error.value.returncode == 2
    assert not all_imported().exists()


def test_the_same_graph_is_one_version(tmp_path):
    path = made.siggraph17(tmp_path / "net.onnx")
    imported(path, "siggraph17")
    with pytest.raises(Refused, match="here already: Theirs"):
        imported(path, "siggraph17", title="Again")


def test_an_adapter_of_another_stage_and_an_unknown_one_are_refused(tmp_path):
    path = made.lama(tmp_path / "lama.onnx")
    with pytest.raises(CommandError, match="is for colorization"):
        command(path, "--adapter", "ddcolor")
    with pytest.raises(CommandError, match="There is no adapter 'nets'; there is bopbtl"):
        command(path, "--adapter", "nets")


@pytest.mark.parametrize("graph", ["huge", "endless", "not_a_number", "custom", "smaller"])
def test_hostile_graphs_leave_a_sentence_and_no_version(tmp_path, settings, graph):
    settings.IMPORTED_SECONDS = 4
    path = getattr(made, graph)(tmp_path / "bad.onnx")
    with pytest.raises(CommandError) as error:
        command(path, "--adapter", "siggraph17", stage="colorization")
    assert str(error.value).endswith(".") and "Traceback" not in str(error.value)
    assert not all_imported().exists()


def test_the_gate_tries_an_imported_network_anew(tmp_path, run_jobs):
    version = imported(made.siggraph17(tmp_path / "net.onnx"), "siggraph17")
    ModelVersion.objects.update(gate={})
    gate.check_later(version)
    run_jobs()
    version.refresh_from_db()
    assert version.gate["passed"] and version.gate["memory_megabytes"] > 50


@pytest.mark.parametrize(
    ("licence", "against"),
    [
        ("Apache-2.0", False),
        ("CC-BY-NC-4.0", True),
        ("CC-BY-NC-SA-4.0", True),
        ("PolyForm-Noncommercial-1.0.0", True),
        ("LicenseRef-research-only", True),
        ("NCSA", False),
    ],
)
def test_licences_that_forbid_commerce_are_known(licence, against):
    assert licences.is_named(licence)
    assert licences.forbids_commerce(licence) is against
