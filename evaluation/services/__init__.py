"""Plan, open, decide: what admins do with a study."""

from config.errors import Refused
from evaluation.services.closing import (
    MIN_OVERRIDES,
    close_study,
    export,
    in_production,
    override_guards,
    peek,
    promote_winner,
    results,
    told,
    winner_of,
)
from evaluation.services.opening.copies import has_copies, store_copies
from evaluation.services.opening.opening import give_up_preparing, open_study
from evaluation.services.opening.plan import BAND, finish_opening
from evaluation.services.planning import (
    MAX_CANDIDATES,
    PROPOSED,
    change_study,
    create_study,
    delete_draft,
    propose,
)

__all__ = [
    "BAND",
    "MAX_CANDIDATES",
    "MIN_OVERRIDES",
    "PROPOSED",
    "Refused",
    "change_study",
    "close_study",
    "create_study",
    "delete_draft",
    "export",
    "finish_opening",
    "give_up_preparing",
    "has_copies",
    "in_production",
    "open_study",
    "override_guards",
    "peek",
    "promote_winner",
    "propose",
    "results",
    "store_copies",
    "told",
    "winner_of",
]
