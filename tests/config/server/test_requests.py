"""What browsers and programs send in good faith reaches the site whole, in whatever pieces it comes."""

import http.client
import json
import socket

import pytest

from tests.attack import servers
from tests.pipeline.test_killed_server import SCAN

pytestmark = [pytest.mark.slow, pytest.mark.alone]
GET = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
BORDER = b"----x"


@pytest.fixture(scope="module")
def port(begun):
    with servers.served("ours", begun(), LOG_FORMAT="json", UPLOADS_PER_HOUR="1000") as port:
        yield port


@pytest.fixture
def line(port):
    with socket.create_connection(("127.0.0.1", port), 120) as line:
        yield line


def form(content):
    head = b'Content-Disposition: form-data; name="photo"; filename="a.tif"\r\n\r\n'
    return b"--" + BORDER + b"\r\n" + head + content + b"\r\n--" + BORDER + b"--\r\n"


def post(body, more=b"", length=True):
    head = b"POST /api/v1/restorations/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head += b"Content-Type: multipart/form-data; boundary=" + BORDER + b"\r\n" + more
    return head + (b"Content-Length: %d\r\n" % len(body) if length else b"") + b"\r\n"


def answer_of(line):
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer.status, answer.read()


def test_three_requests_in_one_piece_have_three_answers(line):
    line.sendall(GET * 3)
    assert [answer_of(line)[0] for _ in range(3)] == [200] * 3


def test_a_request_in_pieces_of_a_byte(line):
    for byte in GET:
        line.sendall(bytes([byte]))
    assert answer_of(line)[0] == 200


def test_a_large_form_arrives_whole(line):
    body = form(SCAN)
    line.sendall(post(body) + body)
    status, said = answer_of(line)
    assert status == 201, said
    line.sendall(GET)
    assert answer_of(line)[0] == 200


def test_who_waits_for_100_continue_is_asked(line):
    body = form(SCAN)
    line.sendall(post(body, b"Expect: 100-continue\r\n"))
    assert line.recv(1000).startswith(b"HTTP/1.1 100 ")
    line.sendall(body)
    status, said = answer_of(line)
    assert status == 201, said


def test_a_body_that_is_refused_unread_still_has_its_answer(line):
    line.sendall(post(b"x" * 900_000_000) + b"x" * 3_000_000)
    status, said = answer_of(line)
    assert status in (400, 413), said


def test_a_small_body_in_chunks_is_read_to_its_end(line):
    head = b"POST /api/v1/token/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    line.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")
    line.sendall(b"0\r\n\r\n")
    status, said = answer_of(line)
    assert status == 400 and "username" in json.loads(said)
    line.sendall(GET)
    assert answer_of(line)[0] == 200


@pytest.mark.parametrize(
    "head", [b"GET / HTTP/1.1\r\nHost: a b\r\nContent-Length: -1\r\n\r\n", b"rubbish\r\n\r\n"]
)
def test_what_is_no_request_is_refused_and_the_line_closed(line, head):
    line.sendall(head)
    assert answer_of(line)[0] == 400
    assert line.recv(10) == b""
