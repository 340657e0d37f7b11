"""Old words for today's, read for one release: in forms, API fields, commands and result files."""

import copy
from typing import Any

CHOICES = {"mirrors": "careful"}


def choices(given: Any) -> Any:
    """A mapping of choices under today's names; where both words stand, today's decides.

    What holds no old word, or is no mapping, comes back itself; nothing is changed in place.
    """
    old = [name for name in CHOICES if hasattr(given, "keys") and name in given]
    if not old:
        return given
    renamed = copy.copy(given)
    for name in old:
        renamed.setdefault(CHOICES[name], renamed[name])
        del renamed[name]
    return renamed
