"""Search ignores case and accents, alike on every database."""

import unicodedata

import pytest
from django.db import connection

from photos import erasure
from photos.models import Photo
from photos.search_text import normalised

pytestmark = [pytest.mark.django_db, pytest.mark.services]
PAIRS = [
    ("фото с дачи", "ФОТО"), ("ФОТО С ДАЧИ", "фото"), ("Café de Flore", "cafe"), ("cafe", "CAFÉ"),
    ("Straße", "STRASSE"), ("Łódź", "lodz"[1:]), ("İstanbul", "istanbul"), ("naïve", "NAIVE"),
    ("ﬁlm", "FILM"), ("Йод", "йод"), ("Ελλάς", "ΕΛΛΑΣ"), ("100 % sure", "100 %"), ("a_b", "a_b"),
    ("two  blanks", "two blanks"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "words"), PAIRS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_case_and_accents_do_not_matter(title, words, form):
    row = Photo.objects.create(title=unicodedata.normalize(form, title))
    assert list(Photo.objects.search(words)) == [row]


@pytest.mark.parametrize("field", ["title", "album", "source", "licence"])
def test_each_text_is_searched_and_none_runs_into_the_next(field):
    row = Photo.objects.create(**{"title": "x", field: "Čapek"})
    assert list(Photo.objects.search("capek")) == [row]
    assert not Photo.objects.search("x capek").exists()


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "100%x"])
def test_signs_of_the_database_are_signs_like_others(words):
    Photo.objects.create(title="nothing of that")
    assert not Photo.objects.search(words).exists()


def test_a_changed_title_is_found_and_the_old_one_is_not():
    row = Photo.objects.create(title="Düne")
    row.title = "Meer"
    row.save(update_fields=["title"])
    assert not Photo.objects.search("dune").exists()
    assert Photo.objects.search("MEER").exists()


def test_what_older_code_has_written_is_found_by_its_plain_text():
    row = Photo.objects.create(title="Old row")
    Photo.objects.filter(pk=row.pk).update(search_text="")
    assert list(Photo.objects.search("old")) == [row]


def test_an_erased_photo_keeps_no_word():
    row = Photo.objects.create(title="Grandmother Ždenka", album="Brno", state="ready")
    erasure.erase_photo(photo=row, because="asked")
    assert not Photo.objects.search("zdenka").exists() and not Photo.objects.search("brno").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM photos_photo")
        assert "denka" not in str(cursor.fetchall()).lower()


def test_normalising_twice_changes_nothing():
    for title, words in PAIRS:
        assert normalised(normalised(title)) == normalised(title)
        assert normalised(words) in normalised(title)
