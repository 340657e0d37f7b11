"""JPEGs that lack their end, or whose middle is broken: told from each other by decoding."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from config.words.pairs import Said, said

END = b"\xff\xd9"
TAIL = 1024
NO_END_MARK = said("note.no-end-mark")
DAMAGED = said("note.damaged")
SALVAGED = said("note.salvaged")
Made = TypeVar("Made")
Decode = Callable[[Path, str], Made]


def lacks_end(path: Path) -> bool:
    """No end mark in its last bytes; programs leave some of their own behind it."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        return END not in file.read()


def decoded(path: Path, folder: Path, decode: Decode[Made]) -> tuple[Made, list[Said]]:
    """What `decode(file, fail_on)` makes, and what is to be said of the file.

    Raises pyvips.Error as `decode` does. The decoder counts its warnings: zeros in the middle
    of the data are one, though it goes on.
    """
    import pyvips

    if lacks_end(path):
        ended = folder / "ended.jpg"
        shutil.copyfile(path, ended)
        with ended.open("ab") as file:
            file.write(END)
        try:
            return decode(ended, "warning"), [NO_END_MARK]
        except pyvips.Error:
            return decode(path, "error"), []
        finally:
            ended.unlink()
    try:
        return decode(path, "warning"), []
    except pyvips.Error as error:
        made = decode(path, "error")
        return made, [DAMAGED] if is_damage(error) else []


def is_damage(error: Any) -> bool:
    """Not one of the decoder's remarks about harmless oddities."""
    return "corrupt jpeg data" in str(error).lower()
