"""The voter's part of the API, and rivals for admins' scripts."""

from django.urls import path

from evaluation.api import ballots, rivals

urlpatterns = [
    path("studies/<int:number>/rivals/", rivals.Rivals.as_view(), name="api-rivals"),
    path("studies/<int:number>/ballot", ballots.NextBallot.as_view(), name="next-ballot"),
    path("studies/<int:number>/ballot/ahead", ballots.BallotAhead.as_view(), name="ballot-ahead"),
    path("ballots/<str:token>/vote", ballots.CastVote.as_view(), name="cast-vote"),
    path("ballots/<str:token>/undo", ballots.TakeBack.as_view(), name="take-back"),
]
