"""Results, the decision, and the promotion of a winner."""

import json
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from config.web.roles import may
from config.words.said import said
from evaluation.models import Candidate, Override, Peek, Study
from evaluation.services import code_names, exports, vote_log
from evaluation.services.decisions import Decision, decision_of
from evaluation.statistics import verdict
from evaluation.statistics.figures import Result
from evaluation.statistics.ranking import Options
from training import services as training
from training.models import ModelVersion, Promotion

MIN_OVERRIDES = 2
MIN_REASON_CHARACTERS = 20


def results(study: Study, *, options: Options = verdict.FINAL) -> Result:
    """Everything the counted votes say now, under the candidates' names."""
    return code_names.result_with_labels(study, _decide(study, options))


def told(study: Study) -> Result:
    """The decision of a closed study under the candidates' names."""
    return code_names.result_with_labels(study, study.decision)


def _decide(study: Study, options: Options) -> Result:
    """Under code names, so that a replay without the names finds the same in every word."""
    found = verdict.decide(
        [vote.record for vote in vote_log.counted(study)],
        names=code_names.code_names(study),
        plan=study.plan,
        reference=_production_code(study),
        options=options,
    )
    plain: Result = json.loads(json.dumps(found))
    return plain


def _production_code(study: Study) -> str | None:
    current = Promotion.objects.current(study.stage)
    versions = [candidate.version_id for candidate in study.candidates.all()]
    if current is None or current.version_id not in versions:
        return None
    return code_names.code_name(versions.index(current.version_id))


def in_production(study: Study) -> str | None:
    """The label of the candidate that production runs now."""
    code = _production_code(study)
    return None if code is None else dict(code_names.renamed(study))[code]


@transaction.atomic
def close_study(*, study: Study, by: User | None = None) -> Result:
    """Counts all votes, decides, and writes the decision beside them; final."""
    row = Study.objects.locked(study.pk)  # votes wait until it is written
    if not row.is_open:
        raise Refused(f"{row} is not open.")
    broken = vote_log.chain_break(row)
    if broken is not None:
        raise Refused(f"The vote log was changed at vote {broken}: nothing can be decided.")
    row.state = Study.State.CLOSED  # nobody can take a vote back any more
    decision = replace(
        Decision.from_json(_decide(row, verdict.FINAL)),
        closed_by=None if by is None else by.username,
        last_hash=row.last_hash,
    )
    if not row.close(decision.as_json()):
        raise Refused(f"{row} is closed already.")
    study.refresh_from_db()
    return told(study)


def _won(study: Study) -> Decision:
    """The decision of a closed study that has a winner."""
    decision = decision_of(study.decision)
    if study.state != Study.State.CLOSED or decision is None or decision.winner is None:
        raise Refused("There is no winner to promote.")
    return decision


def winner_of(study: Study) -> Candidate | None:
    """The candidate that a closed study names."""
    decision = decision_of(study.decision)
    if decision is None or decision.winner is None:
        return None
    position = code_names.code_names(study).index(decision.winner)
    return study.candidates.select_related("version", "rival").get(position=position)


def _winning_version(study: Study) -> ModelVersion:
    """What could be promoted. Raises Refused where pictures from files won: nothing is then."""
    _won(study)
    winner = winner_of(study)
    if winner is None or winner.version is None:
        named = "The winner" if winner is None else winner.title
        raise Refused(
            f"{named} is a set of pictures from files: it cannot be promoted, and nobody is in its"
            " place. Production stays as it is."
        )
    return winner.version


@transaction.atomic
def override_guards(*, study: Study, by: User, text: str) -> int:
    """An admin's word against a failed guard, kept for good; returns how many there are."""
    _winning_version(study)
    if _won(study).promotable:
        raise Refused("No guard blocks this promotion: there is nothing to override.")
    if not may(by, "admin"):
        raise Refused("Only admins override a guard.")
    if len(text.strip()) < MIN_REASON_CHARACTERS:
        raise Refused("Say in a sentence why the guard may be passed over.")
    _, made = Override.objects.get_or_create(study=study, user=by, defaults={"text": text.strip()})
    if not made:
        raise Refused("You have given your word already; a second admin is needed.")
    return int(study.overrides.count())


@transaction.atomic
def promote_winner(*, study: Study, by: User) -> Promotion:
    """Puts the winner of a closed study into production, with the hash of the study's export.

    All guards must hold, or two admins must have overridden them. Clicked twice at once, the
    second click finds the winner there.
    """
    Study.objects.locked(study.pk)
    current = Promotion.objects.current(study.stage)
    if current is not None and current.study_digest == study.digest:
        raise Refused("The winner of this study is in production already.")
    decision, version = _won(study), _winning_version(study)
    overrides = list(study.overrides.select_related("user"))
    if not decision.promotable and len(overrides) < MIN_OVERRIDES:
        why = code_names.with_labels(study, decision.failed.text)
        raise Refused(said("study.guard-blocks", why=why))
    words = [said("study.override", person=str(row.user), text=row.text) for row in overrides]
    told_again = [*told(study)["reasons"], *([] if decision.promotable else words)]
    reason = said("study.won", study=str(study), reasons=told_again)
    return training.promote(
        version=version,
        reason=reason,
        promoted_by=by,
        study_digest=study.digest,
        export_digest=exports.digest(study),
    )


def peek(*, study: Study, by: User) -> Result:
    """Interim results of an open study."""
    note_look(study=study, by=by)
    return results(study, options=verdict.QUICK)


def export(*, study: Study, by: User) -> bytes:
    """The study's zip; of an open one it tells as much as its interim results."""
    if study.is_open:
        note_look(study=study, by=by)
    return exports.as_zip(study)


@transaction.atomic
def note_look(*, study: Study, by: User) -> None:
    """A look into an open study is listed with its results, and ends the looker's vote in it."""
    row = Study.objects.locked(study.pk)  # no ballot of hers comes in between
    if row.ballots.filter(voter=by).exists():
        raise Refused("You vote in this study: its results stay hidden from you until it closes.")
    Peek.objects.create(study=row, user=by, votes=row.votes.ordinary().count())
