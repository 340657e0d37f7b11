"""Documents made to cost much: bounded by bytes and values, one pass, large ones in a child."""

import json
import time
import tracemalloc
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from annotate import services
from annotate.formats import coco, content, cvat, documents, label_studio
from annotate.formats.large import streaming
from annotate.formats.large.spreading import spread_out
from annotate.models import DefectMask
from annotate.services.import_export import documents as parts_of
from config.errors import Refused
from tests.annotate.builders import painted, ready_photo

WRITERS = {"coco": coco, "cvat": cvat, "label-studio": label_studio}


def many(kind, count):
    """A document of so many photos, each with a small mask."""
    mask = np.zeros((12, 12), np.uint8)
    mask[3:6, 2:9] = 1
    return WRITERS[kind].write({f"photo {number}.png": mask for number in range(count)})


def parts_in(kind, data):
    """As an import reads them."""
    with ExitStack() as until:
        copy = partial(Path.write_bytes, data=data)
        return [(name, read()) for name, read in parts_of.readers(kind, copy, until)]


@pytest.mark.parametrize("kind", WRITERS)
def test_each_part_is_the_mask_of_its_photo(kind):
    masks = {f"{number}.png": painted(seed=number) for number in range(3)}
    height, width = masks["0.png"].shape
    found = dict(documents.parts(kind, WRITERS[kind].write(masks)))
    assert list(found) == list(masks)
    for name, part in found.items():
        assert np.array_equal(WRITERS[kind].read(part, name, width, height), masks[name])


@pytest.mark.parametrize("kind", WRITERS)
def test_a_large_document_makes_the_same_parts_as_a_small_one(kind, tmp_path, monkeypatch):
    """Read item by item, in pieces that end anywhere, also within a word of four bytes."""
    masks = {f"Фото 𝄞 {number}.png": painted(seed=number) for number in range(3)}
    data = WRITERS[kind].write(masks)
    source = tmp_path / "document"
    for size in (1, 7, 1000, 1 << 20):
        monkeypatch.setattr(streaming, "CHUNK", size)
        folder = tmp_path / str(size)
        folder.mkdir()
        source.write_bytes(b"\xef\xbb\xbf" * (size > 1) + data)
        documents.spread(kind, source, folder)
        found = [
            (name, WRITERS[kind].parse(path.read_bytes())) for name, path in spread_out(folder)
        ]
        wanted = [(name, WRITERS[kind].parse(part)) for name, part in documents.parts(kind, data)]
        assert list(map(_plain, found)) == list(map(_plain, wanted))


def _plain(part):
    name, parsed = part
    return name, parsed if isinstance(parsed, dict | list) else Xml.tostring(parsed)


@pytest.mark.parametrize("kind", WRITERS)
def test_memory_goes_by_photo_and_not_by_document(kind, tmp_path):
    """Ten times the photos of half a megabyte each take no more of it."""
    mark = {"coco": b'"iscrowd"', "cvat": b"occluded=", "label-studio": b'"annotations"'}[kind]
    note = b"note=" if kind == "cvat" else b'"note": '
    comma = b" " if kind == "cvat" else b", "
    large = note + b'"' + b"x" * 500_000 + b'"' + comma + mark

    def peak(count):
        source, folder = tmp_path / f"{count}", tmp_path / f"parts {count}"
        folder.mkdir()
        source.write_bytes(many(kind, count).replace(mark, large))
        assert source.stat().st_size > 500_000 * count
        tracemalloc.start()
        documents.spread(kind, source, folder)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(spread_out(folder)) == count
        return found

    assert peak(60) < 2 * peak(6)


BROKEN = [
    (
        "coco",
        b'{"images": [{"id": 1, "file_name": "a"}], "annotations": []}',
        "list at 'categories'",
    ),
    ("coco", b'{"images": [], "categories": [], "annotations": [}', "as JSON"),
    ("coco", b'{"images": [], "categories": [], "annotations": []', "as JSON"),
    ("coco", b'{"images": [], "categories": [], "annotations": []} {}', "as JSON"),
    ("coco", b'{"images": {}, "categories": [], "annotations": []}', "list at 'images'"),
    ("coco", b'{"images": [7], "categories": [], "annotations": []}', "file"),
    ("coco", b"[]", "as JSON"),
    ("coco", b"\xff\xfe{", "as JSON"),
    ("coco", b'{"images": [' + b"[" * 100_000, "as JSON"),
    ("label-studio", b'[{"data": {}} 1]', "picture|JSON"),
    ("label-studio", b"7", "object|file"),
    ("cvat", b"<annotations><image", "as XML"),
    ("cvat", b"<annotations><track/></annotations>", "video"),
    ("cvat", b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotations/>", "declares entities"),
    ("cvat", b"<annotations>\0</annotations>", "as XML"),
    ("cvat", "<annotations/>".encode("utf-16"), "as XML"),
]


@pytest.mark.parametrize(("kind", "data", "said"), BROKEN)
@pytest.mark.parametrize("size", [5, 1 << 20])
def test_a_broken_large_document_is_a_sentence(kind, data, said, size, tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "CHUNK", size)
    (tmp_path / "document").write_bytes(data)
    with pytest.raises(ValueError, match=said):
        documents.spread(kind, tmp_path / "document", tmp_path)


def test_one_endless_entry_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(streaming, "MAX_ITEM", 1 << 21)
    (tmp_path / "document").write_bytes(b'[{"data": "' + b"x" * (9 << 20))
    with pytest.raises(ValueError, match="longer than 2 MB"):
        documents.spread("label-studio", tmp_path / "document", tmp_path)


@pytest.mark.parametrize("kind", WRITERS)
def test_ten_times_the_photos_take_about_ten_times_as_long(kind):
    def seconds(count):
        data = many(kind, count)
        began = time.process_time()
        for name, part in documents.parts(kind, data):
            WRITERS[kind].read(part, name, 12, 12)
        return time.process_time() - began

    seconds(10)
    few, lots = seconds(200), seconds(2000)
    assert lots < 25 * few + 0.2


@pytest.mark.parametrize("text", [b"[],", b"{},", b'[[""]],', b"0,", b'"":{},'])
def test_what_is_parsed_in_this_process_is_bounded_in_memory(text):
    """The worst of each kind that still counts as small."""
    marks = content.values_in(text)
    inner = text * (content.MAX_SMALL_VALUES // marks - 4)
    data = b"{" + inner[:-1] + b"}" if text.startswith(b'"') else b"[" + inner[:-1] + b"]"
    assert documents.is_small(data)
    tracemalloc.start()
    content.parse_json(data, "a document")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000_000


def test_too_many_values_are_refused_before_parsing(monkeypatch):
    monkeypatch.setattr(content, "MAX_VALUES", 1000)
    for parse in (coco.parse, cvat.parse, label_studio.parse):
        with pytest.raises(ValueError, match="at most 1,000 values"):
            parse(b"[" * 2000)


@pytest.mark.django_db
def test_a_large_document_is_taken_apart_by_a_child(monkeypatch, tmp_path):
    monkeypatch.setattr(documents, "is_small_file", lambda path: path.stat().st_size < 3000)
    masks = {}
    for seed in range(3):
        ready_photo(title=f"p{seed}")
        masks[f"p{seed}"] = painted(seed=seed)
    data = coco.write(masks)
    assert len(data) >= 3000
    (tmp_path / "x.json").write_bytes(data)
    call_command("import_masks", tmp_path / "x.json", format="coco")
    assert DefectMask.objects.count() == 3
    for row in DefectMask.objects.all():
        assert np.array_equal(services.read_mask(row), masks[row.photo.title])


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"{", b"[]", b'{"images": {}}', b"\x00" * 9000])
def test_what_the_child_refuses_is_a_sentence(monkeypatch, data):
    monkeypatch.setattr(documents, "is_small_file", lambda path: False)
    with pytest.raises(Refused, match=r"\w+.*\."):
        parts_in("coco", data)


@pytest.mark.django_db
def test_a_document_that_needs_more_memory_than_the_child_has(monkeypatch):
    from dataclasses import replace

    from photos.decoding import scans

    monkeypatch.setattr(documents, "is_small_file", lambda path: False)
    few = replace(scans.limits(), memory=500 << 20)
    monkeypatch.setattr(scans, "limits", lambda *a, **k: few)
    data = json.dumps({"images": [], "categories": [], "annotations": []}).encode()
    data = data[:-1] + b', "x": {"y": [' + b"[]," * 6_000_000 + b"0]}}"
    with pytest.raises(Refused, match="One entry"):
        parts_in("coco", data)


@pytest.mark.django_db
def test_one_photo_with_everything_is_refused_too(monkeypatch):
    monkeypatch.setattr(documents, "is_small", lambda data: False)
    with pytest.raises(Refused, match="alone is too large"):
        parts_in("coco", many("coco", 1))


@pytest.mark.django_db
def test_a_labelme_file_is_of_one_photo_and_bounded_likewise(tmp_path, capsys):
    points = ", ".join(["[1, 2]"] * 600_000)
    shape = '{"label": "hole", "shape_type": "polygon", "points": [' + points + "]}"
    (tmp_path / "p.json").write_text('{"imagePath": "p.jpg", "shapes": [' + shape + "]}")
    with pytest.raises(CommandError):
        call_command("import_masks", tmp_path / "p.json", format="labelme")
    assert "alone is too large to be read here" in capsys.readouterr().err


def test_ids_that_are_no_ids_are_refused():
    document = {"images": [{"id": [1], "file_name": "x"}], "categories": [], "annotations": []}
    with pytest.raises(ValueError, match="no number"):
        list(coco.split(document))
