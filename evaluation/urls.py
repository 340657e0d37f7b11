"""Pages of studies: the voter's and the admin's."""

from django.urls import path

from evaluation.api import ballots
from evaluation.views import guests, planning, results, rivals, studies, voters

urlpatterns = [
    path("", studies.studies, name="studies"),
    path("new/", planning.new_study, name="new-study"),
    path("ballot/<str:token>/<str:slot>", ballots.ballot_image, name="ballot-image"),
    path("guest/<str:token>/", guests.open_link, name="guest-link"),
    path("<int:number>/", studies.study_page, name="study"),
    path("<int:number>/change/", planning.change_study, name="change-study"),
    path("<int:number>/rivals/", rivals.rivals, name="rivals"),
    path("<int:number>/rivals/<int:rival>/remove/", rivals.remove, name="remove-rival"),
    path("<int:number>/guests/", guests.invite, name="invite-guest"),
    path("<int:number>/guests/<int:guest_id>/withdraw/", guests.withdraw, name="withdraw-guest"),
    path("<int:number>/guests/<int:guest_id>/forget/", guests.forget, name="forget-guest"),
    path("<int:number>/delete/", planning.delete_draft, name="delete-draft"),
    path("<int:number>/conflict/", voters.declare_conflict, name="declare-conflict"),
    path("<int:number>/colours/", voters.colour_check, name="colour-check"),
    path("<int:number>/colours/<int:plate>", voters.plate, name="colour-plate"),
    path("<int:number>/override/", results.override, name="override-guards"),
    path("<int:number>/copy/<int:copy>", results.copy, name="blind-copy"),
    path("<int:number>/vote/", studies.vote_page, name="vote"),
    path("<int:number>/open/", planning.open_study, name="open-study"),
    path("<int:number>/draft/", planning.back_to_draft, name="back-to-draft"),
    path("<int:number>/close/", studies.close_study, name="close-study"),
    path("<int:number>/results/", results.result_page, name="results"),
    path("<int:number>/interim/", results.interim, name="interim"),
    path("<int:number>/promote/", results.promote, name="promote-winner"),
    path("<int:number>/export/", results.export, name="export-study"),
    path("<int:number>/key/", results.blind_key, name="blind-key"),
]
