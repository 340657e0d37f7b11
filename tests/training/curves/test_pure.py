"""Event files to the byte, ticks with the digits they need, what differs between recipes."""

import struct

import pytest

from training.curves import comparing
from training.curves.event_file import Scalar, crc32c, events
from training.views import charts


def test_the_checksum_is_rfc_3720s():
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA


def test_a_scalar_is_an_event_behind_its_length():
    first, second = events([Scalar("train/loss", 300, 0.5, 12.0)], started=10.0)
    assert b"brain.Event:2" in first
    (length,) = struct.unpack("<Q", second[:8])
    data = second[12:-4]
    assert len(data) == length
    assert data[:9] == b"\x09" + struct.pack("<d", 12.0)
    assert data[9:12] == b"\x10\xac\x02"  # step 300 as a varint
    tagged = b"\x0a\x0atrain/loss\x15" + struct.pack("<f", 0.5)
    assert data[12:] == b"\x2a" + bytes([len(tagged) + 2]) + b"\x0a" + bytes([len(tagged)]) + tagged


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([0.9990, 0.9995, 1.0], ["0.9990", "0.9995", "1.0000"]),
        ([0.0, 0.25, 0.5], ["0.00", "0.25", "0.50"]),
        ([0, 10_000, 20_000], ["0", "10,000", "20,000"]),
        ([1e-8, 2e-8, 3e-8], ["1.0e-08", "2.0e-08", "3.0e-08"]),
        ([1234.56, 1234.57], ["1,234.56", "1,234.57"]),
    ],
)
def test_ticks_have_the_digits_they_need(values, wanted):
    assert charts.tick_labels(values) == wanted


@pytest.mark.parametrize("low", [0.0, 0.5, 0.99991, 123.4, -3.0])
@pytest.mark.parametrize("width", [1e-9, 1e-5, 0.003, 1.0, 12_345.0])
def test_no_two_ticks_read_alike(low, width):
    labels = charts.tick_labels(charts.ticks(low, low + width))
    assert len(set(labels)) == len(labels)


def test_only_what_differs_is_told_and_names_do_not():
    found = comparing.differences(
        [{"name": "a", "batch": 4}, {"name": "b", "batch": 8, "huber": 1}]
    )
    assert found == [("batch", [4, 8]), ("huber", [None, 1])]


def test_samples_meet_at_the_steps_that_all_have():
    one = comparing.by_step(["00008_0.png", "00016_0.png", "00016_1.png", "notes.png"])
    other = comparing.by_step(["00016_0.png"])
    assert one == {8: ["00008_0.png"], 16: ["00016_0.png", "00016_1.png"]}
    assert comparing.common([one, other]) == [16]
    assert comparing.common([one, {}]) == []


def test_long_labels_get_their_room():
    narrow = charts.chart("a", {"x": [(0, 0.0), (8, 1.0)]})
    wide = charts.chart("a", {"x": [(0, 0.99905), (8, 0.99925)]})
    assert narrow.left == charts.LEFT
    longest = max(len(tick.label) for tick in wide.y_ticks)
    assert wide.left >= charts.DIGIT * longest + 8
    assert wide.curves[0].points.startswith(f"{wide.left:g},")
