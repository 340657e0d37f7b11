"""`make test-attack`: every attack in turn, each with its figure; the exit code says whether all held."""

import importlib
import sys

ATTACKS = ("slow", "disk")


def main() -> int:
    wanted, missed = sys.argv[1:] or ATTACKS, []
    for name in wanted:
        print(f"--- {name}", flush=True)
        if importlib.import_module(f"tests.attack.{name}").main([]):
            missed.append(name)
    print(f"MISSES: {', '.join(missed)}" if missed else "holds: every attack")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
