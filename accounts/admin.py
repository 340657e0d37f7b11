"""Tokens in the admin site: to see who holds what, and to revoke; never to read one."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django_otp.plugins.otp_totp import admin as otp_admin  # its import registers the device

from accounts.forms import SomebodysPassword, SomebodysRights
from accounts.models import ApiToken, AuditEvent, Letter


@admin.action(description="Revoke the selected tokens")
def revoke(model_admin: Any, request: HttpRequest, rows: Any) -> None:
    for token in rows:
        token.revoke()


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    list_display = ["name", "hint", "user", "created_at", "used_at", "expires_at", "revoked_at"]
    list_select_related = ["user"]
    actions = [revoke]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister(User)
admin.site.unregister(Group)  # groups are roles: one renamed or deleted would take them from all
# Its pages show the secret of an authenticator app; *People* takes a lost one away instead.
admin.site.unregister(otp_admin.TOTPDevice)


@admin.register(User)
class PersonAdmin(UserAdmin):
    change_password_form = SomebodysPassword
    form = SomebodysRights

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are closed or forgotten on the people page: a deletion would take their work."""
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """To read, for nobody to change."""

    list_display = ["at", "name", "method", "route", "of", "status", "address"]
    search_fields = ["name", "route", "request_id"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    """How the post does; its text is nobody's business."""

    list_display = ["created_at", "kind", "to", "state", "attempt", "available_at", "error"]
    list_filter = ["state", "kind"]
    exclude = ["body"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
