"""What the painter's page is told: its data attributes, by name."""

from dataclasses import asdict, dataclass
from uuid import UUID


@dataclass(frozen=True)
class Addresses:
    """What the painter calls; empty where there is nothing to call."""

    strokes_url: str
    submit_url: str
    heartbeat_url: str
    skip_url: str
    release_url: str
    marks_url: str
    score_url: str
    mask_url: str
    preview_url: str
    photo_url: str
    suggestion_url: str = ""
    tile_url: str = ""
    """Level, column and row stand where the zeros do."""
    cost_url: str = ""


@dataclass(frozen=True)
class Suggested:
    """Where the suggestion's slider begins, and whether its network has earned to be shown."""

    threshold: float
    proven: bool
    record: str
    """In words; empty where no mask has judged the network yet."""


@dataclass(frozen=True)
class PainterPage:
    """One assignment as the painter opens it; sizes in px of the working image."""

    assignment: UUID
    width: int
    height: int
    revision: int
    comment: str
    comment_by: str
    read_only: bool
    practice: bool
    done_url: str
    addresses: Addresses
    suggested: Suggested | None = None

    def attributes(self) -> dict[str, object]:
        """By the names that follow ``data-``; a no is empty."""
        own = {
            name: value
            for name, value in vars(self).items()
            if name not in ("addresses", "suggested")
        }
        said = {**own, **self._of_suggestion(), **asdict(self.addresses)}
        return {name.replace("_", "-"): _attribute(value) for name, value in said.items()}

    def _of_suggestion(self) -> dict[str, object]:
        if self.suggested is None:
            return {"suggestion_threshold": ""}
        return {f"suggestion_{name}": value for name, value in vars(self.suggested).items()}


def _attribute(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else ""
    return value
