"""The forms that make a token, and that change a password and revoke them."""

from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, PasswordChangeForm, UserChangeForm
from django.contrib.auth.models import User

from accounts import services
from accounts.models import YEAR
from accounts.people.admins import keep_one
from accounts.scopes import SCOPES
from accounts.time_zones import zones
from config.errors import Refused


class TimeZoneForm(forms.Form):
    """One of the zones that this machine knows; none: the browser's."""

    time_zone = forms.ChoiceField(label="Time zone", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["time_zone"])
        field.choices = [("", "As my browser"), *((name, name) for name in sorted(zones()))]


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, label="What will use it")
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES],
        initial=["restorations:read", "restorations:write"],
        widget=forms.CheckboxSelectMultiple,
        label="What it may do",
    )
    days = forms.IntegerField(
        min_value=1, max_value=3650, initial=YEAR, required=False, label="Days until it ends"
    )

    def clean_days(self) -> int:
        """Left empty it is a year as well: no token lives for ever by oversight."""
        return self.cleaned_data["days"] or YEAR


class OwnPassword(PasswordChangeForm):
    """A new password offers to revoke the tokens: whoever knew the old one may have made some."""

    revoke_tokens = forms.BooleanField(
        required=False,
        initial=True,
        label="Revoke my API tokens too",
        help_text="Programs that use them need new ones.",
    )

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)
        if self.cleaned_data["revoke_tokens"]:
            services.revoke_all(user)
        return user


class SomebodysPassword(AdminPasswordChangeForm):
    """The admin site's form for another's password: it is changed because something is wrong."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)
        services.revoke_all(user)
        return user


class SomebodysRights(UserChangeForm):
    """The admin site's form for an account: the last admin keeps his rights there too."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        groups = [group.name for group in given.get("groups", [])]
        rights = given.get("is_superuser") or "admin" in groups
        if not (rights and given.get("is_active")):
            try:
                keep_one(self.instance)
            except Refused as reason:
                raise forms.ValidationError(str(reason)) from reason
        return given
