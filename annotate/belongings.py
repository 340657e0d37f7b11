"""What a person had begun to paint, for whoever goes on with it when she leaves."""

from django.contrib.auth.models import User

from accounts.people.handing_over import drafts_go, drafts_of
from annotate.models import CHECKED, Assignment
from annotate.services.handing_over import hand_over_drafts


@drafts_of
def count(user: User) -> int:
    begun = Assignment.objects.unfinished(user).exclude(purpose__in=CHECKED)
    return begun.filter(mask__revision__gt=0).count()


@drafts_go
def go(user: User, to: User | None) -> int:
    return hand_over_drafts(user, to)
