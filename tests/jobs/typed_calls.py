"""Read by mypy alone: to queue a job with other arguments than its function takes is an error.

Each line that must be one says so; were it none, mypy would call its remark unused and fail.
"""

from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job


@job(Precedence.UPKEEP)
def measure(work: Work, photo: str, times: int = 1) -> None: ...


def right() -> list[Job]:
    return [
        measure.later(photo="p"),
        measure.later("p", times=2),
        measure.using(title="Measure", key="p").later(photo="p", times=2),
        measure.jobs_for(photo="p").get(),
    ]


def wrong() -> None:
    measure.later()  # type: ignore[call-arg]
    measure.later(photo=7)  # type: ignore[arg-type]
    measure.later(photo="p", often=2)  # type: ignore[call-arg]
    measure.using(title="Measure").later(photo=7)  # type: ignore[arg-type]
    measure.using(titel="Measure")  # type: ignore[call-arg]
    measure.jobs_for(photo="p", times="2")  # type: ignore[arg-type]


@job(Precedence.UPKEEP)  # type: ignore[arg-type]
def without_work(photo: str) -> None: ...
