"""Counts for pages: exact up to a thousand, then "1,000+": no page counts a million rows."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

MANY = 1_000
LISTED = 10_000


def kept(request: HttpRequest, page: str = "page") -> str:
    """The other choices of the address, to stand before the number of a page: a search stays."""
    others = request.GET.copy()
    others.pop(page, None)
    return f"{others.urlencode()}&" if others else ""


@dataclass(frozen=True)
class Count:
    """How many rows there are; `more` says that there are more than were counted."""

    rows: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.rows:,}+" if self.more else f"{self.rows:,}"

    def __bool__(self) -> bool:
        return self.rows > 0

    def __float__(self) -> float:  # what the template filter `pluralize` asks for
        return float(self.rows)


def counted(rows: QuerySet[Any], most: int = MANY) -> Count:
    """At most `most` rows are looked at."""
    found = rows.order_by()[: most + 1].count()
    return Count(min(found, most), found > most)


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of the first 10,000 rows; what lies behind them is found by searching."""

    @cached_property
    def counted(self) -> Count:
        return counted(self.object_list, LISTED)  # type: ignore[arg-type]

    @cached_property
    def count(self) -> int:
        return self.counted.rows
