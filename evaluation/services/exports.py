"""A study's log for outsiders: one zip without a model's name, and the blind key apart."""

import csv
import hashlib
import io
import json
import zipfile
from typing import Any

from evaluation.models import Candidate, Study, Vote
from evaluation.services.code_names import code_name, code_names
from evaluation.statistics.records import vote_records

EPOCH = (1980, 1, 1, 0, 0, 0)
COLUMNS = (
    "sequence", "left", "right", "options", "outcome", "voter", "photo", "category", "ballot",
    "issued_at", "cast_at", "seconds", "reasons", "kind", "repeats", "supersedes", "guest",
    "previous_hash", "hash", "record",
)  # fmt: skip


def as_zip(study: Study) -> bytes:
    """The whole chain, the plan, the weights that stood (in no order), and the decision.

    The same study gives the same bytes, so that a promotion can name their hash.
    """
    out = io.BytesIO()
    files = {
        "votes.csv": _votes(study),
        "study.json": _json(_study(study)),
        "models.json": _json(sorted(study.plan["candidates"])),
        "decision.json": _json(_decision(study)),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def digest(study: Study) -> str:
    return hashlib.sha256(as_zip(study)).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True)


def _votes(study: Study) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for vote in study.votes.order_by("sequence"):
        writer.writerow(_row(vote))
    return out.getvalue()


def _row(vote: Vote) -> dict[str, Any]:
    record = vote.record
    shown = [code_name(position) for position in record["slots"]]
    return {key: record.get(key) for key in COLUMNS if key in record} | {
        "left": shown[0],
        "right": shown[1],
        "options": "|".join(shown) if len(shown) > 2 else "",
        "reasons": "; ".join(record["reasons"]),
        "previous_hash": vote.previous_hash,
        "hash": vote.hash,
        "record": vote_records.canonical(record),
    }


def _study(study: Study) -> dict[str, Any]:
    """The plan without weights' hashes, and the end of the chain."""
    return {
        "plan": {key: value for key, value in study.plan.items() if key != "candidates"},
        "digest": study.digest,
        "last_hash": study.last_hash,
        "candidates": code_names(study),
        "code": vote_records.code_version(),
    }


def _decision(study: Study) -> dict[str, Any]:
    """As it is stored: under code names."""
    return {key: value for key, value in study.decision.items() if key != "closed_by"}


def key(study: Study) -> dict[str, Any]:
    """Which code name is which version."""
    return {
        code_name(candidate.position): _named(candidate)
        for candidate in study.candidates.select_related("version", "rival")
    }


def _named(candidate: Candidate) -> dict[str, str]:
    if candidate.rival is None:
        return {"name": candidate.title, "weights_sha256": candidate.digest}
    rival = candidate.rival
    card = {word: getattr(rival, word) for word in ("maker", "licence", "source")}
    return {"name": candidate.title, "pictures_sha256": candidate.digest, **card}
