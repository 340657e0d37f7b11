"""The child in which a stranger's graph is read and run: `python -m training.foreign.child`.

Orders come on standard input: first one JSON line with limits and what to do, then for each run a
JSON line and the bytes of its arrays. Answers go the same way to standard output. Nothing is
pickled, the environment is empty, and the limits stand before the file is opened.
"""

import json
import os
import select
import sys
from pathlib import Path
from typing import Any

from config.words.said import plain, said
from photos import confinement
from training.foreign.limits import GraphError, RunLimits

IDLE_SECONDS = 60  # without an order it ends: a large graph holds memory
LIFE_SECONDS = 24 * 3600  # of computing, whatever is asked for
ONLY_READING = 1  # byte of any file while it serves


def main() -> int:
    """Answers until standard input ends, or nothing came for a while; exit code."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints must not stand among answers
    orders = os.fdopen(0, "rb", buffering=0)
    order = json.loads(_line(orders))
    limits = RunLimits(**order["limits"] | {"providers": tuple(order["limits"]["providers"])})
    confinement.leave_the_network()  # before any thread
    writes = order.get("writes", ONLY_READING)
    confinement.confine(
        memory=limits.bounded, cpu_seconds=min(LIFE_SECONDS, 10**6), file_bytes=writes
    )
    confinement.allow_seconds(limits.cpu_seconds)
    try:
        if "examine" in order:
            _tell(answers, _examined(order))
            return 0
        _serve(orders, answers, order, limits)
    except MemoryError:
        _tell(answers, {"refused": plain(limits.too_much_memory)})
    except GraphError as error:
        _tell(answers, {"refused": plain(error.said)})
    except Exception as error:
        _tell(answers, {"refused": plain(said("graph.unreadable", error=type(error).__name__))})
    return 0


def _examined(order: dict[str, Any]) -> dict[str, Any]:
    from training.foreign import adapters, graphs

    path, whole = Path(order["examine"]), Path(order["whole"])
    return {"facts": graphs.examine(path, adapters.of_table(order["adapter"]), whole)}


def _serve(orders: Any, answers: Any, order: dict[str, Any], limits: RunLimits) -> None:
    session = _session(order["model"], limits)
    status = _own_status()  # while files may be opened
    confinement.open_nothing_more()
    _tell(answers, {"ready": True})
    while select.select([orders], [], [], IDLE_SECONDS)[0]:
        head = _line(orders)
        if not head:
            return
        confinement.allow_seconds(limits.cpu_seconds)
        _run(session, orders, answers, json.loads(head), limits, status)


def _session(path: str, limits: RunLimits) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = limits.threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = False  # what one tile took is given back
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(path, options, providers=list(limits.providers))
    except Exception as error:
        raise _refused(error, limits, opened=False) from error


def _run(
    session: Any,
    orders: Any,
    answers: Any,
    head: dict[str, Any],
    limits: RunLimits,
    status: int | None,
) -> None:
    import numpy as np

    feeds = {}
    for name, shape in head["inputs"]:
        array = np.frombuffer(_exactly(orders, 4 * int(np.prod(shape))), np.float32)
        feeds[name] = array.reshape(shape)
    try:
        found = np.asarray(session.run([head["output"]], feeds)[0])
    except Exception as error:
        raise _refused(error, limits, opened=True) from error
    if found.dtype != np.float32:
        raise GraphError(said("graph.other-numbers", kind=str(found.dtype)))
    _tell(answers, {"shape": list(found.shape), "peak": _peak(status)})
    _write(answers, np.ascontiguousarray(found).tobytes())


def _own_status() -> int | None:
    """Linux's table of this process, open; None elsewhere."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return None


def _peak(status: int | None) -> int:
    """Bytes of this process at most so far.

    Linux's `ru_maxrss` begins with what the parent held when it started this one, so a large
    worker would be told as the graph's own memory.
    """
    if status is None:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    said = os.pread(status, 1 << 14, 0).decode()
    return 1024 * int(said.partition("VmHWM:")[2].split()[0])


def _refused(error: Exception, limits: RunLimits, *, opened: bool) -> GraphError:
    detail = " ".join(str(error).split())
    short = any(word in detail.lower() for word in ("bad_alloc", "memory", "allocat"))
    if short or isinstance(error, MemoryError):
        return GraphError(limits.too_much_memory)
    if opened:
        return GraphError(said("graph.not-run", detail=detail[:300]))
    return GraphError(said("graph.not-opened", detail=detail[:300]))


def _tell(answers: Any, told: dict[str, Any]) -> None:
    _write(answers, json.dumps(told).encode() + b"\n")


def _write(answers: Any, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[answers.write(left) :]


def _line(orders: Any) -> bytes:
    """Up to a newline, byte for byte: what follows it are arrays."""
    found = bytearray()
    while (byte := orders.read(1)) and byte != b"\n":
        found += byte
    return bytes(found)


def _exactly(orders: Any, count: int) -> bytearray:
    found = bytearray()
    while len(found) < count:
        more = orders.read(min(2**20, count - len(found)))
        if not more:
            raise GraphError(said("graph.order-ended"))
        found += more
    return found


if __name__ == "__main__":
    sys.exit(main())
