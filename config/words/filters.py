"""`{{ thing|words }}`: what was kept as JSON, in the language of whoever looks."""

from typing import Any

from django import template

from config.words import translated  # noqa: F401  pages are in the language of whoever looks
from config.words.wall import in_words

register = template.Library()


@register.filter
def words(value: Any) -> str:
    return in_words(value) if value else ""
