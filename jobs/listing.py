"""What the Activity page asks for: jobs by state, kind, person and words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from urllib.parse import urlencode
from uuid import UUID

from django.apps import apps
from django.db.models import Q

from config.words.wall import codes_that_say
from jobs.job_functions import JobFunction
from jobs.models import Job, JobQuerySet, State

FILTERS = [("", "All"), ("active", "Active"), *((state.value, state.label) for state in State)]
MOST_WORDS = 100  # characters


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; whatever does not fit asks for nothing."""

    state: str = ""
    kind: str = ""
    by: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Wanted":
        by = given.get("by", "")
        return cls(
            state=given.get("state", ""),
            kind=given.get("kind", "")[:80],
            by=by if by.isdecimal() and len(by) < 10 else "",
            q=" ".join(given.get("q", "").split())[:MOST_WORDS],
        )

    @property
    def is_watched(self) -> bool:
        """A search reads every row there is: not again and again, as a list is that one watches."""
        return not self.q and not self.kind

    def keep(self, **other: str) -> str:
        """The same choices in an address, but for the others; ends so that a page can follow."""
        chosen = {name: value for name, value in (asdict(self) | other).items() if value}
        return f"{urlencode(chosen)}&" if chosen else ""

    def rows(self) -> JobQuerySet:
        jobs = Job.objects.select_related("created_by")
        if self.state == "active":
            jobs = jobs.active()
        elif self.state:
            jobs = jobs.filter(state=self.state)
        if self.kind:
            jobs = jobs.filter(kind=self.kind)
        if self.by:
            jobs = jobs.filter(created_by=int(self.by))
        return jobs.filter(_words(self.q)) if self.q else jobs


def _words(words: str) -> Q:
    """In the title, the kind, the reason of a failure or the name of who asked; or the job's id."""
    found = Q(title__icontains=words) | Q(kind__icontains=words) | Q(error__icontains=words)
    found |= Q(created_by__username__icontains=words)
    for start in codes_that_say(words):
        found |= Q(error__startswith=start) | Q(title__startswith=start)
    try:
        return found | Q(pk=UUID(words))
    except ValueError:
        return found


def kinds() -> list[str]:
    """Every kind of job that workers know; the table may hold millions of rows to look at."""
    found = set()
    for config in apps.get_app_configs():
        try:
            handlers = import_module(f"{config.name}.handlers")
        except ModuleNotFoundError:
            continue
        found |= {each.kind for each in vars(handlers).values() if isinstance(each, JobFunction)}
    return sorted(found)
