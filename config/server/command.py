"""How the web server is started: by `manage.py up`, and by what attacks and measures it."""

import sys

KEEP_ALIVE = "20"  # seconds: a painter's page saves every three, and a proxy keeps its connections
SEATS = 8  # requests computed at once in a process
THREADS_PER_SEAT = 3  # the others wait for bytes, or send


def web_command(host: str, port: int, *, workers: int, as_json: bool) -> list[str]:
    """The command line of gunicorn with the worker of this package."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{port}"]
    command += ["--worker-class", "config.server.worker.PatientWorker", "--workers", str(workers)]
    command += ["--threads", str(SEATS * THREADS_PER_SEAT), "--keep-alive", KEEP_ALIVE]
    command += ["--timeout", "120", "--log-level", "warning"]
    kind = "JsonLogger" if as_json else "QuietLogger"
    return [*command, "--logger-class", f"config.server.logging.{kind}"]
