"""From labels to registered weights: snapshots, runs, versions, what is in production."""

from training.models.evaluations import ALONE_HOURS, Evaluation, PromotionRequest
from training.models.graph_files import GraphFile
from training.models.runs import RunMetric, TrainingRun
from training.models.snapshots import DatasetSnapshot, SnapshotItem, Stage
from training.models.versions import ModelVersion, Promotion, VersionPicture

__all__ = [
    "ALONE_HOURS",
    "DatasetSnapshot",
    "Evaluation",
    "GraphFile",
    "ModelVersion",
    "Promotion",
    "PromotionRequest",
    "RunMetric",
    "SnapshotItem",
    "Stage",
    "TrainingRun",
    "VersionPicture",
]
