"""The table: what was measured beside what was promised."""

import statistics

ROWS = [
    ("open to paintable, ms", "opened", 1500),
    ("first load, MB", "loaded", 6),
    ("pointer move to painted, p50, ms", "move50", 12),
    ("pointer move to painted, p95, ms", "move95", 16),
    ("growth of p50 after 1,000 strokes, %", "growth", 10),
    ("release to painted, strokes 2-10, p50, ms", "early", 40),
    ("release to painted, last 50 strokes, p50, ms", "late", 40),
    ("long tasks in the last 50 strokes", "long", 0),
    ("undo to painted, p50, ms", "undo", 25),
    ("redo to painted, p50, ms", "redo", 40),
    ("zoom step, p50, ms", "zoom", 50),
    ("reload to paintable, ms", "reloaded", 1000),
    ("submit, click to response, ms", "submit", 300),
    ("body of a thin-defect mask, kB", "body", 60),
    ("strokes lost after kill -9", "killed", 0),
    ("memory of the tab, MB", "memory", 600),
]


def show(found: dict[str, float]) -> None:
    """Each target is the most that holds it."""
    print(f"\n{'measure':46} {'found':>9} {'target':>9}")
    for name, key, target in ROWS:
        if key not in found:
            continue
        value = found[key]
        print(f"{name:46} {value:9.1f}   <={target:5} {'' if value <= target else 'missed'}")
    if "scribble" in found:
        print(f"\nbody of the mask that the strokes left (no target): {found['scribble']:.1f} kB")
    if "blank50" in found:
        blank = f"{found['blank50']:.1f} / {found['blank95']:.1f} ms"
        print(f"\na blank page under the same hand, move p50 / p95: {blank}")
        print(f"a key on it until two frames later, p50: {found['blankkey']:.1f} ms")


def middle(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def high(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))] if values else float("nan")
