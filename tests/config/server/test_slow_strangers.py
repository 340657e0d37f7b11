"""The site under sockets that send half a request: pages stay under a second, uploads go on."""

import socket
import time

import pytest

from config.server.worker import ARRIVING_PER_ADDRESS
from tests.attack import servers, slow

pytestmark = [pytest.mark.slow, pytest.mark.alone]


@pytest.fixture(scope="module")
def port(begun):
    with servers.served("ours", begun()) as port:
        yield port


@pytest.mark.parametrize("name", slow.ATTACKS)
def test_pages_are_there_within_a_second(port, name):
    worst, pages = slow.slowest(port, name, seconds=6.0)
    assert pages and worst < 1.0


def test_all_of_them_at_once(port):
    with slow.held(port, "silent"), slow.held(port, "slow bodies"):
        assert max(servers.answers(port) for _ in range(5)) < 1.0


def test_half_a_head_ends_with_a_sentence_and_a_closed_line(port):
    line = socket.create_connection(("127.0.0.1", port), 60)
    began = time.monotonic()
    line.sendall(slow.HALF)
    assert b"408" in line.recv(1000)
    assert 5 < time.monotonic() - began < 30
    line.close()


def test_one_address_has_its_share_and_others_theirs(port):
    lines = [slow._connect(port, "127.0.0.77", slow.HALF) for _ in range(60)]
    answered = servers.answers(port, source="127.0.0.78")
    for line in lines:
        line.settimeout(60)
    said = [line.recv(1000) for line in lines]
    [line.close() for line in lines]
    assert answered < 1.0
    share = ARRIVING_PER_ADDRESS
    assert all(b" 429 " in each for each in said[share:])  # told at once
    assert all(b" 408 " in each for each in said[:share])  # had ten seconds for their heads


def test_half_of_a_second_request_on_the_same_line_holds_no_thread(port):
    whole = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    lines = [slow._connect(port, f"127.0.0.{9 + n % 8}", whole + slow.HALF) for n in range(60)]
    assert max(servers.answers(port) for _ in range(5)) < 1.0
    [line.close() for line in lines]


def test_who_does_not_read_the_answer_holds_no_seat(port):
    asked = b"GET /static/heirloom.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    lines = [slow._connect(port, f"127.0.0.{9 + n % 8}", asked * 200) for n in range(16)]
    assert max(servers.answers(port) for _ in range(5)) < 1.0
    [line.close() for line in lines]
