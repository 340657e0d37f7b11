"""Which ballot a voter gets next: the held one, practice, a control, or a new choice."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from config.errors import Refused
from evaluation.models import Ballot, Study, Vote
from evaluation.services import control_ballots, guests, training_round, vote_log
from evaluation.statistics.pair_selection import Pair, PairRule, shuffled_pairs
from evaluation.statistics.running_state import Standing
from evaluation.statistics.strata import UNNAMED

APART = 20  # ballots before a voter may see the same photo again
REDRAWS = 20  # automatic equals in a row before only differing pictures are drawn
SESSION = timedelta(minutes=25)
REST = timedelta(minutes=3)
MAX_VOTES_PER_VOTER = 1500  # that anybody casts in two sessions
AT_FIRST = [  # practice and repeats aside
    Ballot.Kind.ORDINARY,
    Ballot.Kind.SECOND,
    Ballot.Kind.GOLD,
]
CLOSED = "This study is closed: no more votes are taken."
ENOUGH = "This study has all the votes it needs. Thank you."
AUTHOR = "You had a part in one of the candidates, so you cannot vote here."
LOOKED = "You have looked at this study's results, so you cannot vote in it any more."
NOTHING = "The candidates left give equal pictures everywhere: there is nothing to vote on."


class StudyPictures:
    """The frozen digests of a study: photo to candidate position to pixels; weights of strata."""

    def __init__(self, study: Study) -> None:
        plan = study.plan
        self.models = len(plan["candidates"])
        self.categories = {p["id"]: p["category"] or UNNAMED for p in plan["photos"]}
        rows = zip(*[iter(plan["pixels"])] * self.models, strict=True)
        self.pixels = dict(zip(self.categories, rows, strict=True))
        here = {str(pk) for pk in study.photos.order_by().values_list("pk", flat=True)}
        self.photos = [photo for photo in self.categories if photo in here]
        self.weights = {k: float(v) for k, v in (plan.get("weights") or {}).items()}

    def differ(self, photo: str, shown: Sequence[int]) -> bool:
        """Whether no two of the shown are equal on this photo."""
        pixels = self.pixels[photo]
        return len({pixels[position] for position in shown}) == len(shown)

    @cached_property
    def pairs_that_differ(self) -> set[Pair]:
        pairs = shuffled_pairs(list(range(self.models)), np.random.default_rng(0))
        return {pair for pair in pairs if any(self.differ(photo, pair) for photo in self.photos)}

    def draw(self, among: Sequence[str], seen: Sequence[str]) -> str:
        """A stratum by its registered weight, then a photo uniformly within it."""
        fresh = [photo for photo in among if photo not in seen] or list(among)
        strata: dict[str, list[str]] = {}
        for photo in fresh:
            strata.setdefault(self.categories[photo], []).append(photo)
        names = sorted(strata)
        weights = [
            self.weights.get(name, 0.0) if self.weights else len(strata[name]) for name in names
        ]
        if sum(weights) <= 0:
            weights = [1.0] * len(names)
        chosen = secrets.SystemRandom().choices(names, weights)[0]
        return secrets.choice(sorted(strata[chosen]))


def next_ballot(*, study: Study, voter: User) -> Ballot:
    """The ballot she still holds, or a new one. Reload and another device get the same."""
    return hold(study=study, voter=voter)[0]


def hold(*, study: Study, voter: User) -> tuple[Ballot, int]:
    """Her ballot, and the study's progress in percent."""
    with transaction.atomic():
        held = _enter(study, voter)
        return held[0] if held else _issue(study, voter), progress(study)


def ahead(*, study: Study, voter: User) -> Ballot | None:
    """The ballot after the one she looks at, so that its pictures can be fetched meanwhile.

    None where there is no telling yet: in practice, at a break, or when the study has enough.
    """
    with transaction.atomic():
        try:
            held = _enter(study, voter)
            if len(held) != 1 or held[0].kind == Ballot.Kind.TRAINING:
                return held[1] if len(held) > 1 else None
            return _issue(study, voter)
        except Refused:
            return None


def _enter(study: Study, voter: User) -> list[Ballot]:
    """The ballots she holds. Her own requests wait for each other here, not for other voters'."""
    list(User.objects.select_for_update(no_key=True).filter(pk=voter.pk).values_list("pk"))
    if study.state == Study.State.CLOSED:
        raise Refused(CLOSED)
    if not study.is_open:
        raise Refused("This study is not open yet.")
    if study.peeks.filter(user=voter).exists():
        raise Refused(LOOKED)
    guests.check(study, voter)
    held = study.ballots.filter(voter=voter, state=Ballot.State.ISSUED).order_by("issued_at")
    return [ballot for ballot in held if not (ballot.is_stale and ballot.expire())]


def progress(study: Study) -> int:
    """Ordinary votes of the cap, in steps of ten percent: enough for a band."""
    count = int(study.votes.ordinary().count())
    return min(10, count * 10 // max(1, int(study.plan["cap"]))) * 10


def takes_no_more(study: Study) -> bool:
    """Whether an open study is decided or has its most votes; says nothing of who leads."""
    return _has_enough(study, vote_log.standing(study))


def _has_enough(study: Study, standing: Standing) -> bool:
    return standing.contest.decided or standing.ordinary >= study.cap


def resting_until(study: Study, voter: User) -> datetime | None:
    """After 25 minutes of voting without a pause, the moment when a break has lasted."""
    since = timezone.now() - 2 * SESSION - REST
    mine = Vote.objects.filter(study=study, voter_pseudonym=study.pseudonym(voter))
    times = mine.filter(cast_at__gt=since).order_by("-sequence").values_list("cast_at", flat=True)
    return _rest_after(list(times[:MAX_VOTES_PER_VOTER]))


def _rest_after(times: Sequence[datetime]) -> datetime | None:
    """The same, from the moments of the latest votes, latest first."""
    if not times or timezone.now() - times[0] >= REST:
        return None
    start = times[0]
    for before in times[1:]:
        if start - before >= REST:
            break
        start = before
    return times[0] + REST if times[0] - start >= SESSION else None


def _issue(study: Study, voter: User) -> Ballot:
    if study.has_author(voter):
        return _practice(study, voter)
    until = resting_until(study, voter)
    if until is not None:
        raise Refused(
            "You have voted for 25 minutes: rest your eyes. "
            f"The next pictures wait from {until:%H:%M} UTC on."
        )
    if (lesson := training_round.draw(study, voter)) is not None:
        return Ballot.objects.create(study=study, voter=voter, **lesson)
    standing = vote_log.standing(study)
    if _has_enough(study, standing):
        raise Refused(ENOUGH)
    guests.check_more(study, voter)
    control = control_ballots.draw(study, voter, standing)
    if control is not None:
        return Ballot.objects.create(study=study, voter=voter, **control)
    return _ordinary(study, voter, standing)


def _practice(study: Study, voter: User) -> Ballot:
    """Whoever had a part in a candidate may only practise, once."""
    lesson = training_round.draw(study, voter)
    if lesson is None:
        raise Refused(AUTHOR)
    return Ballot.objects.create(study=study, voter=voter, **lesson)


def _ordinary(study: Study, voter: User, standing: Standing) -> Ballot:
    pictures = StudyPictures(study)
    if len(standing.alive) < 2 or not _left(pictures, standing.alive):
        raise Refused(NOTHING)
    seen = _seen(study, voter)
    rule = _pair_rule(study, standing)
    for _ in range(REDRAWS):
        shown = _choose(study, standing, pictures, rule)
        photo = pictures.draw(pictures.photos, seen[: min(APART, len(pictures.photos) - 1)])
        if pictures.differ(photo, shown):
            return _create(study, voter, photo, shown)
        if len(shown) == 2:
            _record_equal(study, voter, photo, shown)
    among = [photo for photo in pictures.photos if pictures.differ(photo, shown)]
    if not among:  # of many, at least one pair differs somewhere
        shown = list(min(_left(pictures, standing.alive)))
        among = [photo for photo in pictures.photos if pictures.differ(photo, shown)]
    photo = pictures.draw(among, seen[: min(APART, len(among) - 1)])
    return _create(study, voter, photo, shown)


def _left(pictures: StudyPictures, alive: Sequence[int]) -> set[Pair]:
    return {pair for pair in pictures.pairs_that_differ if set(pair) <= set(alive)}


def _seen(study: Study, voter: User) -> list[str]:
    """The photos of her latest ballots, latest first; practice and repeats aside."""
    mine = study.ballots.filter(voter=voter, kind__in=AT_FIRST).order_by("-issued_at")
    return [str(pk) for pk in mine.values_list("photo_id", flat=True)[:APART]]


def _pair_rule(study: Study, standing: Standing) -> PairRule:
    """Round robin first, in an order from the study's seed; then top-two Thompson."""
    rng = np.random.default_rng(secrets.randbits(128))
    rule = PairRule(standing.models, rng, opening=_opening(study, standing))
    rule.refresh(standing.steer_wins, standing.steer_ties)
    return rule


def _opening(study: Study, standing: Standing) -> list[Pair]:
    """What is left of the first round. Only there voters wait for each other: a pair is for one."""
    pairs = shuffled_pairs(list(range(standing.models)), np.random.default_rng(study.seed))
    if standing.ordinary >= len(pairs):
        return []
    Study.objects.locked(study.pk)
    rows = study.ballots.filter(kind=Ballot.Kind.ORDINARY).order_by()
    return pairs[len(rows.values_list("pk", flat=True)[: len(pairs)]) :]


def _choose(study: Study, standing: Standing, pictures: StudyPictures, rule: PairRule) -> list[int]:
    """Live candidates: two by the rule, or N at random."""
    if study.ballot_size > 2 and len(standing.alive) > 2:
        size = min(study.ballot_size, len(standing.alive))
        return secrets.SystemRandom().sample(standing.alive, size)
    for _ in range(200):
        first, second = sorted(rule.next_pair(standing.alive))
        if (first, second) in pictures.pairs_that_differ:
            return [first, second]
    raise Refused(NOTHING)


def _create(
    study: Study,
    voter: User,
    photo: str,
    shown: Sequence[int],
    kind: str = Ballot.Kind.ORDINARY,
) -> Ballot:
    return Ballot.objects.create(
        study=study, voter=voter, photo_id=photo, slots=shuffled(shown), kind=kind
    )


def shuffled(shown: Sequence[int]) -> list[int]:
    """A uniform order from the system's own source of chance."""
    slots = list(shown)
    secrets.SystemRandom().shuffle(slots)
    return slots


def _record_equal(study: Study, voter: User, photo: str, shown: Sequence[int]) -> None:
    """Equal pixels are a vote that nobody need cast: recorded, never shown, no evidence."""
    study = Study.objects.locked(study.pk)
    if not study.is_open:
        raise Refused(CLOSED)
    ballot = _create(study, voter, photo, shown, kind=Ballot.Kind.AUTOMATIC)
    ballot.cast()
    vote_log.append(study=study, ballot=ballot, pseudonym="", outcome="equal")
