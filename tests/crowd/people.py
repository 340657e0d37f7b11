"""People who paint, vote and upload over HTTP, and remember what the site has acknowledged.

A request that got no answer, or a 5xx, is sent again as it was, like the pages do it. What was
acknowledged must be there at the end; what was not may be.
"""

import hashlib
import http.client
import json
import random
import secrets
import threading
import time
from urllib.parse import urlsplit

import numpy as np

from photos.masks.tiles import TILE, encode_tiles

MANY = 20  # strokes that the page sends without waiting any longer
SILENT = (OSError, http.client.HTTPException)
CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class Person(threading.Thread):
    """One signed-in browser with a kept-alive connection."""

    def __init__(self, address, session, seed, until, pause, arrive=0.0):
        super().__init__(daemon=True)
        self.arrive = max(arrive, pause)  # seconds within which everybody of this kind comes
        self.netloc = urlsplit(address).netloc
        self.random = random.Random(seed)
        self.until, self.pause = until, pause
        token = secrets.token_hex(16)
        self.headers = {"X-CSRFToken": token, "Cookie": f"csrftoken={token}"}
        if session:
            self.headers["Cookie"] += f"; sessionid={session}"
        self.connection = None
        self.times = []  # (what, milliseconds)
        self.errors = []
        self.retries = 0

    def once(self, method, path, body=b"", **headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.netloc, timeout=30)
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def ask(self, what, method, path, body=b"", **headers):
        """The answer, after as many tries as it takes; None when the time is over."""
        patience = self.until + 45
        while time.monotonic() < patience:
            start = time.perf_counter()
            try:
                status, said, head = self.once(method, path, body, **headers)
            except SILENT as error:
                stale = isinstance(error, CLOSED)
                self.connection = None
                if stale and not self.just_opened():
                    continue  # the server closes what was silent for a while, as it may
                self.retries += 1
                time.sleep(0.2)
                continue
            self.opened = False
            if status < 500:
                self.times.append((what, 1000 * (time.perf_counter() - start)))
                return status, said, head
            self.retries += 1
            self.errors.append(f"{what}: {status}")
            time.sleep(0.3)
        return None

    def just_opened(self):
        fresh, self.opened = getattr(self, "opened", False), True
        return fresh

    def run(self):
        time.sleep(self.random.uniform(0, self.arrive))
        while time.monotonic() < self.until:
            start = time.monotonic()
            try:
                if self.act() is False:
                    return
            except Exception as error:
                self.errors.append(f"{type(self).__name__}: {type(error).__name__}: {error}")
                time.sleep(1)
            time.sleep(max(0.0, self.pause - (time.monotonic() - start)))

    def refused(self, what, answer):
        if answer is not None:
            self.errors.append(f"{what}: {answer[0]} {answer[1][:120]!r}")


class Painter(Person):
    """A stroke at every turn; now and then the page, now and then the mask is handed in.

    Strokes are sent as `sync.js` sends them: `wait` seconds after the first that the server lacks,
    all in one request, one request at a time; whoever had to wait for an answer has painted on
    meanwhile. A page without a store of its own sends each at once: `wait` is 0.
    """

    def __init__(self, *args, submit_after=25, wait=0.0, **more):
        super().__init__(*args, **more)
        self.assignment, self.acknowledged, self.submitted = None, [], []
        self.submit_after, self.together = submit_after, max(1, min(MANY, round(wait / self.pause)))
        self.dice = np.random.default_rng(self.random.getrandbits(32))
        self.strokes = 0  # acknowledged

    def claim(self):
        answer = self.ask("page", "POST", "/annotate/claim/")
        place = answer[2].get("Location", "") if answer else ""
        if "/assignments/" not in place:
            return self.refused("claim", answer) if answer and answer[0] != 302 else None
        self.assignment = place.removesuffix("paint/")
        self.revision, self.seq, self.acked, self.client = 0, 0, 0, secrets.token_hex(6)
        self.tiles, self.pending, self.painted_at = {}, {}, time.monotonic()
        page = self.ask("page", "GET", place)
        if page and page[0] == 200:
            self.size = [
                int(page[1].partition(b'data-%s="' % n)[2].partition(b'"')[0])
                for n in (b"width", b"height")
            ]
        return True

    def act(self):
        if self.assignment is None and not self.claim():
            return None
        missed = int((time.monotonic() - self.painted_at) / self.pause)
        self.painted_at = time.monotonic()
        for _ in range(min(MANY, max(1, missed))):
            self.paint()
        if self.seq - self.acked < self.together and self.seq < self.submit_after:
            return None
        return self.save()

    def paint(self):
        """A stroke in a tile. What is sent of it later is the whole tile as it then is."""
        place = tuple(self.random.randrange(-(-side // TILE)) for side in self.size)
        width, height = (min(TILE, s - TILE * at) for s, at in zip(self.size, place, strict=True))
        tile = self.tiles.setdefault(place, np.zeros((TILE, TILE), np.uint8))
        # A crack from side to side, three pixels wide: noise takes many times as long to pack.
        row = self.dice.integers(height) + self.dice.integers(-1, 2, width).cumsum()
        for near in range(3):
            tile[np.clip(row + near, 0, height - 1), np.arange(width)] = 1
        self.pending[place], self.seq = tile, self.seq + 1

    def save(self):
        body = encode_tiles(self.pending)
        for _ in range(4):
            answer = self.ask(
                "stroke", "POST", f"{self.assignment}strokes/", body,
                **{"Content-Type": "application/octet-stream", "X-Client": self.client,
                   "X-Base-Revision": str(self.revision), "X-First-Seq": str(self.acked + 1),
                   "X-Last-Seq": str(self.seq), "X-Active-Seconds": str(self.seq)},
            )  # fmt: skip
            if answer is None:
                return None
            said = json.loads(answer[1]) if answer[0] in (200, 409) else {}
            if answer[0] == 200:
                self.revision, self.pending = said["revision"], {}
                self.strokes, self.acked = self.strokes + self.seq - self.acked, self.seq
                name = hashlib.sha256(body).hexdigest()
                self.acknowledged.append((self.assignment, self.client, self.seq, name))
                return self.hand_in() if self.seq >= self.submit_after else None
            if said.get("code") != "stale":
                break
            self.revision = said["revision"]
        self.assignment = None
        return self.refused("stroke", answer)

    def hand_in(self):
        width, height = self.size
        pixels = np.zeros((-(-height // TILE) * TILE, -(-width // TILE) * TILE), np.uint8)
        for (x, y), tile in self.tiles.items():
            pixels[y * TILE : (y + 1) * TILE, x * TILE : (x + 1) * TILE] = tile
        digest = hashlib.sha256(np.ascontiguousarray(pixels[:height, :width]).tobytes()).hexdigest()
        said = {"revision": self.revision, "digest": digest, "active_seconds": self.seq}
        answer = self.ask("submit", "POST", f"{self.assignment}submit/", json.dumps(said).encode())
        if answer and answer[0] == 200:
            self.submitted.append((self.assignment, digest))
        else:
            self.refused("submit", answer)
        self.assignment = None


class Voter(Person):
    """Looks at both pictures and decides."""

    def __init__(self, *args, study=1):
        super().__init__(*args)
        self.study, self.acknowledged, self.turn = study, [], 0

    def act(self):
        self.turn += 1
        if self.turn % 5 == 1:
            self.ask("page", "GET", f"/studies/{self.study}/vote/")
        held = self.ask("ballot", "POST", f"/api/v1/studies/{self.study}/ballot")
        if held is None or held[0] == 409:
            return False  # enough votes, or no time
        if held[0] != 200:
            return self.refused("ballot", held)
        ballot = json.loads(held[1])
        for image in ballot["images"]:
            self.ask("picture", "GET", urlsplit(image).path)
        said = {"outcome": self.random.choice(["left", "right"]), "seconds": 3.0}
        body = json.dumps(said).encode()
        path = f"/api/v1/ballots/{ballot['token']}/vote"
        answer = self.ask("vote", "POST", path, body, **{"Content-Type": "application/json"})
        if answer and answer[0] == 200:
            self.acknowledged.append((ballot["token"], said["outcome"]))
            return None
        return self.refused("vote", answer)


class Uploader(Person):
    """Sends a photograph and looks how far it is; a visitor without an account."""

    def __init__(self, *args, photo=None):
        super().__init__(*args)
        self.photo, self.acknowledged = photo, []

    def act(self):
        border = secrets.token_hex(8)
        file = self.photo(self.random.getrandbits(32))
        body = (
            (
                f'--{border}\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n'
                "Content-Type: image/png\r\n\r\n"
            ).encode()
            + file
            + f"\r\n--{border}--\r\n".encode()
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        answer = self.ask("upload", "POST", "/api/v1/restorations/", body, **kind)
        if answer is None or answer[0] != 201:
            return self.refused("upload", answer)
        self.acknowledged.append(json.loads(answer[1])["token"])
        for page in ("/", "/restore/", f"/restore/{self.acknowledged[-1]}/"):
            self.ask("page", "GET", page)
        return None
