"""Photos, masks and reviews in the admin site: to look at; changes go through the pages."""

from django.contrib import admin
from django.http import HttpRequest

from annotate.models import Assignment, DefectMask, Review
from photos.models import Photo


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    list_display = ["title", "state", "origin", "album", "wants_mask", "priority", "created_at"]
    list_filter = ["state", "origin", "wants_mask", "training_allowed"]
    search_fields = ["title", "album", "source", "licence"]


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["photo", "assessor", "state", "lease_until", "with_suggestion"]
    list_filter = ["state", "with_suggestion"]
    list_select_related = ["photo", "assessor"]


@admin.register(DefectMask)
class DefectMaskAdmin(ReadOnlyAdmin):
    list_display = ["photo", "author", "state", "origin", "revision", "submitted_at"]
    list_filter = ["state", "origin"]
    list_select_related = ["photo", "author"]


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["mask", "reviewer", "verdict", "created_at"]
    list_filter = ["verdict"]
    list_select_related = ["mask__photo", "reviewer"]
