"""What is known of a request that is still on its way: how much is missing, and until when.

Pure: bytes go in, a verdict comes out. Here a head is read only as far as receiving it needs;
gunicorn reads it properly, and refuses it, afterwards.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

HEAD_SECONDS = 10.0  # from the first byte (or the opening) to the end of the head
GRACE_SECONDS = 10.0  # a body may stand still for so long
SLOWEST = 4096  # bytes a second that a body must come on with in the long run
HEAD_BYTES = 64 << 10  # gunicorn itself refuses lines of over 8 kB and over 100 of them
INLINE_BYTES = 256 << 10  # of a body, before a thread is given to it

LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.I)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.I)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.I)
FORWARDED = re.compile(rb"\r\nx-forwarded-for:([^\r\n]*)", re.I)


class Verdict(Enum):
    """What the worker does next with a connection."""

    WAIT = "wait"
    READY = "ready"
    TOO_LARGE = "too large"


@dataclass
class Arrival:
    """One request on its way in; `now` is always the clock of the caller, in seconds."""

    deadline: float
    received: bytearray = field(default_factory=bytearray)
    head_end: int = 0  # 0: the head is not whole yet
    body_bytes: int = 0  # of which there are to come, INLINE_BYTES at most
    chunked: bool = False

    @classmethod
    def at(cls, now: float, received: bytes = b"") -> "Arrival":
        arrival = cls(now + HEAD_SECONDS)
        arrival.received += received
        return arrival

    def take(self, data: bytes, now: float) -> Verdict:
        self.received += data
        if self.head_end:
            self.deadline = min(now + GRACE_SECONDS, self.deadline + len(data) / SLOWEST)
            return self._body()
        return self._head(len(data), now)

    def _head(self, fresh: int, now: float) -> Verdict:
        end = self.received.find(b"\r\n\r\n", max(0, len(self.received) - fresh - 3))
        if end < 0:
            return Verdict.TOO_LARGE if len(self.received) > HEAD_BYTES else Verdict.WAIT
        self.head_end = end + 4
        self.deadline = now + GRACE_SECONDS
        length = LENGTH.search(self.head)
        self.chunked = CHUNKED.search(self.head) is not None
        self.body_bytes = min(int(length[1]), INLINE_BYTES) if length else 0
        return self._body()

    def _body(self) -> Verdict:
        there = len(self.received) - self.head_end
        if self.chunked and there < INLINE_BYTES:
            whole = self.received.endswith(b"\r\n\r\n") and there >= len(b"0\r\n\r\n")
            return Verdict.READY if whole else Verdict.WAIT
        return Verdict.READY if there >= self.body_bytes else Verdict.WAIT

    @property
    def head(self) -> bytes:
        return bytes(self.received[: self.head_end])

    @property
    def waits_to_be_asked(self) -> bool:
        """The body comes only after "100 Continue"."""
        return bool(self.head_end) and EXPECTS.search(self.head) is not None

    @property
    def forwarded_for(self) -> str:
        """All `X-Forwarded-For` lines in their order; a caller may have sent some of its own."""
        return ",".join(found.decode("latin-1") for found in FORWARDED.findall(self.head))
