"""A small one of what `python -m tests.pipeline.batch.mixed` does with 2,000 files and kills."""

import pytest

from tests.pipeline.batch.mixed import build, check
from tests.pipeline.test_command import run, shipped  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_file_of_a_mixed_folder_ends_in_one_line(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    made = build(folder, 60)
    words = (folder, "--out", out, "--only", "inpainted", "--engine", "onnx")
    assert run(*words)[0] == 2
    first = check(folder, out, made, ("done", "refused", "passed over"))
    assert run(*words)[0] == 2
    second = check(folder, out, made, ("skipped", "refused", "passed over"))
    assert (second["skipped"], second["refused"]) == (first["done"], first["refused"])
    assert first["done"] > 30
