"""Only so many requests compute at once, and none of them while it waits for its visitor."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.web.concurrency import AT_ONCE, SMALL, Turns


class Site:
    """Answers with the body it read, once it may; counts who is inside."""

    def __init__(self):
        self.lock, self.inside, self.most = threading.Lock(), 0, 0
        self.full, self.go = threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            if self.inside == AT_ONCE:
                self.full.set()
        assert self.go.wait(30)
        with self.lock:
            self.inside -= 1
        return [environ["wsgi.input"].read()]


def ask(body=b"", **more):
    return {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **more}


def test_more_threads_than_turns_wait():
    site = Site()
    turns = Turns(site)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(turns, ask(b"%d" % n), None) for n in range(8)]
        assert site.full.wait(30)
        site.go.set()
        assert [one.result() for one in asked] == [[b"%d" % n] for n in range(8)]
    assert site.most == AT_ONCE


@pytest.mark.parametrize(
    "large", [{"CONTENT_LENGTH": str(SMALL + 1)}, {"HTTP_TRANSFER_ENCODING": "chunked"}]
)
def test_a_large_body_needs_no_turn(large):
    site = Site()
    turns = Turns(site)
    with ThreadPoolExecutor(8) as threads:
        held = [threads.submit(turns, ask(), None) for _ in range(AT_ONCE)]
        assert site.full.wait(30)
        turns.application = lambda *_: [b"passed"]
        assert threads.submit(turns, ask(**large), None).result(30) == [b"passed"]
        site.go.set()
        assert [one.result() for one in held] == [[b""]] * AT_ONCE


def test_who_sends_slowly_holds_no_turn():
    sent = threading.Event()

    class Slow:
        def read(self, size):
            assert sent.wait(30)
            return b"x" * size

    turns = Turns(lambda environ, _: [environ["wsgi.input"].read()])
    with ThreadPoolExecutor(8) as threads:
        slow = {"CONTENT_LENGTH": "2", "wsgi.input": Slow()}
        sending = [threads.submit(turns, dict(slow), None) for _ in range(AT_ONCE)]
        assert threads.submit(turns, ask(b"quick"), None).result(30) == [b"quick"]
        sent.set()
        assert [one.result() for one in sending] == [[b"xx"]] * AT_ONCE


def test_a_painters_save_comes_before_what_came_before_it():
    site, order = Site(), []
    turns = Turns(site)
    with ThreadPoolExecutor(8) as threads:
        for _ in range(AT_ONCE):
            threads.submit(turns, ask(), None)
        assert site.full.wait(30)
        turns.application = lambda environ, _: order.append(environ["PATH_INFO"]) or []
        paths = ("/first/", "/second/", "/assignments/1/strokes/")
        asked = []
        for number, path in enumerate(paths, 1):
            asked.append(threads.submit(turns, ask(PATH_INFO=path), None))
            while len(turns.soon) + len(turns.later) < number:
                assert not asked[-1].done()
                time.sleep(0.001)
        turns.give_on()  # a single turn, so that they come one after the other
        for one in asked:
            one.result(30)
        site.go.set()
    assert order == ["/assignments/1/strokes/", "/first/", "/second/"]


def test_a_fault_gives_the_turn_back():
    def broken(environ, start_response):
        raise ValueError("broken")

    turns = Turns(broken)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ValueError, match="broken"):
            turns(ask(), None)


def test_the_site_takes_turns():
    from config.wsgi import application

    assert isinstance(application, Turns)
