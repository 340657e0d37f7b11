"""Actions and seconds by tool: of a mask, whatever browsers it was painted in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from annotate.models.masks import DefectMask

Tools = dict[str, Any]


def of_all_browsers(mask: "DefectMask") -> Tools:
    """The sum of what each browser told last with its saves.

    Empty where one of them told nothing: a painter opened before the release that tells it.
    """
    rows = mask.deltas.order_by("last_seq").values_list("client", "tools")
    latest = dict(rows)
    sums: Tools = {}
    for tools in latest.values():
        if tools is None:
            return {}
        sums = added(sums, tools)
    return sums


def added(before: Mapping[str, Any], now: Mapping[str, Any]) -> Tools:
    """Both rounds' counts by tool; what is no number stays as it was told last."""
    sums = {**before, **now}
    for name in before.keys() & now.keys():
        first, second = before[name], now[name]
        if isinstance(first, dict) and isinstance(second, dict):
            sums[name] = added(first, second)
        elif isinstance(first, int | float) and isinstance(second, int | float):
            sums[name] = first + second
    return sums
