"""The worker stands on private parts of gunicorn: a release that changes them is looked at first."""

import ast
import hashlib
import inspect
import textwrap

from gunicorn.http.parser import Parser
from gunicorn.http.unreader import SocketUnreader, Unreader
from gunicorn.workers.gthread import PollableMethodQueue, TConn, ThreadWorker

from config.server.pace import PacedUnreader
from config.server.worker import PatientWorker

KNOWN = {
    "ThreadWorker": "aec616aa5a78bec9",
    "TConn": "5a5062184908ac12",
    "PollableMethodQueue": "2f91af2de532c773",
    "Parser": "fe90a902b9496820",
    "Unreader": "b7c0f75093f8af29",
    "SocketUnreader": "e3b76e1e59121236",
}
PARTS = (ThreadWorker, TConn, PollableMethodQueue, Parser, Unreader, SocketUnreader)
OURS = {"load_wsgi", "enqueue_req", "murder_pending", "_keepalive_after", "__init__"}


def digest_of(part):
    """Of what it does: comments and the formatting of a release do not count."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(part)))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()[:16]


def test_gunicorns_private_parts_are_those_that_were_attacked():
    """It failed: read what changed, run `make test-attack`, then write the new digests down."""
    assert {part.__name__: digest_of(part) for part in PARTS} == KNOWN


def test_what_the_worker_replaces_is_there_to_be_replaced():
    own = {name for name, value in vars(PatientWorker).items() if inspect.isfunction(value)}
    replaced = {name for name in own if hasattr(ThreadWorker, name)}
    assert replaced == OURS
    for name in OURS - {"__init__"}:
        ours, theirs = getattr(PatientWorker, name), getattr(ThreadWorker, name)
        assert list(inspect.signature(ours).parameters) == list(
            inspect.signature(theirs).parameters
        )
    assert issubclass(PacedUnreader, SocketUnreader | Unreader)
