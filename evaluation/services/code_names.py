"""What candidates are called: by their names among admins, by code names in an export."""

import re
from typing import Any, cast

from evaluation.models import DEGRADED, LESSON, Study
from evaluation.statistics.figures import Result


def labels(study: Study) -> list[str]:
    """Candidate names by position; the same name twice is told apart by its place."""
    names = [c.title for c in study.candidates.select_related("version", "rival")]
    return [
        name if names.count(name) == 1 else f"{name} ({place})"
        for place, name in enumerate(names, start=1)
    ]


def code_name(position: int) -> str:
    """What a candidate is called where the key is not at hand."""
    return "degraded copy" if position in (DEGRADED, LESSON) else f"candidate {position + 1}"


def code_names(study: Study) -> list[str]:
    """By position, in an open or closed study."""
    return [code_name(position) for position in range(len(study.plan["candidates"]))]


def renamed(study: Study) -> list[tuple[str, str]]:
    """(code name, label) by position."""
    return list(zip(code_names(study), labels(study), strict=True))


def with_labels(study: Study, value: Any) -> Any:
    """A value computed under code names, with every name in keys, values and sentences."""
    return rename(value, dict(renamed(study)))


def result_with_labels(study: Study, result: Result) -> Result:
    """What a study says under the candidates' names."""
    return cast(Result, with_labels(study, result))


def rename(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): rename(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [rename(item, names) for item in value]
    if not isinstance(value, str) or not names:
        return value
    pattern = "|".join(rf"\b{re.escape(name)}\b" for name in names)
    return re.sub(pattern, lambda found: names[found.group()], value)
