"""What can be done with photos, assignments, masks and reviews."""

from annotate.services.annotator_agreement import agreements_of
from annotate.services.assignments import (
    Lost,
    claim_assignment,
    heartbeat,
    release,
    release_leases,
    skip,
)
from annotate.services.consensus import join_masks
from annotate.services.honeypots import set_honeypot
from annotate.services.import_export.imports import import_mask, import_mask_file
from annotate.services.mask_storage import empty_mask, read_class, read_mask
from annotate.services.owners import hear_owner, withdraw_leave
from annotate.services.reviews import decide, repair_mask, review_mask
from annotate.services.strokes import (
    BadStrokes,
    Mismatch,
    Saved,
    Stale,
    TooBig,
    save_strokes,
    submit_mask,
)
from annotate.services.suggestions import save_suggestion

__all__ = [
    "BadStrokes",
    "Lost",
    "Mismatch",
    "Saved",
    "Stale",
    "TooBig",
    "agreements_of",
    "claim_assignment",
    "decide",
    "empty_mask",
    "hear_owner",
    "heartbeat",
    "import_mask",
    "import_mask_file",
    "join_masks",
    "read_class",
    "read_mask",
    "release",
    "release_leases",
    "repair_mask",
    "review_mask",
    "save_strokes",
    "save_suggestion",
    "set_honeypot",
    "skip",
    "submit_mask",
    "withdraw_leave",
]
