"""Addresses that a load balancer, the supervisor and Prometheus ask."""

from django.urls import path

from jobs.monitoring import health, metrics

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
