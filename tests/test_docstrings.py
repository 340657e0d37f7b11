"""Whoever calls the science learns from its docstrings what an array holds."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCIENCE = (
    "photos/masks",
    "training/networks",
    "training/augmentation",
    "training/imaging",
    "training/measuring",
    "training/probes",
    "training/labels",
    "training/trainers",
    "pipeline/engine",
    "evaluation/statistics",
)
SHAPE = re.compile(
    r"\b\w+'? x \w|\([A-Z][\w+* ]*,|\(\w+,\)|\b[A-Z],|\bN\b|\bshape|\bscalar"  # sides
    r"|\bpx\b|\b[Pp]ixels?\b|\blevels?\b|\blogits?\b|\bdB\b|\bprobabilit"
    r"|\d\.\.\d|\b0/1\b|\b0 or 1\b|\buint8\b|\bbool"  # what is in it
)
ARRAY = re.compile(r"\b(NDArray|ndarray|Tensor)\b")


def public(tree):
    """(name, function, docstring of its class) of everything public in a module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node, ""
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    told = ast.get_docstring(node) if part.name == "forward" else ""
                    yield f"{node.name}.{part.name}", part, told or ""


def arrays_named_in(tree, shared):
    """A pattern of whatever stands for an array in a module: the types and short names of them."""
    mine = {
        node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Subscript)
        and ARRAY.search(ast.unparse(node.value.value))
    }
    taken = {
        name.asname or name.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name in shared
    }
    return mine, taken


def untold(source, shared=()):
    """Public functions with arrays in their signature and neither shape nor unit in the text."""
    tree = ast.parse(source)
    mine, taken = arrays_named_in(tree, shared)
    arrays = re.compile("|".join([ARRAY.pattern, *(rf"\b{name}\b" for name in mine | taken)]))
    for name, function, of_class in public(tree):
        returns = ast.unparse(function.returns) if function.returns else ""
        signature = f"{ast.unparse(function.args)} {returns}"
        told = f"{ast.get_docstring(function) or ''} {of_class}"
        if arrays.search(signature) and not SHAPE.search(told):
            yield name


def modules():
    return [path for room in SCIENCE for path in sorted((ROOT / room).rglob("*.py"))]


def test_every_array_of_the_science_has_a_shape_or_a_unit():
    sources = {path: path.read_text() for path in modules()}
    shared = set().union(*(arrays_named_in(ast.parse(text), ())[0] for text in sources.values()))
    missing = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, text in sources.items()
        for name in untold(text, shared)
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("room", SCIENCE)
def test_rooms_of_the_science_hold_modules(room):
    assert list((ROOT / room).rglob("*.py"))


def test_a_docstring_without_shape_is_found():
    head = "from numpy.typing import NDArray\nPlane = NDArray[int]\n"
    vague = 'def blur(plane: Plane) -> Plane:\n    """A softer one."""\n'
    told = 'def blur(plane: Plane) -> Plane:\n    """H x W, softer."""\n'
    assert list(untold(head + vague)) == ["blur"]
    assert list(untold(head + told)) == []
    assert list(untold(vague, {"Plane"})) == []  # a name of this module, not an array
    assert list(untold(f"from .planes import Plane\n{vague}", {"Plane"})) == ["blur"]
