"""What a voter's page asks for: the next ballot, its pictures, a vote, a vote taken back.

Answers are allow-lists: nothing about candidates ever passes, and every wrong question gets one
identical 404.
"""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotate import blobs
from config.roles import HasRole, needs
from evaluation import voting
from evaluation.models import Ballot, Study, Vote

ORIGINAL = "original"
CASTABLE = [choice for choice in Vote.Outcome.choices if choice[0] != Vote.Outcome.UNDO]
NO_STORE = "no-store, private, no-transform"
BANDS = 10  # the study's progress is told in tenths


class BallotView(serializers.Serializer[Any]):
    """All that a voter's browser may know."""

    token = serializers.CharField()
    images = serializers.ListField(child=serializers.CharField())
    original = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    cast = serializers.IntegerField(help_text="Her own votes in this study.")
    progress = serializers.IntegerField(help_text="Of the study, in steps of ten percent.")


class VoteForm(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=CASTABLE)
    reasons = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=12
    )
    seconds = serializers.FloatField(required=False, min_value=0, max_value=86_400)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["outcome"] == Vote.Outcome.SKIP and not data.get("reasons"):
            raise serializers.ValidationError({"reasons": "Say why you cannot judge."})
        return data


class VoteView(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    cast = serializers.IntegerField()


def voter_of(request: Request | HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the role check let nobody else in
    return request.user


def own_votes(study: Study, voter: User) -> int:
    return int(study.votes.standing().filter(voter_pseudonym=study.pseudonym(voter)).count())


def own_ballot(token: str, request: Request) -> Ballot:
    ballot = Ballot.objects.filter(token=token, voter=voter_of(request)).first()
    if ballot is None:
        raise NotFound("There is no such ballot.")
    return ballot


class VoterAPI(APIView):
    permission_classes = [HasRole]
    roles = ("voter",)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = NO_STORE
        return response


class NextBallot(VoterAPI):
    @extend_schema(request=None, responses=BallotView)  # type: ignore[untyped-decorator]
    def post(self, request: Request, number: int) -> Response:
        """The ballot you hold, or a new one. 409 when the study takes no more votes."""
        study = Study.objects.filter(number=number).first()
        if study is None:
            raise NotFound("There is no such study.")
        voter = voter_of(request)
        ballot = voting.next_ballot(study=study, voter=voter)
        copy = study.blind_copies.filter(photo=ballot.photo_id).first()
        assert copy is not None  # noqa: S101  opening made sure of it
        share = study.votes.standing().count() / study.cap
        view = {
            "token": ballot.token,
            "images": [_address(ballot, str(slot)) for slot in range(len(ballot.slots))],
            "original": _address(ballot, ORIGINAL),
            "width": copy.width,
            "height": copy.height,
            "cast": own_votes(study, voter),
            "progress": min(BANDS, int(share * BANDS)) * 100 // BANDS,
        }
        return Response(BallotView(view).data)


def _address(ballot: Ballot, slot: str) -> str:
    return reverse("ballot-image", args=[ballot.token, slot])


class CastVote(VoterAPI):
    @extend_schema(request=VoteForm, responses=VoteView)  # type: ignore[untyped-decorator]
    def post(self, request: Request, token: str) -> Response:
        """Casts the vote. Sent twice, it is one vote; 409 when the study is closed."""
        ballot = own_ballot(token, request)
        form = VoteForm(data=request.data)
        form.is_valid(raise_exception=True)
        vote = voting.cast_vote(ballot=ballot, voter=voter_of(request), **form.validated_data)
        view = {"outcome": vote.outcome, "cast": own_votes(ballot.study, voter_of(request))}
        return Response(VoteView(view).data)


class TakeBack(VoterAPI):
    @extend_schema(request=None, responses={204: None})  # type: ignore[untyped-decorator]
    def post(self, request: Request, token: str) -> Response:
        """Takes the last vote back, within ten seconds and before the next one."""
        voting.take_back(ballot=own_ballot(token, request), voter=voter_of(request))
        return Response(status=204)


@needs("voter")
def ballot_image(request: HttpRequest, token: str, slot: str) -> HttpResponse:
    """A blind copy's bytes: same headers and length for every slot, never cached."""
    ballot = Ballot.objects.filter(
        token=token, voter=voter_of(request), state=Ballot.State.ISSUED
    ).first()
    candidate = _candidate_position(ballot, slot)
    if ballot is None or candidate is None:
        return HttpResponse(b"not found", status=404, content_type="text/plain")
    copies = ballot.study.blind_copies.filter(photo=ballot.photo_id)
    copy = (
        copies.get(candidate=None)
        if candidate == ORIGINAL
        else copies.in_slot(int(candidate)).get()
    )
    assert copy.image is not None  # noqa: S101  opening made sure of it
    response = HttpResponse(blobs.read(copy.image), content_type="image/png")
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
