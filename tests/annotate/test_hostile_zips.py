"""ZIPs made to cost much: bounded before anything is unpacked, and held to what they say."""

import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from django.core.management import CommandError, call_command

from annotate.services.import_export import zip_entries
from config.errors import Refused


def packed(entries, method=zipfile.ZIP_DEFLATED):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return body.getvalue()


def read_all(data):
    with zip_entries.opened(data) as entries:
        return [entries.read(name) for name in entries.names]


def test_what_is_in_order_is_read_and_folders_are_passed_over():
    assert read_all(packed([("a/", b""), ("a/b.png", b"x" * 70_000), ("c", b"")])) == [
        b"x" * 70_000,
        b"",
    ]


def listing(count, size=0, method=0):
    """A ZIP whose list names so many entries, all of them at the same place: no bytes to unpack."""
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, method, 0, 0, 0, 0, size, 1, 0, 0, 0, 0, 0, 0
    ) + b"x"  # fmt: skip
    whole = entry * count
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count & 65535, count & 65535, len(whole), 0, 0
    )
    return whole + end


def test_a_list_of_a_million_entries_is_refused_before_it_is_parsed():
    data = listing(1_000_000)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Refused, match="more than 20,000 files"):
        read_all(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000 and time.process_time() - began < 1


def test_so_is_one_that_is_read_at_once_and_a_little_too_long():
    with pytest.raises(Refused, match="more than 20,000 files"):
        read_all(listing(zip_entries.MAX_ENTRIES + 1))


def test_many_entries_that_are_one_may_not_promise_more_than_one_archive():
    with pytest.raises(Refused, match="larger than 4 GB"):
        read_all(listing(5_000, size=1_000_000))


def test_a_large_entry_is_refused_by_what_it_says():
    with pytest.raises(Refused, match="larger than 256 MB"):
        read_all(listing(1, size=zip_entries.MAX_ENTRY_BYTES + 1))


def test_an_entry_that_unpacks_to_more_than_it_says_gives_no_more():
    data = bytearray(packed([("a", bytes(10_000_000))]))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<L", 1000)
    tracemalloc.start()
    with pytest.raises(Refused, match="cannot be read"):  # its checksum is of another thing
        read_all(bytes(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_packings_that_take_memory_by_their_own_word_are_refused(method):
    with pytest.raises(Refused, match="use Deflate"):
        read_all(packed([("a", b"x" * 1000)], method))


def test_every_cut_and_every_flipped_byte_is_a_sentence():
    """Of a small archive at every place; nothing but Refused ever comes out."""
    whole = packed([("ä/one.npz", b"abc" * 400), ("two.png", b"\x00" * 50)])
    spoilt = [whole[:stop] for stop in range(0, len(whole), 3)]
    spoilt += [
        whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :]
        for at in range(len(whole))
        for flip in (0xFF, 0x01, 0x80)
    ]
    for data in spoilt:
        try:
            read_all(data)
        except Refused:
            continue


def test_a_file_on_the_disk_is_not_read_whole(tmp_path):
    path = tmp_path / "large.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(12):
            archive.writestr(str(number), bytes(8_000_000))
    tracemalloc.start()
    with path.open("rb") as file, zip_entries.opened(file) as entries:
        assert [len(entries.read(name)) for name in entries.names] == [8_000_000] * 12
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


@pytest.mark.django_db
def test_an_archive_in_an_archive_is_no_mask(tmp_path):
    inner = packed([("x.npz", bytes(100))])
    file = tmp_path / "outer.zip"
    file.write_bytes(packed([("photo.npz", inner)]))
    with pytest.raises(CommandError) as refused:
        call_command("import_masks", str(file), "--format", "npz")
    assert refused.value.returncode == 2
