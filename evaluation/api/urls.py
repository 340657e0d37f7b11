"""The voter's part of the API."""

from django.urls import path

from evaluation.api import ballots

urlpatterns = [
    path("studies/<int:number>/ballot", ballots.NextBallot.as_view(), name="next-ballot"),
    path("studies/<int:number>/ballot/ahead", ballots.BallotAhead.as_view(), name="ballot-ahead"),
    path("ballots/<str:token>/vote", ballots.CastVote.as_view(), name="cast-vote"),
    path("ballots/<str:token>/undo", ballots.TakeBack.as_view(), name="take-back"),
]
