from evaluation import demo
from evaluation.models import Study
from tests.pipeline.builders import accepted_mask, ready_photo


def test_the_demo_study_opens_by_itself(db, admin, run_jobs):
    for number in range(2):
        accepted_mask(ready_photo(title=f"demo {number}", origin="demo", created_by=admin))
    demo.install()
    run_jobs()
    study = Study.objects.get()
    assert (study.state, study.candidates.count(), study.photos.count()) == ("open", 2, 2)
    demo.install()
    assert Study.objects.count() == 1


def test_without_photos_there_is_no_demo_study(db):
    demo.install()
    assert not Study.objects.exists()
