"""Every address of the site, by room."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from config import operator
from config.web.schema.page import schema_page

handler400 = "config.web.error_responses.answer_400"
handler404 = "config.web.error_responses.answer_404"
handler500 = "config.web.outages.answer_500"
urlpatterns = [
    path("", include("evaluation.home_urls")),
    path("privacy/", operator.privacy, name="privacy"),
    path("imprint/", operator.imprint, name="imprint"),
    path("", include("pipeline.urls")),
    path("annotate/", include("annotate.urls")),
    path("training/", include("training.urls")),
    path("studies/", include("evaluation.urls")),
    path("activity/", include("jobs.urls")),
    path("account/", include("config.account_urls")),
    path("account/", include("accounts.urls")),
    path("", include("jobs.monitoring.urls")),
    path("api/v1/", include("config.api_urls")),
    path("api/", schema_page, name="api_page"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("admin/", admin.site.urls),
]
