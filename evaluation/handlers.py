"""What workers run of this room: its job, which lies with what it does."""

from evaluation.services.opening.preparing import prepare_study

__all__ = ["prepare_study"]
