"""Studies in Django's admin: to look at, never to change."""

from django.contrib import admin
from django.http import HttpRequest

from evaluation.models import Candidate, Study


class CandidateInline(admin.TabularInline):
    model = Candidate
    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Study)
class StudyAdmin(admin.ModelAdmin):
    """Votes and ballots are not here at all: results have one page, and looking is logged."""

    list_display = ["number", "stage", "question", "state", "opened_at", "closed_at"]
    list_filter = ["state", "stage"]
    inlines = [CandidateInline]
    exclude = ["key", "decision", "photos", "seed"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
