"""Requests on their way in: when a thread is due, when patience ends, and what a body must earn."""

import socket
import threading
import time

import pytest

from config.server import pace, reception
from config.server.reception import GRACE_SECONDS, HEAD_SECONDS, INLINE_BYTES, Arrival, Verdict

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


def arrived(data, now=0.0):
    arrival = Arrival.at(now)
    return arrival, arrival.take(data, now)


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"", Verdict.WAIT),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", Verdict.WAIT),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Verdict.READY),
        (HEAD + b"Content-Length: 3\r\n\r\nab", Verdict.WAIT),
        (HEAD + b"Content-Length: 3\r\n\r\nabc", Verdict.READY),
        (HEAD + b"content-length:3\r\n\r\nabcGET / HTTP", Verdict.READY),
        (HEAD + b"Content-Length: 9999999\r\n\r\n" + b"x" * INLINE_BYTES, Verdict.READY),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", Verdict.WAIT),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", Verdict.READY),
        (b"x" * (reception.HEAD_BYTES + 1), Verdict.TOO_LARGE),
    ],
)
def test_a_thread_is_due_when_head_and_short_body_are_there(data, verdict):
    assert arrived(data)[1] is verdict


def test_byte_by_byte_it_is_the_same():
    arrival, verdicts = Arrival.at(0.0), []
    for byte in HEAD + b"Content-Length: 2\r\n\r\nab":
        verdicts.append(arrival.take(bytes([byte]), 0.0))
    assert verdicts[-1] is Verdict.READY and set(verdicts[:-1]) == {Verdict.WAIT}


def test_a_head_earns_no_time_by_coming_slowly():
    arrival = Arrival.at(0.0)
    for second in range(9):
        arrival.take(b"X-A: b\r\n", float(second))
    assert arrival.deadline == HEAD_SECONDS


def test_a_body_earns_time_by_its_bytes_and_never_more_than_the_grace():
    arrival, _ = arrived(HEAD + b"Content-Length: 200000\r\n\r\n")
    assert arrival.deadline == GRACE_SECONDS
    arrival.take(b"x", 1.0)
    assert arrival.deadline == pytest.approx(GRACE_SECONDS, abs=0.01)
    arrival.take(b"x" * 100_000, 2.0)
    assert arrival.deadline == 2.0 + GRACE_SECONDS


def test_who_waits_to_be_asked_and_what_was_forwarded_is_read():
    arrival, _ = arrived(
        HEAD + b"Expect: 100-continue\r\nX-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 1.2.3.4\r\n"
        b"Content-Length: 5\r\n\r\n"
    )
    assert arrival.waits_to_be_asked and arrival.forwarded_for == " 6.6.6.6, 1.2.3.4"


def test_a_thread_that_waits_for_bytes_has_given_its_seat_away():
    ours, theirs = socket.socketpair()
    seats, others = pace.Seats(1), []
    reader = pace.PacedUnreader(ours, seats)

    def read():
        seats.take()
        others.append(reader.chunk())
        seats.give_back()

    thread = threading.Thread(target=read)
    thread.start()
    until = time.monotonic() + 30
    while not seats._free.acquire(blocking=False):
        assert time.monotonic() < until
        time.sleep(0.01)
    seats._free.release()
    theirs.send(b"late")
    thread.join(30)
    assert others == [b"late"] and seats._free._value == 1


def test_who_sends_nothing_is_given_up_and_the_credit_of_the_fast_is_bounded(monkeypatch):
    ours, theirs = socket.socketpair()
    reader = pace.PacedUnreader(ours, pace.Seats(1))
    theirs.send(b"x" * 100_000)
    while reader.credit > 0 and reader._readable(0):
        reader.chunk(100_000)
    assert reader.credit == GRACE_SECONDS
    reader.credit = 0.05
    with pytest.raises(ConnectionResetError):
        reader.chunk()
