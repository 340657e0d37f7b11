"""Pages count a thousand rows exactly and never a million."""

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template

from config.web.capped_count import Count, Pages, counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return User.objects.bulk_create(User(username=f"p{n}") for n in range(5))


def test_a_count_is_exact_up_to_its_limit(people):
    assert counted(User.objects.all(), 5) == Count(5)
    assert counted(User.objects.order_by("username"), 4) == Count(4, more=True)
    assert not counted(User.objects.none())


def test_the_limit_is_the_databases_own(people, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        counted(User.objects.all(), 3)
    assert "LIMIT 4" in asked.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    ("count", "said"),
    [(Count(0), "0 rows"), (Count(1), "1 row"), (Count(1000, more=True), "1,000+ rows")],
)
def test_templates_read_it_like_a_number(count, said):
    template = Template("{{ n }} row{{ n|pluralize }}")
    assert template.render(Context({"n": count})) == said


def test_pages_end_where_counting_ends(people, monkeypatch):
    monkeypatch.setattr("config.web.capped_count.LISTED", 4)
    pages = Pages(User.objects.order_by("username"), 2)
    assert (pages.count, pages.num_pages, pages.counted.more) == (4, 2, True)
