"""Who is asking: the session and its user, as Django keeps them; every request looks for both."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet
from django.utils import timezone

from config.web.prepared_queries import Find, Given
from config.web.roles import keep_roles

KEY, MOMENT = Given("key", CharField()), Given("moment", DateTimeField())
SESSIONS = Find(lambda: Session.objects.filter(session_key=KEY, expire_date__gt=MOMENT))


def _with_groups() -> QuerySet[User]:
    """The user as often as it has groups, each time with one of their names; once without any."""
    pk = Given("pk", IntegerField())
    return User.objects.filter(pk=pk).annotate(group=F("groups__name")).order_by()


USERS = Find(_with_groups)


class SessionStore(db.SessionStore):
    """Django's own; a session that was ended anywhere is found nowhere."""

    def _get_session_from_db(self) -> Session | None:
        for session in SESSIONS(key=self.session_key, moment=timezone.now()):
            return session
        self._session_key = None
        return None


class Accounts(ModelBackend):
    """Django's own; whoever was locked out or deleted is nobody at once."""

    def get_user(self, user_id: int) -> User | None:
        rows = USERS(pk=user_id)
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        keep_roles(rows[0], [row.group for row in rows])  # type: ignore[attr-defined]
        return rows[0]
