"""A QR code as a path of SVG, drawn here: the key in it must reach no other service."""

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it, which readers need


@dataclass(frozen=True)
class Drawing:
    """A square of `side` units, white, and the path of its dark modules of one unit each."""

    side: int
    path: str


def drawn(text: str) -> Drawing:
    """The code of a text. Raises `segno.DataOverflowError` beyond 2,331 bytes."""
    code = segno.make_qr(text, error="m")
    rows = list(code.matrix_iter(border=QUIET))
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Drawing(len(rows), path)
