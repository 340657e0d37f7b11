"""A study's log for outsiders: one zip without a model's name, and the blind key apart."""

import csv
import io
import json
import zipfile
from typing import Any

from evaluation import replay
from evaluation.models import DEGRADED, Study
from evaluation.services import labels

COLUMNS = (
    "sequence", "left", "right", "outcome", "voter", "photo", "category", "ballot",
    "issued_at", "cast_at", "seconds", "reasons", "kind", "repeats", "supersedes",
    "previous_hash", "hash", "record",
)  # fmt: skip


def code_name(position: int) -> str:
    """What a candidate is called where the key is not at hand."""
    return "degraded copy" if position == DEGRADED else f"candidate {position + 1}"


def as_zip(study: Study) -> bytes:
    """votes.csv with the whole chain, and study.json with the numbers registered at opening."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("votes.csv", _votes(study))
        archive.writestr("study.json", json.dumps(_study(study), indent=2, sort_keys=True))
    return out.getvalue()


def _votes(study: Study) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for vote in study.votes.order_by("sequence"):
        record = vote.record
        left, right = (code_name(position) for position in record["slots"])
        writer.writerow(
            {key: record.get(key) for key in COLUMNS if key in record}
            | {
                "left": left,
                "right": right,
                "reasons": "; ".join(record["reasons"]),
                "previous_hash": vote.previous_hash,
                "hash": vote.hash,
                "record": replay.canonical(record),
            }
        )
    return out.getvalue()


def _study(study: Study) -> dict[str, Any]:
    """The plan without weights' hashes, and the decision under code names."""
    names = [code_name(position) for position in range(len(study.plan["candidates"]))]
    renamed = dict(zip(labels(study), names, strict=True))
    kept = (*replay.COMPARED, "candidates", "reference", "flagged_voters", "misfit_p", "votes")
    return {
        "plan": {key: value for key, value in study.plan.items() if key != "candidates"},
        "digest": study.digest,
        "last_hash": study.last_hash,
        "candidates": names,
        "decision": {
            key: rename(study.decision[key], renamed) for key in kept if key in study.decision
        },
    }


def rename(value: Any, names: dict[str, str]) -> Any:
    """The value with every candidate's name, as key or as value, replaced."""
    if isinstance(value, dict):
        return {names.get(key, key): rename(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [rename(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def key(study: Study) -> dict[str, Any]:
    """Which code name is which version."""
    return {
        code_name(candidate.position): {
            "name": str(candidate.version),
            "weights_sha256": candidate.version.weights_sha256,
        }
        for candidate in study.candidates.select_related("version")
    }
