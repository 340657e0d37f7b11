"""The mask painter in a real Chromium on the product's own server: what a person waits for.

Prints the table of measures beside their targets. `BENCH_STROKES` shortens the run (200),
`BENCH_MEGAPIXELS=48` takes a larger scan (12). What the server answers a second is measured by
`tests.benchmarks.queue`.
"""

import os
import tempfile

from tests.benchmarks.painter import browsing, serving
from tests.benchmarks.painter.scan import HEIGHT, WIDTH
from tests.benchmarks.painter.table import show


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HEIRLOOM_VAR=folder, DATABASE_URL="", SECRET_KEY="", DEMO="0")
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings", DJANGO_ALLOW_ASYNC_UNSAFE="true"
        )
        key, path = serving.lay_out()
        print(f"a scan of {WIDTH} x {HEIGHT} pixels")
        print(f"host load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
        with serving.served() as address:
            show(browsing.drive(f"{address}{path}", key, f"{folder}/profile"))
        print(f"host load {os.getloadavg()[0]:.1f} at the end")
