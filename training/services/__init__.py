"""Freeze snapshots, train, register weights, promote, roll back."""

from training.services.gate import check_later, record_gate
from training.services.runs import NOTHING, cancel_run, resume_run, train_later
from training.services.snapshots import freeze_snapshot
from training.services.versions import (
    SHIPPED,
    add_version,
    promote,
    promote_shipped,
    register_weights,
    roll_back,
)

__all__ = [
    "NOTHING",
    "SHIPPED",
    "add_version",
    "cancel_run",
    "check_later",
    "freeze_snapshot",
    "promote",
    "promote_shipped",
    "record_gate",
    "register_weights",
    "resume_run",
    "roll_back",
    "train_later",
]
