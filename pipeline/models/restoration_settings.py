"""What somebody chose for a restoration: read from a row's JSON, and written back as it was."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from config.errors import Refused
from pipeline.models.tone_choice import ToneChoice, checked


@dataclass(frozen=True)
class RestorationSettings:
    """One restoration's choices. Raises Refused, in a sentence, on what is no choice."""

    careful: bool = False
    """Two looks at the picture instead of one."""
    strength: float = 0.5
    """0 to 1: how much counts as damage."""
    colourise: bool = False
    """Also a photograph that is in colour already."""
    grain: bool = True
    """What is filled gets the grain of the picture around it."""
    tones: ToneChoice = None
    """Further pictures with fading and casts taken back: off (None), "auto" or a strength 0..1."""
    keep_sepia: bool = False
    """A grey print keeps its tint in those."""

    def __post_init__(self) -> None:
        checked(self.tones)
        for name in ("careful", "colourise", "grain", "keep_sepia"):
            if not isinstance(getattr(self, name), bool):
                raise Refused(f"The setting “{name}” is yes or no, not {getattr(self, name)!r}.")
        known = isinstance(self.strength, int | float) and not isinstance(self.strength, bool)
        if not known or not 0 <= self.strength <= 1:
            raise Refused(f"The setting “strength” is a number from 0 to 1, not {self.strength!r}.")

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Of a row; what it does not say is as it was before anybody could choose."""
        if strange := sorted(kept.keys() - cls.__dataclass_fields__.keys()):
            raise Refused(f"There is no setting “{strange[0]}”.")
        return cls(**kept)

    def as_json(self) -> dict[str, bool | float | str]:
        """Without tones where they are off: a release that does not know them reads it, too."""
        kept = asdict(self)
        if self.tones is None:
            del kept["tones"], kept["keep_sepia"]
        return kept
