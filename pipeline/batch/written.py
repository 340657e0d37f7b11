"""Which files a photograph's results are written to. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.batch.items import KINDS, TONED


@dataclass(frozen=True)
class Written:
    """What is written of the pictures that are made."""

    kinds: tuple[str, ...] = KINDS
    tiff16: bool = False
    """16-bit TIFF instead of PNG; the mask stays a PNG."""
    jpeg: int = 0
    """The quality of a JPEG instead of PNG, 1 to 100; 0 for none. With `tiff16` both."""
    layers: bool = False
    """The repair as a layer, and all of them as OpenRaster."""
    keep_metadata: bool = False
    """The original's date, title, credit and copyright go on."""

    def forms(self, kind: str) -> list[str]:
        """The endings of one picture."""
        if kind not in self.kinds:
            return []
        if kind == "mask" or not (self.tiff16 or self.jpeg):
            return [f"{kind}.png"]
        return [f"{kind}.tif"] * self.tiff16 + [f"{kind}.jpg"] * bool(self.jpeg)

    def toned_forms(self, kind: str) -> list[str]:
        """The endings of the same picture with tones; a mask has none."""
        forms = [] if kind == "mask" else self.forms(kind)
        return [f"{kind}.{TONED}{ending.removeprefix(kind)}" for ending in forms]

    def made(self, *, tones: bool = False) -> list[str]:
        """The kinds that have to be made for them, in their order; tones are measured on the
        repaired picture."""
        needed = set(self.kinds)
        if tones and needed != {"mask"}:
            needed.add("inpainted")
        if self.layers:
            needed |= {"inpainted", "inpainted_colorized"}
        if "inpainted_colorized" in needed:
            needed.add("inpainted")
        if "inpainted" in needed:
            needed.add("mask")
        return [kind for kind in KINDS if kind in needed]

    def must_have(self, facts: Mapping[str, Any]) -> list[str]:
        """The endings that a finished photo with these facts has."""
        return list(self._endings(facts))

    def _endings(self, facts: Mapping[str, Any]) -> Iterator[str]:
        for kind in KINDS:
            if kind not in facts.get("skipped", {}):
                yield from self.forms(kind)
        for kind in facts.get("toned", {}).get("kinds", []):
            yield from self.toned_forms(kind)
        if facts.get("proposals"):
            yield "proposals.png"
        if self.layers:
            yield from ("repair.png", "ora")
        yield "json"

    @property
    def said(self) -> dict[str, Any]:
        """For the JSON: what changes the files of one name, where it is not as always."""
        said: dict[str, Any] = {"jpeg": self.jpeg} if self.jpeg else {}
        return said | ({"keep_metadata": True} if self.keep_metadata else {})


def kinds_of(text: str) -> tuple[str, ...]:
    """The kinds of a list with commas. Raises ValueError with a sentence."""
    asked = [word.strip() for word in text.split(",") if word.strip()]
    strange = [word for word in asked if word not in KINDS]
    if strange or not asked:
        what = f"“{strange[0]}”" if strange else "nothing"
        raise ValueError(f"--only takes some of {', '.join(KINDS)}, with commas; not {what}.")
    return tuple(kind for kind in KINDS if kind in asked)
