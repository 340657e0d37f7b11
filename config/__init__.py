"""Django's project package: settings, addresses, the Celery application, roles."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
