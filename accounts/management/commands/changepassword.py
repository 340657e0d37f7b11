"""`manage.py changepassword USERNAME`: Django's own; tokens end with the old password."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.models import User

from accounts import services


class Command(changepassword.Command):
    help = "Changes a password and revokes the account's API tokens."

    def handle(self, *args: Any, **options: Any) -> str:
        """Raises CommandError, and revokes nothing, where the password stays."""
        said = super().handle(*args, **options)
        user = User.objects.get(username=options["username"] or getpass.getuser())
        return f"{said}; API tokens revoked: {services.revoke_all(user)}"
