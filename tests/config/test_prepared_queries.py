"""Statements whose SQL is built once: the same answers as ever, for whatever is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Concat

from config.web.prepared_queries import Change, Find, Given
from config.web.roles import roles_of
from tests.conftest import person

NAMED = Find(lambda: User.objects.filter(username=Given("name", CharField())))


@pytest.mark.django_db
def test_the_same_query_finds_what_is_told_each_time(assessor, voter):
    for user in (assessor, voter, assessor):
        assert NAMED(name=user.username) == [user]
    assert NAMED(name="nobody") == []


@pytest.mark.django_db
def test_a_value_is_never_read_as_sql(assessor):
    assert NAMED(name="' OR 1=1 --") == NAMED(name="%s") == []


@pytest.mark.django_db
def test_a_change_says_how_many_rows_it_changed(assessor):
    rename = Change(
        lambda: User.objects.filter(pk=Given("pk", IntegerField())),
        first_name=Concat(F("username"), Value(" "), Given("last", CharField())),
    )
    assert (rename(pk=assessor.pk, last="L."), rename(pk=0, last="L.")) == (1, 0)
    assessor.refresh_from_db()
    assert assessor.first_name == "ada L."


@pytest.mark.django_db(transaction=True)
@pytest.mark.services
def test_each_thread_builds_its_own():
    people = [person(f"painter{number}", "assessor") for number in range(6)]

    def ask(user):
        try:
            return NAMED(name=user.username)[0].pk, roles_of(User(pk=user.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(ask, people))
    assert found == [(user.pk, {"assessor"}) for user in people]


@pytest.mark.django_db
@pytest.mark.services
def test_who_lost_session_role_or_account_is_out_at_once(client, assessor):
    def status():
        return client.get("/annotate/").status_code

    client.force_login(assessor)
    assert status() == 200
    assessor.groups.clear()
    assert status() == 403
    assessor.groups.add(Group.objects.get(name="assessor"))
    User.objects.update(is_active=False)
    assert status() == 302
    client.force_login(assessor)
    User.objects.update(is_active=True)
    assert status() == 200
    Session.objects.all().delete()
    assert status() == 302
