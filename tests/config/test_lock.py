"""What is installed is what was tried: a lock with hashes, and ceilings for all that has none."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
LISTS = sorted(ROOT.glob("requirements*.txt"))


def wanted(path):
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r")]


def locked():
    blocks = re.split(r"^(?=\w)", (ROOT / "requirements.lock").read_text(), flags=re.M)[1:]
    return {block.split("==")[0]: block for block in blocks}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_package_has_a_ceiling(path):
    for one in wanted(path):
        assert {"<", "=="} & {each.operator for each in one.specifier}, f"{one} may grow for ever"


def test_the_lock_fits_the_list():
    found = locked()
    for one in wanted(ROOT / "requirements.txt"):
        if one.name == "torch":  # its files differ by index
            continue
        number = re.match(r"[\w-]+==(\S+)", found[canonicalize_name(one.name)]).group(1)
        assert one.specifier.contains(number), f"run `make lock`: {one} is locked at {number}"


def test_each_locked_package_has_the_hashes_of_its_files():
    for name, block in locked().items():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), name


def test_the_lock_suits_every_machine():
    text = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"^(torch|triton|nvidia|cuda)\b", text, re.M)
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|/\w+/", text)
