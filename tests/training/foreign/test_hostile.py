"""Graphs made to do harm end in sentences, and the parent's memory does not grow."""

import os
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.training.foreign import made
from training.foreign import adapters, process
from training.foreign.limits import GraphError, RunLimits, refuse_other_files
from training.foreign.network import ForeignNetwork

LIMITS = RunLimits(memory=3 * 2**30, seconds=4)
ADAPTER = adapters.preset("siggraph17")
LUMA = np.full((32, 32), 0.5, np.float32)


def examined(path, adapter=ADAPTER):
    return process.examine(path, adapter, path.with_suffix(".whole"), LIMITS)


def run(path, limits=LIMITS):
    facts = examined(path)
    network = ForeignNetwork(path.with_suffix(".whole"), ADAPTER, facts["output"], limits)
    try:
        return network(LUMA)
    finally:
        network.process.close()


def refused(work, *arguments):
    with pytest.raises(GraphError) as error:
        work(*arguments)
    return str(error.value)


def test_a_huge_constant_meets_the_limit_and_not_the_machine(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "more than the 3.0 GB" in refused(run, made.huge(tmp_path / "huge.onnx"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB


def test_an_endless_loop_is_ended_by_the_clock(tmp_path):
    began = time.monotonic()
    said = refused(run, made.endless(tmp_path / "endless.onnx"))
    assert said == "The graph computes longer than the 4 seconds of one run."
    assert time.monotonic() - began < 60


def test_what_is_no_number_gets_nowhere(tmp_path):
    assert "no number" in refused(run, made.not_a_number(tmp_path / "nan.onnx"))


def test_another_size_than_the_pictures_gets_nowhere(tmp_path):
    said = refused(run, made.smaller(tmp_path / "small.onnx"))
    assert said == "The graph answers 16x16x2 (height, width, channels), not 32x32x2."


def test_custom_operators_are_named(tmp_path):
    said = refused(examined, made.custom(tmp_path / "custom.onnx"))
    assert "operator Evil of their.own" in said


@pytest.mark.parametrize("location", ["../secret.bin", "/etc/passwd", "a/b.bin", "..", ""])
def test_data_outside_its_folder_are_never_read(tmp_path, location):
    path = made.outside(tmp_path / "far.onnx", location)
    assert "only a file beside it is read" in refused(examined, path)


@pytest.mark.parametrize("make", [made.function_outside, made.sparse_outside])
@pytest.mark.parametrize("location", ["secret.bin", "/etc/passwd"])
def test_data_of_functions_and_sparse_constants_are_never_read_from_elsewhere(
    tmp_path, make, location
):
    (tmp_path / "secret.bin").write_bytes(bytes(8))
    said = refused(examined, make(tmp_path / "far.onnx", location))
    assert "functions or sparse constants lie in another file" in said


def test_what_is_without_end_gets_nowhere(tmp_path):
    assert "no number" in refused(run, made.infinite(tmp_path / "infinite.onnx"))


def test_one_that_answers_otherwise_the_second_time_gets_nowhere(tmp_path):
    path = made.restless(tmp_path / "restless.onnx")
    facts = examined(path)
    network = ForeignNetwork(path.with_suffix(".whole"), ADAPTER, facts["output"], LIMITS)
    try:
        assert network(LUMA / 50).shape == (32, 32, 2)
        assert refused(network, LUMA * 0 + 1)
    finally:
        network.process.close()


@pytest.mark.parametrize(
    "make", [made.too_large_for_its_bytes, made.calls_itself, lambda path: made.nested(path, 20)]
)
def test_what_onnx_runtime_itself_stumbles_on_is_a_sentence(tmp_path, make):
    said = refused(run, make(tmp_path / "bad.onnx"))
    assert said.endswith(".") and "Traceback" not in said and len(said) < 501


def test_a_link_or_nothing_in_place_of_its_data_is_refused(tmp_path):
    path = made.outside(tmp_path / "far.onnx", "far.bin")
    assert "is not beside it" in refused(examined, path)
    (tmp_path / "far.bin").symlink_to("/etc/passwd")
    assert "no plain file" in refused(examined, path)


def test_data_beside_it_are_taken_in_whole(tmp_path):
    (tmp_path / "far.bin").write_bytes(np.array([3, 4], np.float32).tobytes())
    path = made.outside(tmp_path / "far.onnx", "far.bin")
    facts = examined(path)
    assert [each["name"] for each in facts["files"]] == ["far.onnx", "far.bin"]
    path.unlink()
    (tmp_path / "far.bin").unlink()
    network = ForeignNetwork(path.with_suffix(".whole"), ADAPTER, facts["output"], LIMITS)
    assert network(LUMA).shape == (32, 32, 2)
    network.process.close()


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("ddcolor", "3 channels"),
        ("lama", "gives the inputs image, mask; the graph has input"),
        ("lama-stacked", "has 1 channels; the adapter fills 4"),
    ],
)
def test_a_graph_that_is_not_what_its_adapter_says_is_refused(tmp_path, preset, said):
    path = made.siggraph17(tmp_path / "other.onnx")
    assert said.replace("3 channels", "the adapter fills 3") in refused(
        examined, path, adapters.preset(preset)
    )


def test_a_fixed_side_must_be_the_adapters(tmp_path):
    path = made.ddcolor(tmp_path / "small.onnx", side=256)
    assert "fixed at 256 px" in refused(examined, path, adapters.preset("ddcolor"))


def test_an_old_opset_is_refused(tmp_path):
    path = made.save(
        tmp_path / "old.onnx",
        [made.helper.make_node("Identity", ["input"], ["output"])],
        [made.value("input", [1, 1, None, None])],
        [made.value("output", [1, 2, None, None])],
        opset=7,
    )
    assert "Its opset is 7" in refused(examined, path)


def test_no_graph_at_all(tmp_path):
    path = tmp_path / "noise.onnx"
    path.write_bytes(np.random.default_rng(1).bytes(5000))
    assert "no ONNX graph" in refused(examined, path)


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("a.pt", b"PK\x03\x04rest", "TorchScript"),
        ("a.pth", b"\x80\x02rest", "pickled"),
        ("a.safetensors", b"\x10\0\0\0\0\0\0\0{}", "weights alone"),
    ],
)
def test_checkpoints_are_refused_with_how_to_export(tmp_path, name, head, said):
    path = tmp_path / name
    path.write_bytes(head)
    sentence = refused(refuse_other_files, path)
    assert said in sentence and "torch.onnx.export" in sentence


def test_the_confined_child_opens_neither_files_nor_sockets():
    code = (
        "from photos import confinement as c; import socket\n"
        "c.confine(memory=2**31, cpu_seconds=20, file_bytes=1)\n"
        "c.open_nothing_more()\n"
        "for work in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try: work()\n"
        "    except OSError as error: print(error.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["24", "24"], done.stderr


def test_a_network_of_its_own_has_nobody_in_it():
    code = (
        "from photos import confinement as c; import socket, sys\n"
        "if not c.leave_the_network(): print('unsupported'); sys.exit()\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)\n"
        "except OSError: print('nobody')\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", code, port], capture_output=True, text=True)
    if done.stdout.strip() == "unsupported":
        pytest.skip("this kernel gives a plain user no network of his own")
    assert done.stdout.strip() == "nobody", done.stderr


def test_the_child_sees_nothing_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    child = process.Child(LIMITS)
    seen = Path(f"/proc/{child.process.pid}/environ").read_bytes()
    child.end()
    assert b"do not tell" not in seen and b"HOME" not in seen
    assert not os.path.exists(f"/proc/{child.process.pid}/environ")
