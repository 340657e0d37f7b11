"""JPEGs that lack their end, or whose middle is broken: told from each other by decoding."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

END = b"\xff\xd9"
TAIL = 1024
NO_END_MARK = (
    "The file lacks its end mark; every line of the picture is there. Its copying may have broken "
    "off: compare it with another copy."
)
DAMAGED = (
    "Some of this JPEG's data is damaged: parts of the picture may be grey, shifted or of another "
    "colour. Look for an undamaged copy."
)
SALVAGED = (
    "The file is incomplete or damaged; what is there was used. What is missing is grey, black or "
    "a smear: look for a whole copy."
)
Made = TypeVar("Made")
Decode = Callable[[Path, str], Made]


def lacks_end(path: Path) -> bool:
    """No end mark in its last bytes; programs leave some of their own behind it."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        return END not in file.read()


def decoded(path: Path, folder: Path, decode: Decode[Made]) -> tuple[Made, list[str]]:
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
