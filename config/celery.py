"""The Celery application, and the name of the embedded broker."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# By string, so that config imports no app.
TRANSPORT_ALIASES["embedded"] = "jobs.broker:Transport"

app = Celery("heirloom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["jobs"])
