"""The embedded broker: hints a second and latency, beside kombu's own file transport."""

import tempfile
import time
from pathlib import Path

from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["embedded"] = "jobs.broker:Transport"
MESSAGES = 500


def pass_through(connection: Connection) -> float:
    """Seconds to send and take MESSAGES hints."""
    with connection as open_connection:
        queue = open_connection.SimpleQueue("bench")
        start = time.perf_counter()
        for number in range(MESSAGES):
            queue.put({"number": number})
        for _ in range(MESSAGES):
            queue.get(block=True, timeout=5).ack()
        return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = pass_through(
            Connection("embedded://here", transport_options={"path": f"{folder}/broker.sqlite3"})
        )
        for name in ("in", "done"):
            (Path(folder) / name).mkdir()
        options = {
            "data_folder_in": f"{folder}/in",
            "data_folder_out": f"{folder}/in",
            "processed_folder": f"{folder}/done",
            "control_folder": f"{folder}/control",
        }
        theirs = pass_through(Connection("filesystem://", transport_options=options))
    print(f"embedded    {MESSAGES / ours:7.0f} hints/s")
    print(f"filesystem  {MESSAGES / theirs:7.0f} hints/s   ratio {theirs / ours:.2f}")
