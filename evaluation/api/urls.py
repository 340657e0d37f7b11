"""The voter's part of the API, what admins read of studies, and rivals for their scripts."""

from django.urls import path

from evaluation.api import ballots, rivals, studies

urlpatterns = [
    path("studies/", studies.Studies.as_view(), name="api_studies"),
    path("studies/<int:number>/", studies.OneStudy.as_view(), name="api_study"),
    path("studies/<int:number>/results/", studies.Results.as_view(), name="api_results"),
    path("studies/<int:number>/rivals/", rivals.Rivals.as_view(), name="api-rivals"),
    path("studies/<int:number>/ballot", ballots.NextBallot.as_view(), name="next-ballot"),
    path("studies/<int:number>/ballot/ahead", ballots.BallotAhead.as_view(), name="ballot-ahead"),
    path("ballots/<str:token>/vote", ballots.CastVote.as_view(), name="cast-vote"),
    path("ballots/<str:token>/undo", ballots.TakeBack.as_view(), name="take-back"),
]
