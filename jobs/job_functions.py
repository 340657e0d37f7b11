"""`@job`: a function that workers run, with a typed `.later(...)` that queues a call of it.

A room keeps its jobs in its module `handlers`; a row names one by room and name, so a function
that is renamed leaves the rows of before without anybody to run them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from importlib import import_module
from inspect import signature
from typing import Any, Concatenate, Generic, ParamSpec

from django.contrib.auth.models import User

from config.words.said import Words
from jobs.job_context import Precedence, Work
from jobs.models import Job, JobQuerySet, Queue
from jobs.services import run_later

P = ParamSpec("P")


@dataclass(frozen=True)
class Order(Generic[P]):
    """A job function with what is said of one call of it."""

    function: "JobFunction[P]"
    queue: str
    title: Words
    key: str | None
    created_by: User | None

    def later(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        """Queues a call in the caller's transaction; one of a key that is known gives its job."""
        return run_later(
            self.function.kind,
            params=self.function.params(*args, **kwargs),
            queue=self.queue,
            title=self.title,
            key=self.key,
            max_attempts=self.function.max_attempts,
            created_by=self.created_by,
        )


class JobFunction(Generic[P]):
    """What `@job` makes of a function: called it works at once, `later` leaves it to a worker."""

    def __init__(
        self,
        function: Callable[Concatenate[Work, P], None],
        precedence: Precedence,
        queue: Queue,
        max_attempts: int,
        aside: bool = False,
    ) -> None:
        self.function = function
        self.aside = aside
        self.precedence = precedence
        self.queue = queue
        self.max_attempts = max_attempts
        self.kind = f"{function.__module__.partition('.')[0]}.{function.__name__}"
        update_wrapper(self, function)

    def __call__(self, work: Work, *args: P.args, **kwargs: P.kwargs) -> None:
        self.function(work, *args, **kwargs)

    def later(self, *args: P.args, **kwargs: P.kwargs) -> Job:
        """Queues a call; the arguments go through JSON."""
        return self.using().later(*args, **kwargs)

    def using(
        self,
        *,
        title: Words = "",
        queue: str | None = None,
        key: str | None = None,
        created_by: User | None = None,
    ) -> Order[P]:
        """``train_run.using(title=...).later(run_id=...)``; see `run_later` for each."""
        return Order(self, queue or self.queue, title, key, created_by)

    @property
    def jobs(self) -> JobQuerySet:
        """Every row of this kind."""
        return Job.objects.filter(kind=self.kind)

    def jobs_for(self, *args: P.args, **kwargs: P.kwargs) -> JobQuerySet:
        """The rows of exactly this call."""
        return self.jobs.filter(params=self.params(*args, **kwargs))

    def params(self, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        """The arguments by name, as the row keeps them. Raises TypeError on wrong ones."""
        bound = signature(self.function).bind(None, *args, **kwargs).arguments
        return dict(list(bound.items())[1:])  # without the Work, which the worker brings


def job(
    precedence: Precedence,
    *,
    queue: Queue = Queue.INTERACTIVE,
    max_attempts: int = 3,
    aside: bool = False,
) -> Callable[[Callable[Concatenate[Work, P], None]], JobFunction[P]]:
    """Marks a function of a room's `handlers` as a job; its class says who goes first.

    ``queue`` is the one where nothing else is asked for: `Queue.QUICK` if it takes seconds and
    somebody waits. After ``max_attempts`` failures the job is given up. ``aside``: it only waits
    for somebody else's computer, and does so in a thread (see `jobs.aside`).
    """

    def mark(function: Callable[Concatenate[Work, P], None]) -> JobFunction[P]:
        return JobFunction(function, precedence, queue, max_attempts, aside)

    return mark


class Routine:
    """What `@routine` makes of a function: upkeep without a row that beat asks for."""

    def __init__(self, function: Callable[[], None]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self) -> None:
        self.function()


def routine(function: Callable[[], None]) -> Routine:
    """Marks upkeep of a room's `handlers`: repeated, quick and harmless when it runs twice."""
    return Routine(function)


def job_of(kind: str) -> JobFunction[...]:
    """``photos.prepare_photo`` -> the job ``photos.handlers.prepare_photo``."""
    found = _named(kind)
    if not isinstance(found, JobFunction):
        raise LookupError(f"no handler for jobs of kind {kind!r}")
    return found


def is_aside(kind: str) -> bool:
    """Of an unknown kind no: it fails with its reason where jobs are run."""
    try:
        return job_of(kind).aside
    except (LookupError, ImportError):
        return False


def routine_of(name: str) -> Routine:
    """``photos.sweep_blobs`` -> the routine ``photos.handlers.sweep_blobs``."""
    found = _named(name)
    if not isinstance(found, Routine):
        raise LookupError(f"no routine {name!r}")
    return found


def _named(name: str) -> Any:
    room, _, function = name.partition(".")
    return getattr(import_module(f"{room}.handlers"), function, None)
