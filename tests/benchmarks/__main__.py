"""`python -m tests.benchmarks [NAME...]`: runs every short benchmark of this folder, or the named ones."""

import ast
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import tests.benchmarks

LONG = ("crowd", "exporting", "hostile")  # minutes each: run when they are named


def measures(name: str) -> bool:
    """Some modules of this folder are tools of the others and measure nothing themselves."""
    place = Path(tests.benchmarks.__path__[0]) / name
    source = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    tree = ast.parse(source.read_text())
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def main(names: list[str]) -> int:
    known = [
        name for _, name, _ in pkgutil.iter_modules(tests.benchmarks.__path__) if measures(name)
    ]
    known.remove("__main__")
    if unknown := set(names) - set(known):
        print(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}",
            file=sys.stderr,
        )
        return 2
    for name in names or [name for name in known if name not in LONG]:
        print(f"\n== {name}")
        import_module(f"tests.benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
