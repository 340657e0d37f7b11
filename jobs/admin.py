"""Jobs in the admin site: to look at, never to edit."""

from django.contrib import admin
from django.http import HttpRequest

from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "state", "attempt", "created_at", "finished_at"]
    list_filter = ["state", "queue", "kind"]
    search_fields = ["title", "kind", "error"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False
