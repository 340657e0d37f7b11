"""Where people begin: staff on their work, with the loop. The first screen is the pipeline's."""

from django.urls import path

from evaluation.views import work

urlpatterns = [
    path("work/", work.work, name="work"),
    path("loop/", work.loop, name="loop"),
]
