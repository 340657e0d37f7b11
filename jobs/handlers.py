"""What workers run of this room: upkeep of the database itself, and the post."""

from accounts.mail import notices, outbox
from jobs.job_functions import routine
from jobs.operations.planner_statistics import refresh_planner_statistics


@routine
def refresh_statistics() -> None:
    """The planner of SQLite learns how large the tables have become."""
    refresh_planner_statistics()


@routine
def send_letters() -> None:
    """What waits in the outbox, and what failed and is due again."""
    outbox.send_due()


@routine
def gather_notices() -> None:
    """What happened in any room, for those whom it concerns."""
    notices.gather()


@routine
def write_digests() -> None:
    """One letter of all news, for those whose day or week is over."""
    notices.write_digests()
    notices.forget_old()
    outbox.forget_old()
