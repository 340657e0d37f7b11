"""The bits of damage have one home; the painter's script keeps a copy that must say the same."""

import re
from pathlib import Path

from photos.masks import classes

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "annotate/static/annotate/painter/document/mask.js"
ROOMS = ["photos", "annotate", "training", "pipeline", "evaluation"]
NAMES = "|".join(name.upper() for name in classes.CLASSES)


def test_the_script_numbers_the_classes_alike():
    found = re.findall(rf"^export const ({NAMES}) = (\d+);", SCRIPT.read_text(), re.MULTILINE)
    assert {name.lower(): int(bit) for name, bit in found} == classes.CLASSES


def test_each_class_is_a_bit_of_its_own():
    bits = list(classes.CLASSES.values())
    assert all(bit in {1 << place for place in range(8)} for bit in bits)
    assert len(set(bits)) == len(bits)
    assert sum(classes.BITS.values()) == classes.DEFECTS
    assert classes.KNOWN == classes.DEFECTS | classes.IGNORE


def test_no_other_module_numbers_them_again():
    again = re.compile(rf'\b({NAMES}) = (np\.uint8\()?\d|"fracture": 1, *"scuff": 2\b')
    places = [
        path.relative_to(ROOT)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts and again.search(path.read_text())
    ]
    assert places == [Path("photos/masks/classes.py")]
