"""What the engine says: a code with parameters, JSON-ready. The site puts it into words."""

from typing import Any

Said = dict[str, Any]


def said(code: str, /, **params: Any) -> Said:
    return {"code": code, "with": params}
