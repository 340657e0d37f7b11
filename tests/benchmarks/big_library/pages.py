"""Which addresses are asked for, and what an answer cost."""

import itertools
import re
import time
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

LISTS = {
    "annotate/photos/": [
        "?page=400", "?page=9999", "?q=cafe", "?q=zzzz", "?q=e", "?show=waiting", "?show=labelled",
        "?show=received", "?show=refused", "?show=waiting&q=album+001",
    ],
    "activity/": ["?state=active", "?state=succeeded", "?state=failed", "?page=200"],
    "api/v1/photos/": ["?limit=500", "?limit=500&offset=19000"],
    "api/v1/restorations/": ["?limit=500"],
    "api/v1/versions/": ["?limit=500"],
    "api/v1/runs/": ["?limit=500"],
    "gallery/": ["?page=20"],
    "annotate/reviews/": ["?page=10"],
    "studies/new/": ["?stage=colorization", "?propose", "?q=cafe", "?page=100"],
    "training/snapshots/<uuid:snapshot_id>/": ["?page=30"],
    "admin/annotate/photo/": ["?q=cafe", "?state__exact=ready", "?p=150"],
    "admin/photos/photo/": ["?q=cafe", "?state__exact=ready", "?p=150"],
    "admin/jobs/job/": ["?q=picture", "?p=200"],
    "admin/annotate/defectmask/": ["?p=20"],
}  # fmt: skip
OF_A_PERSON = ("admin/auth/user/<path:object_id>/",)
LEFT_OUT = ("export", "logout", ".zip", "api/schema", "jsi18n", "autocomplete")


class Page(NamedTuple):
    """An address and what its answer cost: the quicker of two, so that nothing is counted twice."""

    address: str
    status: int
    milliseconds: float
    queries: int
    kilobytes: float

    def line(self, hold: float) -> str:
        word = "" if self.milliseconds <= hold else "  MISSES"
        return (
            f"{self.milliseconds:8.1f} ms  {self.queries:4} queries  {self.kilobytes:8.1f} kB  "
            f"{self.status}  {self.address}{word}"
        )


@cache
def client() -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    # The site's own error page rather than a traceback: a page that fails is a line of the table.
    asking = Client(raise_request_exception=False, HTTP_HOST="localhost")
    asking.force_login(User.objects.get(username="everything"))
    return asking


def measured(address: str) -> Page:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spent = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            start = time.process_time()
            answer = client().get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            spent.append(1000 * (time.process_time() - start))
    return Page(address, answer.status_code, min(spent), len(queries), len(body) / 1000)


def addresses() -> Iterator[str]:
    """Every route that takes GET; with ids, at three rows that it may mean."""
    from tests.test_architecture import views

    for route, _ in views():
        if any(word in route for word in LEFT_OUT):
            continue
        for path in _filled(route):
            for query in ["", *LISTS.get(route, [])]:
                yield f"/{path}{query}"


def _filled(route: str) -> list[str]:
    """The route with ids in place of its converters; nothing where no row fits."""
    names = re.findall(r"<(\w+):(\w+)>", route)
    if not names:
        return [route]
    choices = [_values(route, name) for _, name in names]
    made = []
    for chosen in itertools.islice(itertools.product(*choices), 4):
        path = route
        for (kind, name), value in zip(names, chosen, strict=True):
            path = path.replace(f"<{kind}:{name}>", str(value))
        made.append(path)
    return made


def _values(route: str, name: str) -> list[Any]:
    """First and last row that an address's argument may name."""
    from accounts.models import ApiToken
    from annotate.models import Assignment, DefectMask
    from evaluation.models import Study
    from jobs.models import Job
    from photos.models import Photo
    from pipeline.models import Exhibit, Restoration
    from training.models import DatasetSnapshot, ModelVersion, SnapshotItem, TrainingRun

    rows: dict[str, Any] = {
        "photo_id": Photo, "mask_id": DefectMask, "assignment_id": Assignment, "job_id": Job,
        "snapshot_id": DatasetSnapshot, "run_id": TrainingRun, "version_id": ModelVersion,
        "item_id": SnapshotItem,
    }  # fmt: skip
    if name in rows:
        return _ends(rows[name], "pk")
    if name == "number":
        return _ends(
            Study if "studies" in route else ApiToken, "number" if "studies" in route else "pk"
        )
    if name == "token":
        return _ends(Restoration, "token")
    if name == "pk":
        places = {"gallery": Exhibit, "versions": ModelVersion, "runs": TrainingRun}
        return next((_ends(model, "pk") for word, model in places.items() if word in route), [])
    return {"stage": ["inpainting"], "kind": ["thumbnail"], "object_id": []}.get(name, [])


def _ends(model: Any, field: str) -> list[Any]:
    rows = model.objects.order_by(field).values_list(field, flat=True)
    return [value for value in (rows.first(), rows.last()) if value is not None]
