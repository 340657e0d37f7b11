"""The people page for admins: who is there, what they may do, and what was done."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.mail.outbox import mail_is_set_up
from accounts.models import ApiToken, AuditEvent, OneUseLink
from accounts.people import access, links, sessions
from accounts.people.acts import acts
from accounts.people.admins import not_above, not_oneself
from accounts.people.forms import InviteForm, LeavingForm, RolesForm
from accounts.people.handing_over import drafts
from accounts.personal.forgetting import FORMER, forget_person
from accounts.second_factor.codes import has_device, remove
from accounts.single_sign_on import people as sign_on
from config.errors import Refused
from config.web.capped_count import Pages, kept
from config.web.roles import needs, roles_of

A_PAGE, ACTS_SHOWN = 50, 10


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)


@needs("admin")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, found by name or address; invitations that wait; the latest acts.

    Guests of studies are no people of the site: their studies list them.
    """
    words, state = request.GET.get("q", "").strip()[:150], request.GET.get("state", "")
    rows = User.objects.filter(guest=None).prefetch_related("groups").order_by("username")
    if words:
        rows = rows.filter(Q(username__icontains=words) | Q(email__icontains=words))
    if state in ("open", "closed"):
        rows = rows.filter(is_active=state == "open")
    waiting = OneUseLink.objects.usable().filter(kind="invite").select_related("made_by")
    context = {
        "page": Pages(rows, A_PAGE).get_page(request.GET.get("page")),
        "locked": access.locked_names(),
        "words": words,
        "state": state,
        "keep": kept(request),
        "keep_others": kept(request, "invitations"),
        "invitations": Pages(waiting, A_PAGE).get_page(request.GET.get("invitations")),
        "acts": acts(AuditEvent.objects.all()[:ACTS_SHOWN]),
    }
    return render(request, "accounts/people.html", context)


@needs("admin")
@never_cache
@sensitive_variables("secret")
def invite(request: HttpRequest) -> HttpResponse:
    """The form; the answer to a post shows the link, this once."""
    form, address = InviteForm(request.POST or None, initial={"roles": ["assessor"]}), ""
    if request.method == "POST" and form.is_valid():
        try:
            address = links.address(links.invite(by=_by(request), **form.cleaned_data)[1])
        except Refused as reason:
            form.add_error(None, str(reason))
    context = {"form": form, "address": address, "mail": mail_is_set_up()}
    return render(request, "accounts/invite.html", context, status=400 if form.errors else 200)


@needs("admin")
@require_POST
def withdraw(request: HttpRequest, link_id: int) -> HttpResponse:
    if get_object_or_404(OneUseLink, pk=link_id).withdraw():
        messages.success(request, "The link opens nothing any more.")
    return redirect("people")


@needs("admin")
@require_safe
@never_cache
def one(request: HttpRequest, person_id: int) -> HttpResponse:
    return _one(request, get_object_or_404(User, pk=person_id))


def _one(request: HttpRequest, person: User, **more: Any) -> HttpResponse:
    """The page of a person; `more` brings a link that is shown this once."""
    context = {
        "person": person,
        "held": sorted(roles_of(person)),
        "form": RolesForm(initial={"roles": [group.name for group in person.groups.all()]}),
        "leaving": LeavingForm(leaving=person),
        "drafts": drafts(person),
        "tokens": ApiToken.objects.usable().filter(user=person).count(),
        "locked": person.username in access.locked_names(),
        "forgotten": person.username == f"{FORMER}{person.pk}",
        "acts": acts(AuditEvent.objects.filter(person=person.pk)[:ACTS_SHOWN]),
        "factor": has_device(person),
        "mail": mail_is_set_up(),
        **more,
    }
    return render(request, "accounts/person.html", context)


@needs("admin")
@require_POST
def set_roles(request: HttpRequest, person_id: int) -> HttpResponse:
    person, form = get_object_or_404(User, pk=person_id), RolesForm(request.POST)
    if not form.is_valid():
        raise Refused("There is no such role.")
    access.set_roles(person, form.cleaned_data["roles"], by=_by(request))
    messages.success(request, f"{person} has these roles now.")
    return redirect("person", person_id)


@needs("admin")
@require_POST
@never_cache
@sensitive_variables("secret")
def reset(request: HttpRequest, person_id: int) -> HttpResponse:
    """A link for a new password, shown this once: the admin passes it on."""
    person = get_object_or_404(User, pk=person_id)
    secret = links.reset(person, by=_by(request))[1]
    return _one(request, person, address=links.address(secret))


@needs("admin")
@require_POST
def deactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    count = access.deactivate(person, by=_by(request), drafts_to=_drafts_to(request, person))
    messages.success(request, f"{person} is closed; unfinished masks handed over: {count}.")
    return redirect("person", person_id)


def _drafts_to(request: HttpRequest, leaving: User) -> User | None:
    form = LeavingForm(request.POST, leaving=leaving)
    if not form.is_valid():
        raise Refused("Drafts go to a person who paints and whose account is open.")
    chosen: User | None = form.cleaned_data["drafts_to"]
    return chosen


@needs("admin")
@require_POST
def activate(request: HttpRequest, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    access.activate(person, by=_by(request))
    messages.success(request, f"{person} is open again.")
    return redirect("person", person_id)


@needs("admin")
@require_POST
def unlock(request: HttpRequest, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    access.unlock(person)
    messages.success(request, f"{person} may try again.")
    return redirect("person", person_id)


@needs("admin")
@require_POST
def sign_out(request: HttpRequest, person_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=person_id)
    not_above(person, _by(request))
    ended, revoked = sessions.sign_out_everywhere(person)
    messages.success(request, f"Sessions ended: {ended}; tokens revoked: {revoked}.")
    return redirect("person", person_id)


@needs("admin")
@require_POST
def no_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    """For a telephone that is lost with the recovery codes; one's own goes by a code."""
    person = get_object_or_404(User, pk=person_id)
    not_above(person, _by(request))
    not_oneself(person, _by(request), "take the second factor from")
    remove(person)
    sessions.sign_out_everywhere(person)
    messages.success(request, f"{person} signs in by password alone until she sets up another.")
    return redirect("person", person_id)


@needs("admin")
@require_POST
def unlink(request: HttpRequest, person_id: int) -> HttpResponse:
    """For a link to the wrong account at the provider, or to one that left it."""
    person = get_object_or_404(User, pk=person_id)
    sign_on.unlink(person, by=_by(request))
    said = f"{person} is linked to no account at the sign-in provider any more."
    if not person.has_usable_password():
        said += " There is no password either: make a link for one."
    messages.success(request, said)
    return redirect("person", person_id)


@needs("admin")
@require_POST
def forget(request: HttpRequest, person_id: int) -> HttpResponse:
    """Takes name and keys for ever; the name is typed, so that nobody does it by a slip."""
    person = get_object_or_404(User, pk=person_id)
    if request.POST.get("name") != person.username:
        raise Refused("Type the name of the account to forget it.")
    if person.pk == request.user.pk:
        raise Refused("You cannot forget yourself: another admin can.")
    not_above(person, _by(request))
    forget_person(person, drafts_to=_drafts_to(request, person))
    messages.success(request, "The account has no name and no keys any more.")
    return redirect("person", person_id)


@needs("admin")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """What people with power did, the latest first; by person and by words of the address."""
    words, who = request.GET.get("q", "").strip()[:150], request.GET.get("who", "").strip()[:150]
    rows = AuditEvent.objects.all()
    if who:
        rows = rows.filter(name__icontains=who)
    if words:
        rows = rows.filter(route__icontains=words)
    page = Pages(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "acts": acts(page.object_list), "words": words, "who": who}
    context["keep"] = kept(request)
    return render(request, "accounts/audit.html", context)
