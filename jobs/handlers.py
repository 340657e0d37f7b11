"""What workers run of this room: upkeep of the database itself."""

from jobs.job_functions import routine
from jobs.operations.planner_statistics import refresh_planner_statistics


@routine
def refresh_statistics() -> None:
    """The planner of SQLite learns how large the tables have become."""
    refresh_planner_statistics()
