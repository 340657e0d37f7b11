"""What leads to an account by its keys, and what becomes of it when the person is forgotten.

Every key to an account stands here, held by a test: a new table of people is a decision, too.
"""

from enum import Enum


class Fate(Enum):
    GOES = "the rows go"
    CUT = "the rows stay and no longer say whose they are"
    NAMELESS = "the rows stay with the account, which has no name any more"


FATES = {
    "accounts.ApiToken.user": Fate.GOES,
    "accounts.OneUseLink.person": Fate.GOES,
    "accounts.OneUseLink.made_by": Fate.CUT,
    "accounts.RecoveryCode.person": Fate.GOES,
    "otp_totp.TOTPDevice.user": Fate.GOES,
    "accounts.Identity.person": Fate.GOES,
    "accounts.Notice.person": Fate.GOES,
    "accounts.MailChoice.person": Fate.GOES,
    "accounts.Letter.person": Fate.GOES,
    "accounts.Preference.user": Fate.GOES,
    "admin.LogEntry.user": Fate.NAMELESS,
    "auth.User_groups.user": Fate.GOES,
    "auth.User_user_permissions.user": Fate.GOES,
    "jobs.Job.created_by": Fate.CUT,
    "photos.Photo.created_by": Fate.CUT,
    "photos.Photo.meant_for": Fate.CUT,
    "photos.Album.owner": Fate.CUT,
    "photos.Album_painters.user": Fate.GOES,
    "photos.Erasure.by": Fate.NAMELESS,  # that one person erased, not who
    "annotate.Assignment.assessor": Fate.NAMELESS,  # agreement compares what one person paints
    "annotate.DefectMask.author": Fate.NAMELESS,
    "annotate.Import.created_by": Fate.NAMELESS,  # nobody reviews what she brought in
    "annotate.MarkAnswer.author": Fate.NAMELESS,
    "annotate.Review.reviewer": Fate.NAMELESS,  # nobody reviews her own mask
    "training.DatasetSnapshot.created_by": Fate.NAMELESS,
    "training.TrainingRun.created_by": Fate.NAMELESS,  # who trained a candidate has no vote on it
    "training.GraphFile.owner": Fate.GOES,
    "training.Promotion.promoted_by": Fate.NAMELESS,
    "training.Evaluation.created_by": Fate.NAMELESS,
    "training.PromotionRequest.asked_by": Fate.NAMELESS,  # nobody grants her own request
    "training.PromotionRequest.decided_by": Fate.NAMELESS,
    "pipeline.Restoration.owner": Fate.CUT,
    "pipeline.Exhibit.shown_by": Fate.CUT,
    "pipeline.Order.created_by": Fate.CUT,
    "pipeline.Upload.owner": Fate.GOES,
    "pipeline.Webhook.owner": Fate.GOES,
    "evaluation.Study.created_by": Fate.NAMELESS,
    "evaluation.Rival.created_by": Fate.NAMELESS,
    "evaluation.Ballot.voter": Fate.NAMELESS,  # a vote counts once a person, in a chain of hashes
    "evaluation.Guest.account": Fate.GOES,  # holds her name; votes stay with the account
    "evaluation.Guest.made_by": Fate.CUT,
    "evaluation.Peek.user": Fate.NAMELESS,
    "evaluation.Conflict.user": Fate.NAMELESS,
    "evaluation.Override.user": Fate.NAMELESS,
    "evaluation.ColourCheck.user": Fate.GOES,  # says something of her eyes
}
"""By "app.Model.field": every key to an account."""

NAMED = {
    "axes.AccessAttempt.username": Fate.GOES,
    "axes.AccessFailureLog.username": Fate.GOES,
    "axes.AccessLog.username": Fate.GOES,
    "admin.LogEntry.object_repr": Fate.CUT,
    "accounts.AuditEvent.name": Fate.NAMELESS,
}
"""Texts that hold an account's name. The audit keeps it: a trigger of the database lets nobody
change what somebody with power did, and nobody without power is in it."""

WITHHELD = {
    "auth.User.password": "a hash, of use to nobody but a thief",
    "accounts.ApiToken.digest": "a hash, likewise",
    "accounts.OneUseLink.digest": "likewise",
    "accounts.RecoveryCode.digest": "likewise",
    "otp_totp.TOTPDevice.key": "the secret of the authenticator app",
    "accounts.Letter.body": "may hold a link that opens an account",
    "pipeline.Webhook.salt": "half of a secret",
    "evaluation.Guest.digest": "likewise",
    "evaluation.Guest.browser_digest": "likewise",
    "evaluation.Ballot.token": "opens a ballot",
    "evaluation.Ballot.slots": "would tell which pictures have one maker",
    "evaluation.Ballot.kind": "would tell which ballots test the voter",
    "evaluation.Ballot.repeats": "likewise",
    "annotate.Assignment.purpose": "would tell which photos test the painter",
    "annotate.Assignment.truth": "likewise",
    "annotate.DefectMask.is_honeypot": "likewise",
}
"""What a person does not take home, with the reason: secrets, and what makes a vote or a test
worthless once it is known."""
