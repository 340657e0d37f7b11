"""What workers run of this room: its jobs, which lie with what they do, and its routine."""

from jobs.job_functions import routine
from training.services import run_folder_writer
from training.services.foreign import graph_files
from training.services.foreign.foreign_versions import import_graph
from training.services.gate import check_export
from training.services.judging.measuring import evaluate_version
from training.services.shipped_weights import take_up_shipped
from training.services.training_job import train_run

__all__ = ["check_export", "evaluate_version", "import_graph", "take_up_shipped", "train_run"]


@routine
def forget_graph_files() -> None:
    """Networks that arrived and were not imported in time."""
    graph_files.sweep()


@routine
def forget_erased() -> None:
    """Sample pictures of runs that saw a photo which is erased now."""
    run_folder_writer.forget_erased()
