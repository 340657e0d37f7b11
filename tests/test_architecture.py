"""The map is kept: import contracts, room names, sizes, closed views, no traces of anything else."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from config.web.roles import PUBLIC, ROLES, SIGNED_IN, allowed_roles

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["config", "accounts", "jobs", "photos", "annotate", "training", "pipeline", "evaluation"]
NAMELESS = {"utils", "helpers", "common", "misc", "core", "base", "lib", "shared"}


def sources():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def views(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


def test_import_contracts_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_no_room_has_a_name_that_says_nothing():
    assert not [path for path in sources() if path.stem in NAMELESS]


def test_no_python_file_outgrows_its_room():
    assert not [path for path in sources() if len(path.read_text().splitlines()) > 400]


def test_no_function_is_longer_than_a_screen():
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 80:
                found.append(f"{path.name}:{node.name}")
    assert not [
        name
        for name in found
        if not name.startswith(("segmentation.py", "inpainting.py", "colorization.py"))
    ]


def test_every_module_says_what_lives_here():
    assert not [
        path
        for path in sources()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]


@pytest.mark.django_db
def test_every_view_says_who_may_enter():
    known = {*ROLES, PUBLIC, SIGNED_IN}
    closed = [route for route, view in views() if not allowed_roles(view)]
    assert not closed, f"these views name no role: {closed}"
    assert all(allowed_roles(view) <= known for _, view in views())


def test_the_site_loads_without_what_is_slow_to_load(tmp_path):
    code = "import django; django.setup(); import config.urls, sys; from django.urls import get_resolver; get_resolver().url_patterns; print({'torch', 'onnxruntime', 'scipy.special', 'scipy.optimize', 'scipy.sparse', 'scipy.stats', 'skimage.morphology'} & set(sys.modules) or 'none')"
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HEIRLOOM_VAR": str(tmp_path),
        "PATH": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == "none", done.stdout + done.stderr
