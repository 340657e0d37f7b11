"""The classes of damage as bits of a mask, in one place; the scripts keep a checked copy."""

FRACTURE = 1
SCUFF = 2
HOLE = 4
IGNORE = 128
DAMAGE_FROM = 128  # of 255: a grey value from here on is damage in a file without classes
CLASSES: dict[str, int] = {"fracture": FRACTURE, "scuff": SCUFF, "hole": HOLE, "ignore": IGNORE}
DEFECTS = FRACTURE | SCUFF | HOLE
KNOWN = DEFECTS | IGNORE
