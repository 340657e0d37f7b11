"""`@job`: kinds that rows of before name, and calls that are queued with the right words."""

import pytest
from django.conf import settings

from jobs.job_context import Precedence
from jobs.job_functions import JobFunction, job, job_of, routine_of
from jobs.models import Job, Queue

# What a row of any release may name, with the parameters it was written with.
KINDS = {
    "photos.prepare_photo": ({"photo_id"}, "interactive", 3),
    "annotate.compare_masks": ({"mask_id"}, "maintenance", 3),
    "training.train_run": ({"run_id"}, "train", 5),
    "training.check_export": ({"version_id"}, "maintenance", 3),
    "training.evaluate_version": ({"evaluation_id"}, "maintenance", 3),
    "training.take_up_shipped": (set(), "maintenance", 3),
    "pipeline.restore": ({"restoration"}, "interactive", 3),
    "pipeline.render": ({"photo", "version"}, "maintenance", 3),
    "pipeline.stroke": ({"stroke"}, "quick", 1),
    "pipeline.restore_album": ({"album", "person"}, "maintenance", 3),
    "pipeline.suggest": ({"photo"}, "maintenance", 3),
    "pipeline.time_engines": (set(), "maintenance", 1),
    "pipeline.deliver": ({"delivery"}, "maintenance", 8),
    "annotate.look_through": ({"import_id", "then"}, "interactive", 3),
    "annotate.bring_in": ({"import_id"}, "interactive", 3),
    "annotate.take_photos": ({"import_id"}, "interactive", 3),
    "training.import_graph": (
        {"file", "filename", "beside", "beside_name", "adapter", "card"},
        "maintenance",
        3,
    ),
    "evaluation.read_outputs": ({"study_id", "zip_digest", "card", "by"}, "maintenance", 3),
    "evaluation.prepare_study": ({"study_id"}, "maintenance", 3),
}


@job(Precedence.STUDY, queue=Queue.QUICK, max_attempts=2)
def greet(work, name, times=1):
    """Says hello."""
    work.append((name, times))


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_before_find_their_function(kind):
    names, queue, attempts = KINDS[kind]
    found = job_of(kind)
    assert found.kind == kind
    assert set(found.params(**dict.fromkeys(names, "x"))) == names
    assert (found.queue, found.max_attempts) == (queue, attempts)


def test_the_list_above_is_whole():
    rooms = {kind.partition(".")[0] for kind in KINDS}
    modules = [__import__(f"{room}.handlers", fromlist=["_"]) for room in rooms]
    jobs = {
        each.kind
        for module in modules
        for each in vars(module).values()
        if isinstance(each, JobFunction)
    }
    assert jobs == set(KINDS)


@pytest.mark.parametrize("name", [row["args"][0] for row in settings.CELERY_BEAT_SCHEDULE.values()])
def test_what_comes_round_finds_its_function(name):
    assert callable(routine_of(name))
    with pytest.raises(LookupError, match="no handler"):
        job_of(name)


def test_other_names_of_the_module_are_no_jobs():
    for name in ("pipeline.services", "pipeline._render", "pipeline.gone", "photos.sweep_blobs"):
        with pytest.raises(LookupError, match="no handler"):
            job_of(name)
    with pytest.raises(LookupError, match="no routine"):
        routine_of("pipeline.restore")


def test_called_it_works_at_once():
    said = []
    greet(said, "Ida", times=2)
    assert said == [("Ida", 2)]
    assert (greet.__name__, greet.__doc__) == ("greet", "Says hello.")


@pytest.mark.django_db
def test_a_call_is_kept_by_the_names_of_its_arguments():
    row = greet.later("Ida", times=2)
    row.refresh_from_db()
    assert (row.kind, row.params) == ("tests.greet", {"name": "Ida", "times": 2})
    assert (row.queue, row.max_attempts, row.title) == ("quick", 2, "")


@pytest.mark.django_db
def test_what_is_said_of_one_call_stands_in_its_row(stranger):
    order = greet.using(title="Greet", queue=Queue.TRAIN, key="k", created_by=stranger)
    row = order.later(name="Ida")
    assert (row.title, row.queue, row.key, row.created_by) == ("Greet", "train", "k", stranger)
    assert order.later(name="Ida").pk == row.pk


@pytest.mark.django_db
def test_rows_are_found_by_kind_and_by_call():
    first, second = greet.later("Ida"), greet.later("Otto")
    Job.objects.create(kind="tests.other", params={"name": "Ida"})
    assert set(greet.jobs) == {first, second}
    assert list(greet.jobs_for("Ida")) == [first]


@pytest.mark.django_db
def test_a_wrong_argument_is_never_queued():
    with pytest.raises(TypeError):
        greet.later(nobody="Ida")
    assert not Job.objects.exists()
