"""Addresses that a load balancer and the supervisor ask."""

from django.urls import path

from jobs import health

urlpatterns = [
    path("live", health.live, name="health_live"),
    path("ready", health.ready, name="health_ready"),
]
