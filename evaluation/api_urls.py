"""The voter's part of the API."""

from django.urls import path

from evaluation import api

urlpatterns = [
    path("studies/<int:number>/ballot", api.NextBallot.as_view(), name="next-ballot"),
    path("studies/<int:number>/ballot/ahead", api.BallotAhead.as_view(), name="ballot-ahead"),
    path("ballots/<str:token>/vote", api.CastVote.as_view(), name="cast-vote"),
    path("ballots/<str:token>/undo", api.TakeBack.as_view(), name="take-back"),
]
