"""Which rules a study was opened under: an old export must replay to what it said then.

1: unlikely voters by quartiles; whoever is left alone wins.
2: unlikely voters by an e-value; no winner against a cycle, a misfit or a rival's evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

QUARTILES, NOW = 1, 2


def of(plan: Mapping[str, Any]) -> int:
    """The rules of a frozen plan; plans of before there was a second version name none."""
    return int(plan.get("rules", QUARTILES))
