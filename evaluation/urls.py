"""Pages of studies: the voter's and the admin's."""

from django.urls import path

from evaluation import api, views, voters

urlpatterns = [
    path("", views.studies, name="studies"),
    path("new/", views.new_study, name="new-study"),
    path("ballot/<str:token>/<str:slot>", api.ballot_image, name="ballot-image"),
    path("plate/<int:plate>", voters.plate, name="colour-plate"),
    path("<int:number>/", views.study_page, name="study"),
    path("<int:number>/change/", views.change_study, name="change-study"),
    path("<int:number>/delete/", views.delete_draft, name="delete-draft"),
    path("<int:number>/conflict/", voters.declare_conflict, name="declare-conflict"),
    path("<int:number>/colours/", voters.colour_check, name="colour-check"),
    path("<int:number>/override/", views.override, name="override-guards"),
    path("<int:number>/copy/<int:copy>", views.copy, name="blind-copy"),
    path("<int:number>/vote/", views.vote_page, name="vote"),
    path("<int:number>/open/", views.open_study, name="open-study"),
    path("<int:number>/draft/", views.back_to_draft, name="back-to-draft"),
    path("<int:number>/close/", views.close_study, name="close-study"),
    path("<int:number>/results/", views.result_page, name="results"),
    path("<int:number>/interim/", views.interim, name="interim"),
    path("<int:number>/promote/", views.promote, name="promote-winner"),
    path("<int:number>/export/", views.export, name="export-study"),
    path("<int:number>/key/", views.blind_key, name="blind-key"),
]
