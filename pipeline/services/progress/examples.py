"""The photographs of the first screen: static files, there before any worker ran."""

from typing import NamedTuple

from pipeline.models import Rendition

FOLDER = "pipeline/examples"
Kind = Rendition.Kind
NAMES = {Kind.INPAINTED: "repaired", Kind.INPAINTED_COLORIZED: "repaired-in-colour"}
NAMES[Kind.COLORIZED] = "original-in-colour"


class Example(NamedTuple):
    """What ships as `examples/NAME-*.jpg`, all of one size in pixels; see its CREDITS.txt."""

    name: str
    title: str
    told: str
    width: int
    height: int

    @property
    def before(self) -> str:
        return f"{FOLDER}/{self.name}-before.jpg"

    @property
    def after(self) -> list[tuple[str, str]]:
        """(name of the result, path among the static files)."""
        return [
            (str(kind.label).capitalize(), f"{FOLDER}/{self.name}-{ending}.jpg")
            for kind, ending in NAMES.items()
        ]


EXAMPLES = (
    Example("shawl", "Woman with a shawl, about 1870", "its cracks are drawn.", 600, 896),
    Example("chair", "Man in an armchair, about 1870", "its spots are its own.", 638, 915),
)
