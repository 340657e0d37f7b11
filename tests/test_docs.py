"""Documentation is tested: settings are all named, links lead somewhere, commands exist."""

import re
from importlib.util import find_spec
from pathlib import Path

from django.core.management import get_commands

from tests.test_architecture import ROOMS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
MODULE = re.compile(r"python -m ((?:bench|tests|training|pipeline|annotate|jobs)(?:\.\w+)*)")


def test_settings_page_names_every_variable():
    parts = ("settings.py", "env.py", "web/api_settings.py")
    code = "".join((ROOT / "config" / part).read_text() for part in parts)
    used = set(re.findall(r"env(?:\.\w+)?\(\s*['\"]([A-Z0-9_]+)['\"]", code))
    named = set(
        re.findall(r"^\| `([A-Z0-9_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.M)
    )
    assert used == named


def test_links_between_pages_lead_somewhere():
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text()):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert not broken


def test_commands_in_the_docs_exist():
    commands = get_commands()
    for page in PAGES:
        for name in re.findall(r"manage\.py ([a-z_]+)", page.read_text()):
            assert name in commands, f"{page.name} names manage.py {name}"


def test_modules_that_pages_and_docstrings_run_exist():
    texts = [*PAGES, *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    named = {name for path in texts for name in MODULE.findall(path.read_text())}
    assert "training.trainers" in named
    assert not [name for name in named if not find_spec(name)]


def test_readme_names_the_two_commands():
    text = (ROOT / "README.md").read_text()
    assert "make run" in text
    assert "make test" in text
