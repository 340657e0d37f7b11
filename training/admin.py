"""Rows of the training room, to look at: everything is changed by its own verb on the pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from training.models import DatasetSnapshot, ModelVersion, Promotion, SnapshotItem, TrainingRun


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DatasetSnapshot)
class DatasetSnapshotAdmin(ReadOnly):
    list_display = ["name", "digest", "seed", "created_at"]


@admin.register(SnapshotItem)
class SnapshotItemAdmin(ReadOnly):
    list_display = ["snapshot", "photo", "split", "group", "mask_origin", "licence"]
    list_filter = ["split", "mask_origin"]
    list_select_related = ["snapshot", "photo"]


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnly):
    list_display = ["stage", "recipe_name", "snapshot", "job", "created_at"]
    list_select_related = ["snapshot", "job"]
    list_filter = ["stage"]


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly):
    list_display = ["name", "stage", "origin", "gate_passed", "created_at"]
    list_filter = ["stage", "origin"]


@admin.register(Promotion)
class PromotionAdmin(ReadOnly):
    list_display = ["stage", "version", "reason", "promoted_by", "created_at"]
    list_select_related = ["version", "promoted_by"]
    list_filter = ["stage"]
