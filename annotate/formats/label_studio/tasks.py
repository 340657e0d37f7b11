"""Label Studio's envelope: which column is the picture, which annotations of a task count."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from config.words.said import Said, said

from ..content import PICTURE_ENDINGS, bare, field, listed, named

_UPLOAD = re.compile(r"^[0-9a-f]{8}-")
COLUMNS = ("image", "img", "photo", "picture", "url")
OWN_ID = "heirloom_photo"
MAX_COLUMNS = 1000


def path_of(address: str) -> str:
    """The file's path in an address: of local storage, of an upload, or of another computer."""
    address = address.strip()
    if "://" not in address and "?" not in address:
        return unquote(address)
    parts = urlsplit(address)
    asked = parse_qs(parts.query).get("d")
    return asked[0] if asked else unquote(parts.path)


def name_of(task: Any) -> str:
    """The path of the task's picture, without the mark that an upload gets in front."""
    data = named(task, "data")
    if len(data) > MAX_COLUMNS:
        raise ValueError(said("file.many-columns", limit=MAX_COLUMNS))
    texts = {str(key): path_of(value) for key, value in data.items() if isinstance(value, str)}
    texts.pop(OWN_ID, None)
    pictures = {key: text for key, text in texts.items() if _is_picture(text)}
    among = pictures or texts
    chosen = next((among[key] for key in COLUMNS if key in among), None)
    if chosen is None and len(among) != 1:
        if not texts:
            raise ValueError(said("file.no-columns"))
        raise ValueError(said("file.which-column", columns=sorted(map(repr, texts))[:9]))
    path = (chosen if chosen is not None else next(iter(among.values()))).replace("\\", "/")
    folder, slash, name = path.rpartition("/")
    if _UPLOAD.match(name):  # uploads lie in a folder of Label Studio's own
        return _UPLOAD.sub("", name)
    return f"{folder.lstrip('/')}{slash}{name}" if folder else name


def _is_picture(path: str) -> bool:
    return bare(path).rpartition(".")[2].lower() in PICTURE_ENDINGS


def finished(task: Any) -> list[dict[str, Any]]:
    """The task's annotations that were not cancelled, the newest first."""
    if "annotations" not in named(task):
        return []
    rows = [row for row in listed(task, "annotations") if isinstance(row, dict)]
    rows = [row for row in rows if not row.get("was_cancelled")]
    return sorted(rows, key=_age, reverse=True)


def _age(annotation: dict[str, Any]) -> tuple[str, int]:
    number = annotation.get("id")
    when = annotation.get("updated_at") or annotation.get("created_at") or ""
    return str(when), number if isinstance(number, int) else 0


def author_of(annotation: dict[str, Any]) -> str:
    """The name or the address of who made it, where the export tells."""
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        by = by.get("username") or by.get("email")
    return by if isinstance(by, str) else ""


def why_nothing(task: Any) -> Said:
    """For a task without a finished annotation."""
    return said("file.skipped") if _was_skipped(task) else said("file.not-annotated")


def photo_without(task: Any, name: str) -> Said:
    """The same, of the photo by its name."""
    if _was_skipped(task):
        return said("file.photo-skipped", photo=name)
    return said("file.photo-not-annotated", photo=name)


def _was_skipped(task: Any) -> bool:
    return bool(field(task, "annotations")) if "annotations" in named(task) else False
