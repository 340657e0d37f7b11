"""What this room puts on an empty demo site: a study that opens once its pictures are made."""

import logging

from django.contrib.auth.models import User

from annotate.models import DefectMask
from config.errors import Refused
from config.registry import demo_content
from evaluation import services
from evaluation.models import Study
from evaluation.services.baselines import rivals
from photos.models import Origin, Photo
from training.models import Promotion, Stage

log = logging.getLogger(__name__)
QUESTION = "Which repair would you hand to the family?"


@demo_content
def install() -> None:
    """The shipped filling network against two methods without learning, on painted photos."""
    if Study.objects.exists():
        return
    photos = Photo.objects.ready().filter(
        origin=Origin.DEMO, masks__state=DefectMask.State.ACCEPTED
    )
    current = Promotion.objects.current(Stage.INPAINTING)
    versions = [*([current.version] if current else []), *rivals(Stage.INPAINTING)]
    admin = User.objects.filter(groups__name="admin").order_by("pk").first()
    try:
        study = services.create_study(
            stage=Stage.INPAINTING,
            question=QUESTION,
            versions=versions,
            photos=photos.distinct(),
            cap=300,
            created_by=admin,
        )
        services.open_study(study=study, by=admin)
    except Refused as reason:
        log.info("no demo study: %s", reason)
