"""Tells the browser at once of every module the painter will import."""

from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def preload_modules(*folders: str) -> SafeString:
    """Links that fetch the folders' modules side by side, not one import after the other."""
    links = ((static(name),) for folder in folders for name in modules_of(folder))
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', links)


@cache
def modules_of(folder: str) -> list[str]:
    """Names of the modules below a folder of static files, without its workers'.

    Raises `LookupError` for a folder that no room has.
    """
    found = finders.find(folder)
    if found is None:
        raise LookupError(f"no room has static files under {folder}")
    root = Path(found)
    paths = [path.relative_to(root) for path in sorted(root.rglob("*.js"))]
    return [f"{folder}/{path.as_posix()}" for path in paths if "workers" not in path.parts]
