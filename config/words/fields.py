"""The column of what is said: a thing said as JSON, or words as they are."""

from typing import TYPE_CHECKING, Any

from django.db import models

from config.words import translated, wall  # noqa: F401  whoever has columns can read them
from config.words.said import Said, Words, as_text, from_text

if TYPE_CHECKING:
    Text = models.TextField[Words, Words]  # only the stubs know what a field takes and gives
else:
    Text = models.TextField


class SaidField(Text):
    """A text column, and one to the migrations too: older releases' sentences stay in it."""

    def from_db_value(self, value: str | None, *_: Any) -> Words | None:
        return None if value is None else from_text(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return as_text(value if isinstance(value, Said) else str(value))

    def value_to_string(self, obj: models.Model) -> str:
        return as_text(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return from_text(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
