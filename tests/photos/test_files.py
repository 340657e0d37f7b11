"""Files that are written whole: what stood there stays until all of the new one is there."""

import hashlib

import pytest

from photos.files import replacing, sha256, write_whole


def test_the_digest_is_that_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"heirloom")
    assert sha256(tmp_path / "a") == hashlib.sha256(b"heirloom").hexdigest()
    with pytest.raises(OSError):
        sha256(tmp_path / "gone")


def test_the_old_file_stays_where_writing_fails(tmp_path):
    path = tmp_path / "best.json"
    write_whole(path, b"old")
    with pytest.raises(RuntimeError), replacing(path) as aside:
        aside.write_bytes(b"half")
        assert path.read_bytes() == b"old"
        raise RuntimeError
    assert [p.name for p in tmp_path.iterdir()] == ["best.json"]
    assert path.read_bytes() == b"old"


def test_two_writers_of_one_file_do_not_meet(tmp_path):
    path = tmp_path / "export"
    with replacing(path, mark="-1") as first, replacing(path, mark="-2") as second:
        first.write_bytes(b"first")
        second.write_bytes(b"second")
    assert path.read_bytes() == b"first"  # the outer one ends last
    assert [p.name for p in tmp_path.iterdir()] == ["export"]
