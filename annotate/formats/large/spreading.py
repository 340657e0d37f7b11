"""One document of many photos becomes a folder with a small document for each of them."""

import json
from pathlib import Path
from typing import TextIO

NAMES = "names.json"


class Spread:
    """`0`, `1`, … in a folder, and what each calls its photo. One file is open at a time: shapes of
    a photo mostly follow one another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self._open: tuple[int, TextIO] | None = None

    def begin(self, name: str, text: str) -> None:
        """The next photo, with how its document begins, or all of it."""
        self.names.append(name)
        self.add(len(self.names) - 1, text)

    def add(self, place: int, text: str) -> None:
        """More of the document of a photo that was begun."""
        if self._open is None or self._open[0] != place:
            self.close()
            self._open = (place, (self.folder / str(place)).open("a", encoding="utf-8"))
        self._open[1].write(text)

    def end(self, text: str) -> None:
        """What every document ends with."""
        for place in range(len(self.names)):
            self.add(place, text)

    def close(self) -> None:
        """Closes what is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def finish(self) -> None:
        """Writes the names; all documents are whole."""
        self.close()
        (self.folder / NAMES).write_text(json.dumps(self.names))


def spread_out(folder: Path) -> list[tuple[str, Path]]:
    """(photo's name, its document) of a folder that was finished."""
    names = json.loads((folder / NAMES).read_text())
    return [(name, folder / str(place)) for place, name in enumerate(names)]
