"""The classes of damage as bits of a mask, in one place; the scripts keep a checked copy."""

FRACTURE = 1
SCUFF = 2
HOLE = 4
IGNORE = 128
DAMAGE_FROM = 128  # of 255: a grey value from here on is damage in a file without classes
BITS: dict[str, int] = {"fracture": FRACTURE, "scuff": SCUFF, "hole": HOLE}
"""Of damage, in the order of the networks' planes."""
CLASSES: dict[str, int] = BITS | {"ignore": IGNORE}
DEFECTS = FRACTURE | SCUFF | HOLE
KNOWN = DEFECTS | IGNORE
