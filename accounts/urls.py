"""Addresses of one's own account, of the people page, and of the doors that links open."""

from django.contrib.auth.views import PasswordChangeView
from django.urls import path

from accounts.forms import OwnPassword
from accounts.views import doors, inbox, own, people, second_factor, sign_on

urlpatterns = [
    path("password/", PasswordChangeView.as_view(form_class=OwnPassword), name="password_change"),
    path("time-zone/", own.time_zone, name="time_zone"),
    path("data/", own.own_data, name="own_data"),
    path("data/take/", own.take_home, name="take_home"),
    path("tokens/", own.tokens, name="tokens"),
    path("tokens/<int:number>/revoke/", own.revoke, name="token_revoke"),
    path("link/<str:token>/", doors.open_link, name="open_link"),
    path("forgot/", doors.forgot, name="forgot"),
    path("sign-on/", sign_on.begin, name="sign_on"),
    path("sign-on/back/", sign_on.back, name="sign_on_back"),
    path("sign-on/link/", sign_on.link, name="sign_on_link"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/mail/", inbox.choose_mail, name="inbox_mail"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/off/", second_factor.turn_off, name="second_factor_off"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/links/<int:link_id>/withdraw/", people.withdraw, name="link_withdraw"),
    path("people/audit/", people.audit, name="audit"),
    path("people/<int:person_id>/", people.one, name="person"),
    path("people/<int:person_id>/roles/", people.set_roles, name="person_roles"),
    path("people/<int:person_id>/reset/", people.reset, name="person_reset"),
    path("people/<int:person_id>/deactivate/", people.deactivate, name="person_deactivate"),
    path("people/<int:person_id>/activate/", people.activate, name="person_activate"),
    path("people/<int:person_id>/unlock/", people.unlock, name="person_unlock"),
    path("people/<int:person_id>/sign-out/", people.sign_out, name="person_sign_out"),
    path("people/<int:person_id>/second-factor/", people.no_factor, name="person_no_factor"),
    path("people/<int:person_id>/single-sign-on/", people.unlink, name="person_unlink"),
    path("people/<int:person_id>/forget/", people.forget, name="person_forget"),
]
