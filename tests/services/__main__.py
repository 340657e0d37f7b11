"""`python -m tests.services`: starts what is installed, runs the tests marked `services`, stops it.

What is not installed is left out with a sentence, and the rest still has to pass. The tests
know the servers by DATABASE_URL, TEST_REDIS_URL, TEST_AMQP_URL and TEST_S3_URL.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

from tests.benchmarks import servers

PARTS = {
    "DATABASE_URL": servers.postgresql,
    "TEST_REDIS_URL": servers.redis,
    "TEST_AMQP_URL": servers.rabbitmq,
    "TEST_S3_URL": servers.s3,
}


def main(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    began, variables, left_out = time.monotonic(), {}, []
    with ExitStack() as stack:
        for name, start in PARTS.items():
            try:
                variables[name] = stack.enter_context(start()).address
            except servers.Missing as reason:
                left_out.append(str(reason))
        print(f"{len(variables)} servers after {time.monotonic() - began:.1f} s", flush=True)
        if "TEST_REDIS_URL" in variables:
            variables["CACHE_URL"] = variables["TEST_REDIS_URL"].replace("redis:", "rediscache:")
        command = [sys.executable, "-m", "pytest", "-m", "services", "-rs", *arguments]
        code = subprocess.call(command, env={**os.environ, "SERVICES": "1", **variables})
    for sentence in left_out:
        print(sentence)
    print(f"services: {time.monotonic() - began:.0f} s in all")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
