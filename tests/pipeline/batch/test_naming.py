"""Names of results: a bijection over any tree, and one that stays."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photos.file_names import LONGEST, folded
from pipeline.batch.items import ENDINGS, PARTIAL
from pipeline.batch.naming import batch_items, source_of
from tests.annotate.builders import file_of, picture

# Names that tempt: endings apart, capitals, composed or not, ours, of another code page, too long.
WORDS = ["x", "X", "é", "e\u0301", "x.inpainted", "x.jpg", "-x", "a\nb", os.fsdecode(b"\xf4\xee")]
WORDS += ["=x", "y" * 240, "y" * 239 + "z", "ж" * 120, "x~0123abcd"]
words = st.sampled_from(WORDS)
file_names = st.builds(
    lambda stem, end: f"{stem}{end}"[:240], words, st.sampled_from(["", ".jpg", ".JPG", ".png"])
)
short = file_names.filter(lambda name: len(os.fsencode(name)) <= 255)
places = st.lists(words.filter(lambda word: len(os.fsencode(word)) < 200), max_size=2)
trees = st.sets(st.tuples(places.map(tuple), short), min_size=1, max_size=12)
ROOT = Path("/archive")


def made(tree, root=ROOT, out=Path("/nowhere/out")):
    photos = [root.joinpath(*folders, name) for folders, name in sorted(tree)]
    return batch_items(photos, root, out)


def files_of(batch):
    return [item.result(ending) for item in batch for ending in ENDINGS]


@given(trees)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_two_photographs_share_a_file_on_any_disk(tree):
    batch = made(tree)
    assert {item.photo for item in batch} == {ROOT.joinpath(*where, name) for where, name in tree}
    written = [folded(str(path)) for path in files_of(batch)]
    assert len(set(written)) == len(written)
    assert all(len(os.fsencode(path.name)) <= LONGEST for path in files_of(batch))
    halves = [item.partial(ending).name for item in batch for ending in ENDINGS]
    assert all(len(os.fsencode(name)) <= LONGEST + len(PARTIAL) + 1 for name in halves)


@given(trees, st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_names_stay_when_photographs_are_added_and_taken_away(tree, data):
    """Called with some, then with others beside them: who has a name keeps it."""
    first = data.draw(st.sets(st.sampled_from(sorted(tree)), min_size=1))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        early = {item.photo: item for item in made(first, out=out)}
        for item in early.values():
            item.folder.mkdir(parents=True, exist_ok=True)
            facts = {"photo": item.photo.name, "source": source_of((item.photo, 1)), "sha256": "x"}
            item.result("json").write_text(json.dumps(facts))
        late = {item.photo: item for item in made(tree, out=out)}
    assert {photo: late[photo] for photo in early} == early
    names = {folded(str(item.result("json"))) for item in late.values()}
    assert len(names) == len(tree)


def test_results_of_another_call_are_not_written_over(tmp_path):
    for place, colour in (("a", 1), ("b", 2)):
        (tmp_path / place).mkdir()
        (tmp_path / place / "scan.png").write_bytes(file_of(picture(9, 9, seed=colour)))
    out = tmp_path / "out"
    out.mkdir()
    first, second = (tmp_path / place / "scan.png" for place in ("a", "b"))
    (one,) = batch_items([first], first.parent, out)
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    facts = {"photo": "scan.png", "source": source_of((first, 1)), "sha256": digest}
    one.result("json").write_text(json.dumps(facts))
    (two,) = batch_items([second], second.parent, out)
    assert (one.name, two.name) == ("scan", "scan.png")
    moved = tmp_path / "moved"
    first.parent.rename(moved)
    (again,) = batch_items([moved / "scan.png"], moved, out)
    assert again.name == "scan"  # the same bytes at another place


def test_no_ending_is_the_tail_of_another():
    dotted = [f".{ending}" for ending in ENDINGS]
    assert not [(a, b) for a in dotted for b in dotted if a != b and a.endswith(b)]
