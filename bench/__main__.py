"""`python -m bench [NAME...]`: runs every benchmark of this folder, or the named ones."""

import pkgutil
import sys
from importlib import import_module

import bench


def main(names: list[str]) -> int:
    known = [
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"
    ]
    if unknown := set(names) - set(known):
        print(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}",
            file=sys.stderr,
        )
        return 2
    for name in names or known:
        print(f"\n== {name}")
        import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
