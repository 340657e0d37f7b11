"""What workers run of this room: its jobs, which lie with what they do."""

from evaluation.services.opening.preparing import prepare_study
from evaluation.services.rivals.adding import read_outputs

__all__ = ["prepare_study", "read_outputs"]
