"""What a person says of an import."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from annotate.formats import documents as formats
from annotate.formats.content import Labels
from annotate.formats.outlines import WIDEST
from annotate.formats.reading import How
from config.errors import Refused
from photos.masks.classes import CLASSES, DAMAGE_FROM

DOCUMENTS = formats.MODULES  # one file for all photos, and what reads it
FORMATS = (*DOCUMENTS, "labelme", "manifest", "npz", "png", "png-index", "probability")
WORDS = {
    "coco": "COCO (JSON)",
    "cvat": "CVAT for images 1.1 (XML)",
    "label-studio": "Label Studio (JSON)",
    "label-studio-bitmask": "Label Studio with bitmasks (JSON)",
    "labelme": "labelme (a JSON file a photo)",
    "manifest": "Manifest with index PNGs",
    "npz": "NumPy (.npz)",
    "png": "Pictures: a PNG a class",
    "png-index": "Pictures: an index PNG a photo",
    "probability": "Probabilities (a PNG a photo)",
}
"""What the forms are called where people choose; codes stay what commands and the API take."""
FORM_CHOICES = [(name, WORDS.get(name, name)) for name in FORMATS]
NEWEST, ALL = "newest", "all"


@dataclass(frozen=True)
class Options:
    """`classes` says what the file's names of classes are here: {"crack": "fracture"}."""

    kind: str
    defect: str = "fracture"
    threshold: int = DAMAGE_FROM
    line_width: float | None = None
    classes: Mapping[str, str] = field(default_factory=dict)
    annotations: str = NEWEST
    as_stored: bool = False
    skip_unknown: bool = False
    empty_is_undamaged: bool = False
    any_folder: bool = False
    as_starts: bool = False
    accepted: bool = False
    because: str = ""

    @property
    def how(self) -> How:
        labels: Labels = CLASSES | {name: CLASSES[known] for name, known in self.classes.items()}
        return How(labels, self.line_width, self.threshold)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def classes_of(text: str) -> dict[str, str]:
    """`crack=fracture, dust=scuff` -> {"crack": "fracture", "dust": "scuff"}; or Refused."""
    found = {}
    for pair in (pair for pair in text.replace("\n", ",").split(",") if pair.strip()):
        name, equals, known = (part.strip() for part in pair.partition("="))
        if not (name and equals) or known.lower() not in CLASSES:
            raise Refused(
                f"{pair.strip()!r}: write NAME=CLASS, a class being {', '.join(CLASSES)}."
            )
        found[name] = known.lower()
    return found


def checked(options: Options) -> Options:
    """Refused where two wishes contradict each other."""
    if options.accepted and options.as_starts:
        raise Refused("Masks come in as accepted or as starts for painters, not as both.")
    if options.line_width is not None and not 0 < options.line_width <= WIDEST:
        raise Refused(f"A line is more than 0 and at most {WIDEST:g} pixels wide.")
    if options.accepted and not options.because.strip():
        raise Refused("Say why the masks count as accepted without a review here.")
    return options
