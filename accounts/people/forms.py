"""Forms of the people page, and of the doors that its links open."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm, UsernameField
from django.contrib.auth.models import User

from config.web.roles import ROLES

WHAT_ROLES_DO = {
    "assessor": "assessor: paints defects",
    "reviewer": "reviewer: judges masks, sees training and activity",
    "voter": "voter: votes in blind studies",
    "admin": "admin: everything, people too",
}
ROLE_CHOICES = [(role, WHAT_ROLES_DO[role]) for role in ROLES]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        choices=ROLE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple, label="Roles"
    )


class InviteForm(RolesForm):
    name = forms.CharField(
        max_length=150, required=False, label="Name", help_text="Proposed; she may choose another."
    )
    email = forms.EmailField(required=False, label="E-mail address")
    field_order = ("name", "email", "roles")


class LeavingForm(forms.Form):
    """To whom unfinished work goes; empty: back to the queue, with what was painted."""

    drafts_to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        empty_label="back to the queue",
        label="Unfinished masks go",
    )

    def __init__(self, *args: Any, leaving: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        painters = User.objects.filter(
            groups__name__in=["assessor", "reviewer", "admin"], is_active=True
        )
        field: Any = self.fields["drafts_to"]
        field.queryset = painters.exclude(pk=leaving.pk).distinct().order_by("username")


class NewPasswordForm(SetPasswordForm):
    """Twice the same, and by the rules of Django's validators."""


class JoinForm(SetPasswordForm):
    """A name, perhaps an address, and a password: the account does not exist yet."""

    username = UsernameField(max_length=150, label="Name", validators=[User.username_validator])
    email = forms.EmailField(required=False, label="E-mail address")
    field_order = ("username", "email", "new_password1", "new_password2")

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists() or name.startswith("former-"):
            raise forms.ValidationError("This name is taken: choose another.")
        self.user.username = name  # a password must not be alike to it
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.user.email = email
        return email


class ForgotForm(forms.Form):
    account = forms.CharField(max_length=254, label="Name or e-mail address")
