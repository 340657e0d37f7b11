"""Is the process alive, and can it serve? Asked by the supervisor and by load balancers."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from config.roles import public
from jobs import services
from jobs.models import Job


@public
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@public
def ready(request: HttpRequest) -> JsonResponse:
    """Ready when the database answers; sweeps too, in case no beat runs."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if Job.objects.lease_ended().exists() or Job.objects.unsent().exists():
            services.sweep()
    except Exception as error:
        return JsonResponse({"ready": False, "reason": type(error).__name__}, status=503)
    return JsonResponse({"ready": True})
