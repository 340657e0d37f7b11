"""Tells the browser at once of every module the painter will import."""

from functools import cache
from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()
ROOM = Path(__file__).parent.parent / "static"


@register.simple_tag
def preload_modules(folder: str) -> SafeString:
    """Links that fetch a folder's modules side by side, not one import after the other."""
    links = ((static(name),) for name in modules_of(folder))
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', links)


@cache
def modules_of(folder: str) -> list[str]:
    """Names of the modules below a folder of static files, without its workers'."""
    found = sorted((ROOM / folder).rglob("*.js"))
    names = [path.relative_to(ROOM) for path in found]
    return [name.as_posix() for name in names if "workers" not in name.parts]
