"""What background work says of itself, and what people are told of."""

from config.words.marks import gettext_lazy as _
from config.words.shapes import digits
from config.words.wall import Sentence

NOTICES = {
    "notice.mask-returned": Sentence(_("A mask of yours came back from review.")),
    "notice.study-ready": Sentence(_("Study %(number)s has its votes and may be decided.")),
    "notice.disk": Sentence(_("The disk is nearly full: %(free)s GB are free."), free=digits(1)),
    "notice.unread": Sentence(_("A photograph of yours could not be read.")),
    "notice.run-succeeded": Sentence(_("The training run %(run)s ended: succeeded.")),
    "notice.run-failed": Sentence(_("The training run %(run)s ended: failed.")),
    "notice.run-cancelled": Sentence(_("The training run %(run)s ended: cancelled.")),
}
WORK = {
    "job.no-room": Sentence(_("The disk is full; this work waits until there is room.")),
    "job.no-memory": Sentence(_("This work needs more memory than its worker has.")),
    "job.database-away": Sentence(_("The database was away.")),
    "job.worker-stopped": Sentence(_("The worker was stopped.")),
    "job.gave-up": Sentence(
        _(
            "The worker stopped without a word, and no attempts are left. The kernel kills a"
            " process so when memory runs out: its log tells."
        )
    ),
}
TITLES = {
    "job.erased": Sentence(_("Erased")),
    "job.read": Sentence(_("Read %(photo)s")),
    "job.unpack": Sentence(_("Take photos out of a ZIP")),
    "job.look-through": Sentence(_("Look through an import of masks")),
    "job.bring-in": Sentence(_("Bring in masks")),
    "job.compare-masks": Sentence(_("Compare the masks of %(photo)s")),
    "job.measure": Sentence(_("Measure %(version)s on %(snapshot)s")),
    "job.train": Sentence(_("Train %(stage)s: %(recipe)s on %(snapshot)s")),
    "job.check-export": Sentence(_("Check the export of %(version)s")),
    "job.check-shipped": Sentence(_("Check the weights that ship")),
    "job.import-graph": Sentence(_("Import %(name)s")),
    "job.stroke": Sentence(_("Fill around a stroke")),
    "job.render": Sentence(_("%(version)s on %(photo)s")),
    "job.suggest": Sentence(_("Suggest a mask of %(photo)s")),
    "job.restore": Sentence(_("Restore a photograph")),
    "job.time-engines": Sentence(_("Time engines on %(host)s")),
    "job.restore-album": Sentence(_("Restore an album")),
    "job.tell": Sentence(_("Tell %(webhook)s")),
    "job.make-pictures": Sentence(_("Make the pictures of %(study)s")),
    "job.read-pictures": Sentence(_("Read the pictures of %(rival)s")),
}
SENTENCES = {**WORK, **TITLES, **NOTICES}
