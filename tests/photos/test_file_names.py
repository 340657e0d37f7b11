"""Whatever a name is made of, what we write is short, harmless and nobody else's."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photos.file_names import DIGEST, LONGEST, assigned, digest_of, fitted, folded, shown, title_of

# Any bytes but the two that no name has, as Python reads them from a disk.
names = st.binary(min_size=1, max_size=255).map(
    lambda data: os.fsdecode(data.replace(b"\0", b"0").replace(b"/", b"1"))
)
few = st.text(alphabet="aA\u0301\u00e1~.-\n\udce9", min_size=1, max_size=4)


@given(names)
def test_a_fitted_name_is_short_and_harmless(name):
    made = fitted(name)
    assert 0 < len(made.encode()) <= LONGEST
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in made)
    assert made[0] not in "-."
    assert "/" not in made


def test_harmless_names_stay_as_they_are():
    for name in ("scan0001", "Tante Ida, Köln (2)", "фото 1912", unicodedata.normalize("NFD", "é")):
        assert fitted(name) == name


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        (os.fsdecode("фото".encode("cp1251")), "____~"),
        ("a\nb", "a_b~"),
        ("-rf", "_rf~"),
        (".hidden", "_hidden~"),
        ("ж" * 120, "ж" * 95 + "~"),
    ],
)
def test_what_had_to_be_changed_carries_a_digest_of_what_it_was(name, begins):
    made = fitted(name)
    assert made.startswith(begins)
    assert made.endswith(f"~{digest_of(name)}")
    assert len(made.encode()) <= LONGEST


def test_a_letter_is_never_cut_from_its_accent():
    name = unicodedata.normalize("NFD", "é" * 100)
    stem = fitted(name)[: -DIGEST - 1]
    assert unicodedata.normalize("NFC", stem) == "é" * len(unicodedata.normalize("NFC", stem))


@given(st.lists(few, min_size=1, max_size=8, unique=True), st.randoms())
def test_names_are_told_apart_in_whatever_order_they_come(found, random):
    candidates = {
        key: [fitted(key[:1]), fitted(key), f"{key!r}~{k}"] for k, key in enumerate(found)
    }
    first = assigned(candidates)
    assert len({folded(name) for name in first.values()}) == len(found)
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert assigned({key: candidates[key] for key in shuffled}) == first


@given(st.lists(few, min_size=2, max_size=8, unique=True), st.integers(1, 7))
def test_a_name_once_given_stays_when_others_come(found, count):
    candidates = {
        key: [fitted(key[:1]), fitted(key), f"{key!r}~{k}"] for k, key in enumerate(found)
    }
    early = assigned({key: candidates[key] for key in found[:count]})
    owner = {folded(name): key for key, name in early.items()}

    def taken(key, name):
        own = owner.get(folded(name))
        return None if own is None else own == key

    late = assigned(candidates, taken)
    assert {key: late[key] for key in early} == early
    assert len({folded(name) for name in late.values()}) == len(found)


@given(names)
def test_what_is_shown_is_one_line_that_every_encoding_survives(name):
    text = shown(name)
    assert len(text.splitlines()) == 1
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Aunt_Ida 1912.JPG", "Aunt Ida 1912"),
        ("St. Mary.tiff", "St. Mary"),
        ("C:\\scans\\uncle.png", "uncle"),
        ("IMG_2034.jpeg", "Photograph 2034"),
        ("DSC00017.tif", "Photograph 00017"),
        ("image.png", "Photograph"),
        (".jpg", "Photograph"),
        ("page 3.5", "page 3.5"),
    ],
)
def test_a_title_is_no_file_name(name, title):
    assert title_of(name) == title
