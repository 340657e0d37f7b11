"""The form that makes a token."""

from django import forms

from accounts.scopes import SCOPES


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, label="What will use it")
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES],
        initial=["restorations:read", "restorations:write"],
        widget=forms.CheckboxSelectMultiple,
        label="What it may do",
    )
    days = forms.IntegerField(
        min_value=1, max_value=3650, initial=365, required=False, label="Days until it ends"
    )
