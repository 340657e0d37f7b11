"""Which photo a file means: by our number in it, by the original name with its folder, by title.

Never guessed: names that fit several photos are refused with what would tell them apart.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from uuid import UUID

from annotate.formats.content import bare, without_ending
from config.errors import Refused
from config.words.said import said
from photos.models import Photo
from photos.models.photos import PhotoQuerySet

BY_ID, BY_NAME, BY_TITLE = "id", "original name", "title"
Folders = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A photo and what it was found by."""

    photo: Photo
    by: str


class Unknown(Refused):
    """No photo, or no one photo, is meant."""


class Several(Unknown):
    """Several photos are called so."""

    def __init__(self, name: str) -> None:
        super().__init__(said("import.several-photos", name=name))


def folders_of(path: str) -> Folders:
    parts = unicodedata.normalize("NFC", path.replace("\\", "/")).split("/")[:-1]
    return tuple(part for part in parts if part not in ("", ".", "..") and not part.endswith(":"))


class Names:
    """The names of all photos that masks may go to, read once."""

    def __init__(self, among: PhotoQuerySet, *, any_folder: bool = False) -> None:
        self._among = among
        self._any_folder = any_folder
        self._originals: dict[str, list[tuple[Folders, UUID]]] = defaultdict(list)
        self._titles: dict[str, list[UUID]] = defaultdict(list)
        rows = among.order_by().values_list("pk", "title", "original_name")
        for pk, title, original in rows.iterator(2000):
            self._add(pk, title, original)

    def _add(self, pk: UUID, title: str, original: str) -> None:
        if original:
            name, folders = bare(original), folders_of(original)
            for each in {name, without_ending(name)}:
                self._originals[each].append((folders, pk))
        title = unicodedata.normalize("NFC", title)
        for each in {title, without_ending(title)}:
            self._titles[each].append(pk)

    def match(self, names: Sequence[str], number: str = "", place: str = "") -> Match:
        """The one photo that the names of a file mean, the first that says anything; `Unknown`.

        ``place`` is the file's own folder: it tells apart what a name without folders does not.
        """
        if (photo := self._numbered(number)) is not None:
            return Match(photo, BY_ID)
        for name in names:
            if found := self._placed(name, place):
                return found
        if not names:
            raise Unknown(said("import.no-name"))
        raise Unknown(said("import.no-photo-called", name=names[0]))

    def _numbered(self, number: str) -> Photo | None:
        try:
            return self._among.filter(pk=UUID(number)).first()
        except ValueError:
            return None

    def _placed(self, name: str, place: str) -> Match | None:
        try:
            return self._named(name)
        except Several as several:
            if not place or folders_of(name):
                raise
            try:
                return self._named(f"{place}/{name}")
            except Unknown:
                raise several from None

    def _named(self, path: str) -> Match | None:
        """The name with its ending first, as original name and as title; then without it."""
        name = bare(path)
        for each in dict.fromkeys([name, without_ending(name)]):
            if pk := self._original(each, path):
                return Match(self._among.get(pk=pk), BY_NAME)
            if pk := self._title(each, path):
                return Match(self._among.get(pk=pk), BY_TITLE)
        return None

    def _original(self, name: str, path: str) -> UUID | None:
        """By folders where both have them: as far as both go they must be the same, or, with
        ``any_folder``, only tell apart what is called the same.
        """
        here = self._originals.get(name, [])
        folders = folders_of(path)
        agreeing = [row for row in here if self._any_folder or _agree(row[0], folders)]
        if here and not agreeing:
            theirs = "/".join(here[0][0])
            raise Unknown(said("import.other-folder", folder=theirs))
        if len(agreeing) > 1:
            closest = max(_shared(theirs, folders) for theirs, _ in agreeing)
            agreeing = [row for row in agreeing if _shared(row[0], folders) == closest]
        if len(agreeing) > 1:
            agreeing = [row for row in agreeing if row[0] == folders]
            if len(agreeing) != 1:
                raise Several(path)
        return agreeing[0][1] if agreeing else None

    def _title(self, name: str, path: str) -> UUID | None:
        """A title may hold slashes: the path as a whole is one as well."""
        whole = unicodedata.normalize("NFC", path)
        found = self._titles.get(whole) or self._titles.get(name, [])
        if len(found) > 1:
            raise Several(name)
        return found[0] if found else None


def _agree(one: Folders, other: Folders) -> bool:
    return _shared(one, other) == min(len(one), len(other))


def _shared(one: Folders, other: Folders) -> int:
    """How many of the folders nearest to the file are the same."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
