"""Beat's scheduler, for a host whose clock is put back: what comes round comes round again."""

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

SLACK = timedelta(seconds=60)


class RightTime(PersistentScheduler):
    """What last ran in the future did so by a clock that was ahead; it would not run until then."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        now = self.app.now()
        ahead = [row for row in self.schedule.values() if (row.last_run_at or now) > now + SLACK]
        for row in ahead:
            row.last_run_at = now
        if ahead:
            self._heap = None  # laid out by the wrong times
        return super().tick(*args, **kwargs)
