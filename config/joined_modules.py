"""A script and the modules it imports as one file: a page waits for one answer, not for sixty.

A finder of static files, so that tests and development are served what visitors are. It reads the
modules' own plain style (named imports of relative files, named exports at the start of a line)
and refuses the rest.
"""

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, find
from django.core.files.storage import FileSystemStorage

ENDING = ".joined.js"
IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";', re.M)
EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.M)
NOTE = re.compile(r"/\*\*.*?\*/", re.S)  # types, whose own paths Django would look for
OTHER = re.compile(r"^(?:import|export)\b.*", re.M)


def joined(entry: str) -> str:
    """The script that does what the module `entry` of the static files does.

    Each module is a function that is called once and answers its exports; those it imports stand
    before it. Raises ValueError, with the module's name, for modules in a ring and for an import or
    export of another style; LookupError for one that no room has.
    """
    order: list[str] = []
    _visit(entry, order, ())
    numbers = {name: f"m{number}" for number, name in enumerate(order)}
    return "".join(_as_function(name, numbers) for name in order)


def _visit(name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"{name} imports itself, through {above[-1]}")
    if name in order:
        return
    for _, path in IMPORT.findall(_source(name)):
        _visit(_beside(name, path), order, (*above, name))
    order.append(name)


def _as_function(name: str, numbers: dict[str, str]) -> str:
    source = _source(name)
    exports = [word for _, word in EXPORT.findall(source)]

    def taken(found: re.Match[str]) -> str:
        words = (found[1] or "").replace(" as ", ": ")
        return f"const {{{words}}} = {numbers[_beside(name, found[2])]};"

    body = EXPORT.sub(r"\1 \2", IMPORT.sub(taken, source))
    if other := OTHER.search(body):
        raise ValueError(f"{name} cannot be joined: {other[0]}")
    answer = f"return {{ {', '.join(exports)} }};"
    return f"// {name}\nconst {numbers[name]} = (() => {{\n{body}\n{answer}\n}})();\n"


def _source(name: str) -> str:
    path = find(name)
    if not path:
        raise LookupError(f"no room has the static file {name}")
    return NOTE.sub("", Path(path).read_text())


def _beside(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def name_of(entry: str) -> str:
    """The static file that `entry` and its imports are joined in."""
    return entry.removesuffix(".js") + ENDING


class JoinedModules(BaseFinder):
    """Finds, and makes where it is not up to date, what `settings.JOINED_MODULES` names."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.storage = FileSystemStorage(settings.JOINED_ROOT)
        self.entries = {name_of(entry): entry for entry in settings.JOINED_MODULES}

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        if path not in self.entries:
            return []
        made = self._made(path)
        return [made] if find_all else made

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for path in self.entries:
            self._made(path)
            yield path, self.storage

    def _made(self, path: str) -> str:
        place, text = Path(self.storage.path(path)), joined(self.entries[path])
        if not place.exists() or place.read_text() != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            written = place.with_suffix(f".{os.getpid()}")
            written.write_text(text)
            written.replace(place)
        return str(place)
