"""A thing said as plain JSON, as science says what is kept as it stands: a code with parameters."""

from collections.abc import Mapping
from typing import Any

Said = dict[str, Any]
KEYS = {"code", "with"}


def said(code: str, /, **params: Any) -> Said:
    return {"code": code, "with": params}


def is_said(value: object) -> bool:
    return isinstance(value, Mapping) and value.keys() == KEYS and isinstance(value["code"], str)
