import hashlib

import pytest

from training.cli import prepare
from training.labels import source_table
from training.labels.source_table import read_table, why_left_out
from training.measuring.pictures import find_pictures

HEAD = "file\tsplit\tlicence\tsource\tnote\n"


@pytest.fixture
def table(tmp_path):
    rows = [
        ("a.png", "train", "CC0"),
        ("b.png", "val", "CC0"),
        ("c.png", "test", "CC0"),
        ("d.png", "train", "no licence stated in repo"),
        ("e.png", "pool", "CC0"),
        ("f.png", "train", ""),
    ]
    for name, _, _ in rows:
        (tmp_path / name).write_bytes(name.encode())
    lines = "".join(f"{n}\t{s}\t{licence}\there\t\n" for n, s, licence in rows)
    (tmp_path / "SOURCES.tsv").write_text(HEAD + lines)
    return tmp_path / "SOURCES.tsv"


def test_test_neither_trains_nor_is_held_out(table):
    items = prepare.items_of(table.parent)
    assert [(i.source, i.split) for i in items] == [("here", "train"), ("here", "validation")]
    assert not any(item.image.endswith("c.png") for item in items)


def test_who_is_left_out_is_counted_by_reason(table):
    assert prepare.left_out(table.parent) == {
        "without a stated licence": 2,
        "of split test": 1,
        "of split pool": 1,
    }
    assert prepare.left_out(table.parent, exclude=["f.png", "e.png", "c.png"]) == {
        "without a stated licence": 1
    }
    assert prepare.left_out(table.parent / "none") == {}


@pytest.mark.parametrize("licence", ["", "not stated", "non-commercial research only"])
def test_a_licence_is_asked_of_what_trains_alone(licence):
    said = {
        split: why_left_out({"split": split, "licence": licence}) for split in ("train", "test")
    }
    assert said == {"train": "without a stated licence", "test": "of split test"}
    assert why_left_out({"split": "validation", "licence": licence}) == ""


def test_prepare_says_how_many_it_left_out(table, tmp_path, capsys):
    run = tmp_path / "run"
    assert prepare.main([str(table.parent), str(run), "--stage", "segmentation"]) == 0
    said = capsys.readouterr().out
    assert "1 training, 1 held out" in said
    assert "Left out: 2 without a stated licence, 1 of split test, 1 of split pool" in said


def test_prepare_counts_what_it_left_out_of_labels_too(table, tmp_path, capsys):
    """All of them, for --only and --exclude choose among the photographs alone."""
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "x.png").write_bytes(b"x")
    (folder / "SOURCES.tsv").write_text(HEAD + "x.png\ttrain\tCC0\there\t\ny.png\ttest\t\t\t\n")
    line = [str(folder), str(tmp_path / "run"), "--stage", "segmentation", "--exclude", "d.png"]
    assert prepare.main([*line, "--labels", str(table.parent)]) == 0
    said = "Left out: 2 of split test, 2 without a stated licence, 1 of split pool"
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(("word", "name"), [("train", "a"), ("val", "b"), ("test", "c")])
def test_evaluate_knows_the_three_words(table, word, name):
    found = find_pictures(table.parent, "segmentation", word, plain=True)
    assert name in [path.stem for path in found]
    assert len(found) == {"train": 3, "val": 1, "test": 1}[word]


def test_film_is_split_by_shot_where_the_frame_is_the_same(tmp_path, monkeypatch):
    frame, other = b"frame", b"another frame"
    (tmp_path / "x.jpg").write_bytes(frame)
    (tmp_path / "y.jpg").write_bytes(other)
    (tmp_path / "SOURCES.tsv").write_text(HEAD + "x.jpg\tval\tCC0\t\t\ny.jpg\tval\tCC0\t\t\n")
    digest = hashlib.sha256(frame).hexdigest()
    shots = tmp_path / "film.tsv"
    shots.write_text(
        f"file\tsha256\tsplit\tshot\nx.jpg\t{digest}\ttest\troom\ny.jpg\t{digest}\ttest\troom\n"
    )
    monkeypatch.setattr(source_table, "SHOTS", shots)
    rows = read_table(tmp_path / "SOURCES.tsv")
    assert [row["split"] for row in rows] == ["test", "validation"]
    assert [why_left_out(row) for row in rows] == ["of split test", ""]


def test_no_shot_of_the_film_is_in_two_splits():
    splits = {}
    for row in source_table._shots().values():
        splits.setdefault(row["shot"], set()).add(row["split"])
    assert all(len(found) == 1 for found in splits.values())
    assert {word for found in splits.values() for word in found} == {"val", "test"}
