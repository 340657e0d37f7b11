"""What a voter's page asks for: the next ballot, its pictures, a vote, a vote taken back.

Answers are allow-lists: nothing about candidates ever passes, and every wrong question gets one
identical 404.
"""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.logging import nameless
from config.web.roles import needs, passes
from config.web.schema.openapi import TOKEN
from config.web.strict_fields import Choice, Json, Number, Text, Whole
from evaluation.api.guests import GuestAuthentication, VoterOrGuest, guest_of, is_guest
from evaluation.models import Ballot, BlindCopy, Study, Vote
from evaluation.services import ballots, training_round, votes
from photos import storage

ORIGINAL = "original"
CASTABLE = [choice for choice in Vote.Outcome.choices if choice[0] != Vote.Outcome.UNDO]
NO_STORE = "no-store, private, no-transform"
NOT_FOUND = partial(HttpResponse, b"not found", status=404, content_type="text/plain")


class BallotView(serializers.Serializer[Any]):
    """All that a voter's browser may know."""

    token = serializers.CharField()
    images = serializers.ListField(child=serializers.CharField())
    original = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    cast = serializers.IntegerField(help_text="Her own votes in this study.")
    progress = serializers.IntegerField(help_text="Of the study, in steps of ten percent.")
    lesson = serializers.IntegerField(help_text="Which practice ballot of eight; 0: it counts.")


class ScreenForm(serializers.Serializer[Any]):
    """What the page tells of itself; logged with the vote."""

    width = Whole(min_value=0, max_value=100_000)
    height = Whole(min_value=0, max_value=100_000)
    ratio = Number(min_value=0, max_value=100, required=False)
    mode = Choice(choices=["side", "flip", "slider"], required=False)
    away = Whole(
        min_value=0, max_value=100_000, required=False, help_text="Times the page lost the focus."
    )


class VoteForm(serializers.Serializer[Any]):
    outcome = Choice(choices=CASTABLE)
    reasons = serializers.ListField(child=Text(max_length=80), required=False, max_length=12)
    seconds = Number(
        required=False,
        min_value=votes.MIN_VIEW_SECONDS,
        max_value=86_400,
        help_text="How long all pictures were visible.",
    )
    screen = ScreenForm(required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["outcome"] == Vote.Outcome.SKIP and not data.get("reasons"):
            raise serializers.ValidationError({"reasons": "Say why you cannot judge."})
        return data


class FeedbackView(serializers.Serializer[Any]):
    right = serializers.BooleanField()
    text = serializers.CharField()
    summary = serializers.CharField(help_text="At the end of a round, how it went.")


class VoteView(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    cast = serializers.IntegerField()
    feedback = FeedbackView(allow_null=True, help_text="After practice ballots alone.")


def voter_of(request: Request | HttpRequest) -> User:
    """Whoever is signed in, or the account that keeps a guest's votes."""
    if isinstance(request.user, User):
        return request.user
    guest = guest_of(request._request if isinstance(request, Request) else request)
    assert guest is not None and guest.account is not None  # noqa: S101  nobody else was let in
    return guest.account


def own_votes(study: Study, voter: User) -> int:
    return own_counts([study], voter).get(study.pk, 0)


def own_counts(studies: Collection[Study], voter: User) -> dict[UUID, int]:
    """By study; practice aside: that counts for nothing, her own number included."""
    names = [study.pseudonym(voter) for study in studies]
    mine = Vote.objects.standing().filter(study__in=studies, voter_pseudonym__in=names)
    mine = mine.exclude(ballot__kind=Ballot.Kind.TRAINING).order_by()
    return dict(mine.values_list("study").annotate(Count("pk")))


def own_ballot(token: str, request: Request) -> Ballot:
    rows = Ballot.objects.select_related("study")
    ballot = rows.filter(token=token, voter=voter_of(request)).first()
    if ballot is None:
        raise NotFound("There is no such ballot.")
    return ballot


class VoterAPI(APIView):
    authentication_classes = [*APIView.authentication_classes, GuestAuthentication]
    permission_classes = [VoterOrGuest]
    roles = ("voter",)
    parser_classes = [Json]

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = NO_STORE
        return response


class NextBallot(VoterAPI):
    @extend_schema(request=None, responses=BallotView)
    def post(self, request: Request, number: int) -> Response:
        """The ballot you hold, or a new one. 409 when the study takes no more votes."""
        study, voter = _study(number), voter_of(request)
        ballot, progress = ballots.hold(study=study, voter=voter)
        return Response(_view(ballot, voter, progress))


class BallotAhead(VoterAPI):
    @extend_schema(request=None, responses={200: BallotView, 204: None})
    def post(self, request: Request, number: int) -> Response:
        """The ballot after the one you hold, to fetch its pictures early. 204: none yet."""
        study, voter = _study(number), voter_of(request)
        ballot = ballots.ahead(study=study, voter=voter)
        if ballot is None:
            return Response(status=204)
        return Response(_view(ballot, voter, ballots.progress(study)))


def _study(number: int) -> Study:
    study = Study.objects.filter(number=number).first()
    if study is None:
        raise NotFound("There is no such study.")
    return study


def _view(ballot: Ballot, voter: User, progress: int) -> dict[str, Any]:
    copies = BlindCopy.objects.filter(study=ballot.study_id, photo=ballot.photo_id)
    width, height = copies.values_list("width", "height")[0]
    practice = ballot.kind == Ballot.Kind.TRAINING
    view = {
        "token": ballot.token,
        "images": [_address(ballot, str(slot)) for slot in range(len(ballot.slots))],
        "original": _address(ballot, ORIGINAL),
        "width": width,
        "height": height,
        "cast": own_votes(ballot.study, voter),
        "progress": progress,
        "lesson": training_round.number(ballot.study, voter) if practice else 0,
    }
    return dict(BallotView(view).data)


def _address(ballot: Ballot, slot: str) -> str:
    return reverse("ballot-image", args=[ballot.token, slot])


class CastVote(VoterAPI):
    @extend_schema(parameters=[TOKEN], request=VoteForm, responses=VoteView)
    def post(self, request: Request, token: str) -> Response:
        """Casts the vote. Sent twice, it is one vote; 409 when the study is closed."""
        ballot = own_ballot(token, request)
        form = VoteForm(data=request.data)
        form.is_valid(raise_exception=True)
        voter, outcomes = voter_of(request), votes.outcomes_of(ballot)
        if form.validated_data["outcome"] not in outcomes:
            raise serializers.ValidationError({"outcome": f"One of {', '.join(outcomes)}."})
        vote = votes.cast_vote(ballot=ballot, voter=voter, **form.validated_data)
        view = {
            "outcome": vote.outcome,
            "cast": own_votes(ballot.study, voter),
            "feedback": training_round.feedback(vote, voter),
        }
        return Response(VoteView(view).data)


class TakeBack(VoterAPI):
    @extend_schema(parameters=[TOKEN], request=None, responses={204: None})
    def post(self, request: Request, token: str) -> Response:
        """Takes the last vote back, within ten seconds and before the next one."""
        votes.take_back(ballot=own_ballot(token, request), voter=voter_of(request))
        return Response(status=204)


@passes(is_guest)
@needs("voter")
@nameless
def ballot_image(request: HttpRequest, token: str, slot: str) -> HttpResponse:
    """A blind copy's bytes: same headers and length for every slot, never cached."""
    guest = guest_of(request)
    if guest is not None and guest.is_over:
        return NOT_FOUND()
    mine = Ballot.objects.filter(token=token, voter=voter_of(request))
    ballot = mine.filter(state=Ballot.State.ISSUED).first()
    candidate = _candidate_position(ballot, slot)
    if ballot is None or candidate is None:
        return NOT_FOUND()
    place = None if candidate == ORIGINAL else int(candidate)
    copies = BlindCopy.objects.of_ballot(ballot)
    copy = next(copy for copy in copies if copy.place == place)
    if copy.image is None:  # the study is closed and the photograph erased
        return NOT_FOUND()
    response = HttpResponse(storage.read(copy.image), content_type="image/png")
    response["Content-Disposition"] = 'inline; filename="image"'
    response["Cache-Control"] = NO_STORE
    response["Referrer-Policy"] = "no-referrer"
    return response


def _candidate_position(ballot: Ballot | None, slot: str) -> int | str | None:
    if ballot is None:
        return None
    if slot == ORIGINAL:
        return ORIGINAL
    if slot.isdecimal() and len(slot) == 1 and int(slot) < len(ballot.slots):
        position: int = ballot.slots[int(slot)]
        return position
    return None
