"""The glossary: one meaning a word, in order, and what it names is there."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "glossary.md"
SOURCES = ("*.js", "*.py", "*.md")
OUTSIDE = {"node_modules", ".venv", "var", ".git", "tests"}


def rows():
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def files():
    rooms = [place for place in ROOT.iterdir() if place.is_dir() and place.name not in OUTSIDE]
    return {path.name for room in rooms for kind in SOURCES for path in room.rglob(kind)}


def test_each_word_stands_once_and_in_order():
    words = [word.lower() for word, *_ in rows()]
    assert len(words) >= 60
    assert words == sorted(set(words))


def test_each_word_has_one_meaning_and_a_place_to_go_on():
    for word, *rest in rows():
        assert len(rest) == 2, f"{word}: a row is word, meaning and see"
        assert all(rest), f"{word} lacks its meaning or its place"
    meanings = [meaning for _, meaning, _ in rows()]
    assert len(set(meanings)) == len(meanings)


def test_what_the_glossary_names_exists():
    known = {model.__name__ for model in apps.get_models()} | files()
    for word, _, see in rows():
        for name in re.findall(r"`([^`]+)`", see):
            assert name in known, f"{word}: there is no {name}"
        for page in re.findall(r"\]\(([^)#]+)", see):
            assert (PAGE.parent / page).is_file(), f"{word}: there is no {page}"
        assert re.search(r"`|\]\(", see), f"{word} names nothing"
