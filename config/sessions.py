"""Who is asking: the session and its user, as Django keeps them; every request looks for both."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, IntegerField
from django.utils import timezone

from config.prepared import Find, Given

KEY, MOMENT = Given("key", CharField()), Given("moment", DateTimeField())
SESSIONS = Find(lambda: Session.objects.filter(session_key=KEY, expire_date__gt=MOMENT))
USERS = Find(lambda: User.objects.filter(pk=Given("pk", IntegerField())))


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
        return next(filter(self.user_can_authenticate, USERS(pk=user_id)), None)
